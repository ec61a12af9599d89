import { type CanonicalResult, canonicalAs, notCanonical, type VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

/** A calendar day, YYYY-MM-DD. A midnight after it is dropped (how .NET shows a date); any other time is not a day. */
export function toCanonicalDate(value: VendorValue): CanonicalResult {
  const tidy = tidyText(value)
  if (!tidy.ok) return tidy
  if (tidy.text === null) return canonicalAs(null)
  const day = /^(\d{4}-\d{2}-\d{2})(?:T00:00:00(?:\.0+)?)?$/.exec(tidy.text)?.[1]
  return day !== undefined && isCalendarDay(day) ? canonicalAs(day) : notCanonical('is not a date')
}

export function isCalendarDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
}
