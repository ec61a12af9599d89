/** So many at once, first come, first served: whoever asks for more waits. */
export interface Slots {
  run<T>(work: () => Promise<T>): Promise<T>
}

export function openSlots(count: number): Slots {
  let taken = 0
  const waiting: (() => void)[] = []
  return {
    run: async (work) => {
      if (taken < count) taken++
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return await work()
      } finally {
        // A slot is handed on without being let go, so nobody who comes later overtakes.
        const next = waiting.shift()
        if (next) next()
        else taken--
      }
    },
  }
}
