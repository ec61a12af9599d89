import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

/**
 * Compared in E.164 with the extension, written as it was typed. Text that is no phone number of a possible length
 * ("98765432 (work)", two numbers in one field) is compared as text: it is somebody's note and never refused.
 */
export function toCanonicalPhone(value: VendorValue): CanonicalResult {
  const tidy = tidyText(value)
  if (!tidy.ok) return tidy
  return canonicalAs(tidy.text === null ? null : (toE164(tidy.text) ?? tidy.text), tidy.text)
}

function toE164(text: string): string | null {
  // extract: false, or a number found inside a note would make the note equal to the number, and edits of it vanish.
  const phone = parsePhoneNumberFromString(text, { defaultCountry: 'NO', extract: false })
  if (!phone?.isPossible()) return null
  return phone.ext === undefined ? phone.number : `${phone.number};ext=${phone.ext}`
}
