/** How far a system's clock is from ours, learned from the Date headers of its answers. */
export interface ClockOffset {
  /** Takes note of one answer; times are milliseconds since 1970 by our clock. */
  observe(dateHeader: string | undefined, sentAtMs: number, receivedAtMs: number): void
  /** Theirs minus ours; 0 before the first answer. */
  offsetMs(): number
}

export function createClockOffset(): ClockOffset {
  let offset = 0
  return {
    observe: (dateHeader, sentAtMs, receivedAtMs) => {
      const dateMs = dateHeader === undefined ? Number.NaN : Date.parse(dateHeader)
      if (Number.isNaN(dateMs)) return
      // The header drops the fraction and was written somewhere between sending and receiving: an interval is all it says.
      const least = dateMs - receivedAtMs
      const most = dateMs + 999 - sentAtMs
      if (offset >= least && offset <= most) return
      offset = least <= 0 && most >= 0 ? 0 : Math.round((least + most) / 2)
    },
    offsetMs: () => offset,
  }
}
