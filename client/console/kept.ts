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

/**
 * At most one reading is under way. A value younger than `freshMs` is given out as it is; an older one is given out
 * while a reading is begun, unless it is so old that nobody can have been watching: then the reading is waited for.
 */
export function keep<T>(read: () => Promise<T>, { freshMs, busyShare, now = Date.now }: KeptOptions): Kept<T> {
  let value: { readonly of: T; readonly begun: number; readonly tookMs: number } | undefined
  let reading: Promise<T> | undefined

  function begin(): Promise<T> {
    const begun = now()
    const present = read().then(
      (of) => {
        value = { of, begun, tookMs: now() - begun }
        return of
      },
      (error: unknown) => {
        // A value that cannot be renewed any more is not shown as if it were one.
        value = undefined
        throw error
      },
    )
    const ended = () => {
      if (reading === present) reading = undefined
    }
    present.then(ended, ended)
    reading = present
    return present
  }

  return {
    async get() {
      if (value === undefined) return reading ?? begin()
      const { of, begun, tookMs } = value
      const age = now() - begun
      const interval = Math.max(freshMs, tookMs / busyShare)
      if (age < interval) return of
      const next = reading ?? begin()
      if (age > 3 * interval) return next
      // It is asked for again in a second; whoever asks then hears of a failure.
      next.catch(() => {})
      return of
    },
    expire() {
      value = undefined
    },
  }
}
