import type { VendorValue } from './canonical-result.ts'

export type TidyText =
  | { readonly ok: true; readonly text: string | null }
  | { readonly ok: false; readonly problem: string }

/**
 * Trimmed and in one encoding form, inner white space kept, '' as null. NFC, since the same Norwegian letters come as
 * one code point from keyboards and as two from files made on a Mac.
 * A number is refused: a zip code that came as a number has lost its leading zero already.
 */
export function tidyText(value: VendorValue): TidyText {
  if (value === undefined || value === null) return { ok: true, text: null }
  if (typeof value !== 'string') return { ok: false, problem: `is ${jsonTypeOf(value)} where text is expected` }
  const text = value.normalize('NFC').trim()
  return { ok: true, text: text === '' ? null : text }
}

export function jsonTypeOf(value: VendorValue): string {
  if (value === undefined || value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
