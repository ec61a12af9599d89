import type { JsonValue } from '../../flows/json.ts'

/** The text of a value, null when there is none. Blank text is none: PowerOffice may refuse empty strings (sandbox/poweroffice/README.md). */
export function textOf(value: JsonValue | undefined): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value : null
}
