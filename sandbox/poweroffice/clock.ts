/** A timestamp in the vendor's form: UTC, seven fractional digits, Z. Text order is time order. (PowerOffice spec, March 2025: samples) */
export type Timestamp = string

export interface Clock {
  /** Strictly later than every earlier answer: two writes never share a tick, however fast they come. */
  next(): Timestamp
  /** The same clock in milliseconds, without claiming a tick. */
  nowMs(): number
}

// A tick is 100 ns. Milliseconds and ticks are kept apart: ticks since 1970 in one number left the exact integers in 1998.
const ticksPerMs = 10_000

/**
 * The wall clock in ticks, moved by `skewMs`. Only the skew can take it back, as it would a real server's.
 * It starts from the wall clock, so a restart continues later than it stopped.
 */
export function createClock(skewMs: (at: { readonly isStamp: boolean }) => number): Clock {
  let lastMs = 0
  let lastTick = 0
  return {
    next() {
      const wallMs = Date.now()
      // performance.now has the part of a millisecond that Date lacks.
      const wallTick = Math.floor((performance.now() % 1) * ticksPerMs)
      if (wallMs > lastMs || (wallMs === lastMs && wallTick > lastTick)) {
        lastMs = wallMs
        lastTick = wallTick
      } else {
        lastTick += 1
        lastMs += Math.floor(lastTick / ticksPerMs)
        lastTick %= ticksPerMs
      }
      return formatted(lastMs + skewMs({ isStamp: true }), lastTick)
    },
    nowMs: () => Date.now() + skewMs({ isStamp: false }),
  }
}

function formatted(ms: number, tick: number): Timestamp {
  return `${new Date(ms).toISOString().slice(0, -1)}${String(tick).padStart(4, '0')}Z`
}

const filterForm = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,7})\d*)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i

/**
 * A filter value as a comparable timestamp, or null when it cannot be read. Takes ISO 8601 and the spec's
 * `yyyy-MM-dd HH:mm:ss.fffffff -00:00`. A `+` sent unencoded arrives as a blank and is not read: README.md says to encode it.
 */
export function parseTimestamp(text: string): Timestamp | null {
  const match = filterForm.exec(text.trim())
  if (!match) return null
  const [, date, time = '00:00:00', fraction = '', zone = 'Z'] = match
  const seconds = time.length === 5 ? `${time}:00` : time
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`
  const ms = Date.parse(`${date}T${seconds}${offset}`)
  if (Number.isNaN(ms)) return null
  return `${new Date(ms).toISOString().slice(0, 19)}.${fraction.padEnd(7, '0')}Z`
}
