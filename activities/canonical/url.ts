import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

/**
 * Compared with scheme and host in lower case, https where no scheme is given, and without a slash at the end; written
 * as it was typed. Not by `URL`: it would also rewrite paths and letters of Norwegian hosts, and refuses what people type.
 */
export function toCanonicalUrl(value: VendorValue): CanonicalResult {
  const tidy = tidyText(value)
  if (!tidy.ok) return tidy
  return canonicalAs(tidy.text === null ? null : comparable(tidy.text), tidy.text)
}

function comparable(text: string): string {
  const [, scheme = 'https', host = '', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)(.*)$/is.exec(text) ?? []
  const place = `${host.toLowerCase().normalize('NFC')}${rest}`.replace(/[/\s]+$/, '')
  return `${scheme.toLowerCase()}://${place}`
}
