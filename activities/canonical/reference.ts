import type { Side } from '../../flows/side.ts'
import { type CanonicalResult, canonicalAs, notCanonical, type VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'
import { unknownMark } from './unknown-mark.ts'

/** The id of a record of the other side that is linked with this one; null: there is no link. */
export type CounterpartOf = (id: string) => string | null

/**
 * Another record, compared by its PowerOffice id on both sides; written as the other side calls it. A record of the
 * webshop without link is `?` and its id, which no PowerOffice id equals. Without link there is nothing to write: the
 * caller, who gave the links, must withhold it.
 */
export function toCanonicalReference(value: VendorValue, side: Side, counterpartOf: CounterpartOf): CanonicalResult {
  const id = referredId(value)
  if (!id.ok) return notCanonical(id.problem)
  if (id.text === null) return canonicalAs(null)
  const counterpart = counterpartOf(id.text)
  if (side === 'erp') return canonicalAs(id.text, counterpart ?? id.text)
  return counterpart === null ? canonicalAs(unknownMark(id.text)) : canonicalAs(counterpart, idInJson(counterpart))
}

/** The id that a vendor's JSON names, as text. */
export function referredId(
  value: VendorValue,
): { readonly ok: true; readonly text: string | null } | { readonly ok: false; readonly problem: string } {
  if (typeof value !== 'number') return tidyText(value)
  return Number.isSafeInteger(value)
    ? { ok: true, text: String(value) }
    : { ok: false, problem: 'is not the id of a record' }
}

/** PowerOffice's ids are JSON numbers, which are exact up to 2^53. */
function idInJson(id: string): string | number {
  const number = Number(id)
  return Number.isSafeInteger(number) && String(number) === id ? number : id
}
