import { type CanonicalResult, canonicalAs, notCanonical, type VendorValue } from './canonical-result.ts'
import { unknownMark } from './unknown-mark.ts'

/**
 * By the table of the side that the value comes from (vendor's spelling to canonical). Unknown values are never guessed:
 * they are a problem, or with `withhold` their own spelling with a mark, so that the rest of the record goes on (rule 9).
 */
export function toCanonicalEnum(
  value: VendorValue,
  values: Readonly<Record<string, string>>,
  unknownValues?: 'withhold',
): CanonicalResult {
  if (value === undefined || value === null) return canonicalAs(null)
  const spelling = typeof value === 'object' ? null : String(value).normalize('NFC').trim()
  if (spelling === '') return canonicalAs(null)
  if (spelling !== null) {
    const canonical = Object.hasOwn(values, spelling) ? values[spelling] : undefined
    if (canonical !== undefined) return canonicalAs(canonical)
    if (unknownValues === 'withhold') return canonicalAs(unknownMark(spelling))
  }
  return notCanonical(`is not one of ${Object.keys(values).join(', ')}`)
}

/** The vendor's spelling of a canonical value, the first one where aliases exist; undefined: the side cannot say it. */
export function fromCanonicalEnum(
  canonical: string,
  values: Readonly<Record<string, string>>,
): string | boolean | undefined {
  const spelling = Object.keys(values).find((candidate) => values[candidate] === canonical)
  // A property that is a boolean at the vendor's has these two spellings in the table (IsPerson).
  if (spelling === 'true' || spelling === 'false') return spelling === 'true'
  return spelling
}
