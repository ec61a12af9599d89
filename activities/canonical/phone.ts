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

/**
 * Parsing costs more than all other fields of a record together, and the same numbers come again and again: from both sides, and with every
 * sweep. Some 2 MB when full.
 */
const mostRemembered = 20_000
const remembered = new Map<string, string | null>()

function toE164(text: string): string | null {
  const known = remembered.get(text)
  if (known !== undefined) return known
  const parsed = parseE164(text)
  if (remembered.size >= mostRemembered) remembered.clear()
  remembered.set(text, parsed)
  return parsed
}

function parseE164(text: string): string | null {
  // extract: false, or a number found inside a note would make the note equal to the number, and edits of it vanish.
  const phone = parsePhoneNumberFromString(text, { defaultCountry: 'NO', extract: false })
  if (!phone?.isPossible()) return null
  return phone.ext === undefined ? phone.number : `${phone.number};ext=${phone.ext}`
}
