import type { Command } from 'commander'
import { addressLines } from '../addresses.ts'
import type { CommandContext } from '../command-context.ts'

export function addOpen(program: Command, context: CommandContext): void {
  program
    .command('open')
    .description('where to look: the console, both systems, Temporal')
    .action(() => {
      for (const line of addressLines(context.settings())) context.say(line)
    })
}
