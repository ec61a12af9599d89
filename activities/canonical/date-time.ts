import { type CanonicalResult, canonicalAs, notCanonical, type VendorValue } from './canonical-result.ts'
import { isCalendarDay, toCanonicalDate } from './date.ts'
import { tidyText } from './tidy-text.ts'

/** An instant in UTC to the millisecond, `2026-01-31T22:59:00.000Z`. */
export function toCanonicalDateTime(value: VendorValue): CanonicalResult {
  const tidy = tidyText(value)
  if (!tidy.ok) return tidy
  if (tidy.text === null) return canonicalAs(null)
  const instantMs = parseInstantMs(tidy.text)
  return instantMs === null
    ? notCanonical('is not a time with an offset from UTC')
    : canonicalAs(new Date(instantMs).toISOString(), tidy.text)
}

/**
 * Milliseconds since 1970, fractions beyond them cut off: PowerOffice sends seven digits, or none. null for what is no
 * time, for one without an offset (whose clock is anybody's guess) and for .NET's "no time", the year 1.
 */
export function parseInstantMs(text: string): number | null {
  const found = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d+))? ?(Z|[+-]\d{2}:\d{2})$/.exec(text)
  if (!found) return null
  const [, day = '', time = '', fraction = '', offset = ''] = found
  if (!isCalendarDay(day)) return null
  const instantMs = Date.parse(`${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`)
  return Number.isNaN(instantMs) || instantMs < 0 ? null : instantMs
}

const osloDay = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Oslo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

/** The calendar day in Norway at an instant: an order placed at 23:30 UTC in winter is of the next day. */
export function osloDayOf(instantMs: number): string {
  return osloDay.format(instantMs)
}

/** A day as both sides write it: a bare date, a date with the midnight that .NET appends, or an instant, which is a day in Norway. */
export function toCanonicalDay(value: VendorValue): CanonicalResult {
  const plain = toCanonicalDate(
    typeof value === 'string' ? value.replace(/^(\d{4}-\d{2}-\d{2})T00:00:00Z$/, '$1') : value,
  )
  if (plain.ok || typeof value !== 'string') return plain
  const instantMs = parseInstantMs(value.trim())
  return instantMs === null ? plain : canonicalAs(osloDayOf(instantMs))
}
