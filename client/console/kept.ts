/** A value that is read again when somebody asks for it and it has aged: pages ask every second, systems are asked less. */
export interface Kept<T> {
  /** The newest value, at most as old as one reading takes when it was asked for lately. */
  get(): Promise<T>
  /** The next `get` reads again and waits for it. */
  expire(): void
}

export interface KeptOptions {
  readonly freshMs: number
  /** Reading may fill at most this share of the time, whatever `freshMs` says. */
  readonly busyShare: number
  readonly now?: () => number
}

/** So many intervals after the last reading nobody can have been watching: a page that is opened then waits for news. */
const forgottenAfter = 3

/** At most one reading is under way; while it is, the value from before is given out, so that no page waits for it. */
export function keep<T>(read: () => Promise<T>, { freshMs, busyShare, now = Date.now }: KeptOptions): Kept<T> {
  let value: { readonly of: T; readonly begun: number; readonly tookMs: number } | undefined
  let reading: Promise<T> | undefined

  async function readAnew(): Promise<T> {
    const begun = now()
    const present = read()
    reading = present
    // A reading that was expired while it was under way may lack the very change that expired it: it is not kept.
    const isCurrent = () => reading === present
    try {
      const of = await present
      if (isCurrent()) value = { of, begun, tookMs: now() - begun }
      return of
    } catch (error) {
      // A value that cannot be renewed is not shown as if it could.
      if (isCurrent()) value = undefined
      throw error
    } finally {
      if (isCurrent()) reading = undefined
    }
  }

  return {
    async get() {
      if (value === undefined) return reading ?? readAnew()
      const { of, begun, tookMs } = value
      const age = now() - begun
      const intervalMs = Math.max(freshMs, tookMs / busyShare)
      if (age < intervalMs) return of
      const next = reading ?? readAnew()
      if (age > forgottenAfter * intervalMs) return next
      // Whoever asks next hears of a failure.
      next.catch(() => {})
      return of
    },
    expire() {
      value = undefined
      reading = undefined
    },
  }
}
