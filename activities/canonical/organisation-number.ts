import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

/**
 * Norwegian numbers lose blanks, dots, an NO prefix and an MVA suffix; the bare digits are also what is written. Text
 * that is something else underneath, and numbers of other countries, stay as they are.
 * @param country of the record's address, `NO` where it names none
 */
export function toCanonicalOrganisationNumber(value: VendorValue, country: string): CanonicalResult {
  const tidy = tidyText(value)
  if (!tidy.ok) return tidy
  if (tidy.text === null || country !== 'NO') return canonicalAs(tidy.text)
  const digits = /^(?:NO)?(\d+)(?:MVA)?$/i.exec(tidy.text.replace(/[\s.]/g, ''))?.[1]
  return canonicalAs(digits ?? tidy.text)
}

// Brønnøysundregistrene: the ninth digit by modulus 11 over these weights; a remainder of 1 is never given out.
const checkWeights = [3, 2, 7, 6, 5, 4, 3, 2] as const

/** Nine digits with the right check digit. Only such numbers are match keys; refusing others is PowerOffice's answer. */
export function isValidNorwegianOrganisationNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text)) return false
  const sum = checkWeights.reduce((total, weight, index) => total + weight * Number(text[index]), 0)
  return (11 - (sum % 11)) % 11 === Number(text[8])
}
