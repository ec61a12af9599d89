/** So many writes at once, shared by the chunks of a first load. */
export interface Slots {
  /** A chunk's part of it. Whose share was opened earlier goes first. */
  openShare(): SlotShare
}

export interface SlotShare {
  run<T>(work: () => Promise<T>): Promise<T>
}

interface Share {
  /** Ascending: the chunk that began first has the lowest. */
  readonly turn: number
  running: number
}

interface Waiter {
  readonly share: Share
  readonly begin: () => void
}

/**
 * Chunks that begin together would also end together if all were given the same, and then nobody writes while all of them put
 * their rows and the next ones are decided. So the oldest goes first, and the others only have what they are guaranteed,
 * which keeps them from being put off again and again where a system is slow.
 */
export function openSlots({ count, guaranteed }: { readonly count: number; readonly guaranteed: number }): Slots {
  let taken = 0
  let lastTurn = 0
  /** Of one share, in the order of asking. */
  const waiting: Waiter[] = []

  function takeNext(): Waiter | undefined {
    let best = -1
    for (let at = 0; at < waiting.length; at++) if (best < 0 || goesBefore(waiting[at], waiting[best])) best = at
    return best < 0 ? undefined : waiting.splice(best, 1)[0]
  }

  function goesBefore(one: Waiter | undefined, other: Waiter | undefined): boolean {
    if (one === undefined || other === undefined) return false
    const isShort = one.share.running < guaranteed
    if (isShort !== other.share.running < guaranteed) return isShort
    return one.share.turn < other.share.turn
  }

  async function run<T>(share: Share, work: () => Promise<T>): Promise<T> {
    if (taken < count) {
      taken++
      share.running++
    } else await new Promise<void>((begin) => waiting.push({ share, begin }))
    try {
      return await work()
    } finally {
      share.running--
      // A slot is handed on without being let go, so nobody who comes later overtakes.
      const next = takeNext()
      if (next === undefined) taken--
      else {
        next.share.running++
        next.begin()
      }
    }
  }

  return {
    openShare: () => {
      const share: Share = { turn: ++lastTurn, running: 0 }
      return { run: (work) => run(share, work) }
    },
  }
}
