import type { Command } from 'commander'

/** Who orders something and why is kept with the flow. */
export function addByOptions(command: Command): Command {
  return command
    .option('--by <name>', 'who orders this (the user of this machine)')
    .option('--why <text>', 'kept with it')
}
