import { setTimeout as pause } from 'node:timers/promises'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'

/** Long enough to read a step, short enough to watch the whole without touching anything. */
const pauseMs = 10_000
const ctrlC = '\u0003'

/** Waits for a key, at most ten seconds; without a terminal, ten seconds. */
export async function pauseForKey(context: CommandContext, input: NodeJS.ReadStream = process.stdin): Promise<void> {
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, context.signal])
  const onKey = (key: Buffer) => {
    // In raw mode the terminal leaves Ctrl-C to us.
    if (key.toString() === ctrlC) process.kill(process.pid, 'SIGINT')
    over.abort()
  }
  if (input.isTTY) {
    context.say(context.paint('dim', '  (any key goes on, or wait 10 s)'))
    input.setRawMode(true).resume().once('data', onKey)
  }
  await pause(pauseMs, undefined, { signal }).catch(() => {})
  if (input.isTTY) input.off('data', onKey).setRawMode(false).pause()
  if (context.signal.aborted) throw new CommandFailure('The tour was interrupted.')
}
