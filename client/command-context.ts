import { userInfo } from 'node:os'
import type { Environment, Settings } from '../flows/settings.ts'
import { loadSettings } from '../worker/load-settings.ts'
import type { By } from '../workflows/messages.ts'
import { CommandFailure } from './command-failure.ts'
import { type ConnectedClient, connectClient } from './connect.ts'
import { findFlows } from './find-flows.ts'
import { type FlowDesk, openFlowDesk } from './flow-desk.ts'
import { type Paint, paintFor } from './text/paint.ts'

/** What a command may use of the world; tests hand in their own. */
export interface CommandContext {
  readonly environment: Environment
  readonly say: (line: string) => void
  readonly paint: Paint
  readonly now: () => number
  /** Aborted by Ctrl-C: what watches and waits ends then. */
  readonly signal: AbortSignal
  /** What the command has begun may take so long to end after Ctrl-C; a second one ends it at once. */
  allowAfterInterrupt(ms: number): void
  /** Read when first needed, so that `--help` works with wrong settings. */
  settings(): Settings
}

export function commandContext(
  environment: Environment,
  signal: AbortSignal,
  allowAfterInterrupt: CommandContext['allowAfterInterrupt'] = () => undefined,
): CommandContext {
  return {
    environment,
    signal,
    allowAfterInterrupt,
    say: (line) => console.log(line),
    paint: paintFor(process.stdout),
    now: Date.now,
    settings: () => parseSettings(environment),
  }
}

function parseSettings(environment: Environment): Settings {
  try {
    return loadSettings(environment)
  } catch (error) {
    throw new CommandFailure(error instanceof Error ? error.message : String(error))
  }
}

/** Opens a connection for one command and closes it whatever becomes of it. */
export async function withClient<T>(
  context: CommandContext,
  use: (connected: ConnectedClient, settings: Settings) => Promise<T>,
): Promise<T> {
  const settings = context.settings()
  const connected = await connectClient(settings)
  try {
    return await use(connected, settings)
  } finally {
    await connected.close()
  }
}

/** The same with desks of the named flow, or of all. A name that is none is refused before anything is connected. */
export async function withDesks<T>(
  context: CommandContext,
  flow: string | undefined,
  use: (desks: readonly FlowDesk[], connected: ConnectedClient, settings: Settings) => Promise<T>,
): Promise<T> {
  const definitions = findFlows(flow)
  return withClient(context, (connected, settings) =>
    use(
      definitions.map((definition) => openFlowDesk(connected.client, settings, definition)),
      connected,
      settings,
    ),
  )
}

export interface ByOptions {
  readonly by?: string
  readonly why?: string
}

/** Who orders this: by default the user of this machine. */
export function orderedBy({ by, why }: ByOptions): By {
  return { by: by ?? systemUser(), ...(why === undefined ? {} : { why }) }
}

function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a number that has no name.
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
