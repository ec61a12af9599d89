import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { runTour } from '../tour/run-tour.ts'

export function addTour(program: Command, context: CommandContext): void {
  program
    .command('tour')
    .description(
      'see it work, step by step, on the sandboxes: edits, conflicts, a refusal, orders both ways, a killed worker, replay',
    )
    .option('--no-pause', 'do not wait for a key between the steps')
    .action(async ({ pause }: { readonly pause: boolean }) => {
      await runTour(context, { pause })
    })
}
