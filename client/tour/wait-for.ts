import { setTimeout as pause } from 'node:timers/promises'
import { CommandFailure } from '../command-failure.ts'

export interface WaitOptions {
  readonly withinMs: number
  readonly signal: AbortSignal
}

/** PowerOffice allows ten requests a second, which the sync needs: the tour looks twice a second. */
const lookEveryMs = 500

/**
 * Waits until `look` finds something.
 * @returns what was found, and after how long
 * @throws CommandFailure that says what did not happen in time
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  { withinMs, signal }: WaitOptions,
): Promise<{ readonly found: T; readonly afterMs: number }> {
  const begun = Date.now()
  for (;;) {
    if (signal.aborted) throw new CommandFailure('The tour was interrupted.')
    const found = await look()
    if (found !== undefined && found !== false) return { found, afterMs: Date.now() - begun }
    if (Date.now() - begun > withinMs) {
      throw new CommandFailure(`${what} did not happen within ${Math.round(withinMs / 1000)} s.`)
    }
    await pause(lookEveryMs, undefined, { signal }).catch(() => {})
  }
}

/** `1.4 s` */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
