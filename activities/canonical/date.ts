import type { Side } from '../../flows/side.ts'
import { type CanonicalResult, canonicalAs, notCanonical, type VendorValue } from './canonical-result.ts'
import { isCalendarDay, osloDayOf, parseInstantMs } from './date-time.ts'
import { tidyText } from './tidy-text.ts'

const notADate = notCanonical('is not a date')

/**
 * A calendar day, YYYY-MM-DD. What stands behind the day means something else on each side, so it is read by side.
 *
 * PowerOffice's dates are days; a time part that comes along now and then says nothing, not even with a Z (reported in
 * stianwe/PowerOfficeGoV2, commit 4a22fce): moved to Oslo, midnight UTC would still be the day, but 22:30 would not.
 * The webshop's are instants, which are the day it was in Oslo then, or days.
 */
export function toCanonicalDate(value: VendorValue, side: Side): CanonicalResult {
  const tidy = tidyText(value)
  if (!tidy.ok) return tidy
  if (tidy.text === null) return canonicalAs(null)
  const day = side === 'erp' ? dayBeforeTime(tidy.text) : dayInOslo(tidy.text)
  return day !== null && isCalendarDay(day) ? canonicalAs(day) : notADate
}

function dayBeforeTime(text: string): string | null {
  return /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}.*)?$/.exec(text)?.[1] ?? null
}

function dayInOslo(text: string): string | null {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text
  const instantMs = parseInstantMs(text)
  return instantMs === null ? null : osloDayOf(instantMs)
}
