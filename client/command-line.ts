import { Command, CommanderError } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import type { CommandContext } from './command-context.ts'
import { CommandFailure, exitCodes } from './command-failure.ts'
import { addCheck } from './commands/check.ts'
import { addConformance } from './commands/conformance.ts'
import { addCreate } from './commands/create.ts'
import { addErase } from './commands/erase.ts'
import { addInbox } from './commands/inbox.ts'
import { addLink } from './commands/link.ts'
import { addLinks } from './commands/links.ts'
import { addMemory } from './commands/memory.ts'
import { addOpen } from './commands/open.ts'
import { addOptions } from './commands/options.ts'
import { addOrders } from './commands/orders.ts'
import { addReplay } from './commands/replay.ts'
import { addStart } from './commands/start.ts'
import { addStatus } from './commands/status.ts'
import { addTour } from './commands/tour.ts'
import { addUpgrade } from './commands/upgrade.ts'

/** In the order in which `--help` lists them: first what one looks at, then what one orders. */
const commands = [
  addStatus,
  addInbox,
  addOpen,
  addTour,
  addStart,
  addOrders,
  addLink,
  addCreate,
  addLinks,
  addErase,
  addOptions,
  addReplay,
  addUpgrade,
  addCheck,
  addMemory,
  addConformance,
]

/** Runs one command. @returns its exit code: 0 done, 1 failed, 2 used wrongly */
export async function runCommandLine(
  args: readonly string[],
  context: CommandContext,
  complain: (sentence: string) => void,
): Promise<number> {
  const program = commandTree(context, complain)
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCodes.done
  } catch (error) {
    if (error instanceof CommandFailure) {
      complain(error.message)
      return error.exitCode
    }
    // commander has printed its own sentence already; --help and --version come here too, with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    complain(unexpectedSentence(error))
    return exitCodes.failed
  }
}

function commandTree(context: CommandContext, complain: (sentence: string) => void): Command {
  const program = new Command('kobling')
  program
    .description('Two-way sync between PowerOffice Go and a webshop, on Temporal.')
    .version(manifest.version, '-V, --version')
    .exitOverride()
    .showHelpAfterError('(kobling --help lists the commands)')
    .configureOutput({
      writeOut: (text) => context.say(text.trimEnd()),
      writeErr: (text) => complain(text.trimEnd()),
    })
    .configureHelp({ showGlobalOptions: false })
  for (const add of commands) add(program, context)
  return program
}

function unexpectedSentence(error: unknown): string {
  const message = error instanceof Error ? error.message.split('\n')[0] : String(error)
  return `kobling failed unexpectedly: ${message}. Please report it with the command you ran.`
}
