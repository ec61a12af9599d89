import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'

export function addTour(program: Command, context: CommandContext): void {
  program.command('tour').action(() => context.say('later'))
}
