import type { CanonicalValue } from '../../flows/reading.ts'
import type { VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

export type Parts = Readonly<Record<string, string | null>>

export type TidyParts = { readonly ok: true; readonly parts: Parts } | { readonly ok: false; readonly problem: string }

/** Canonical text of a group: JSON of its parts in the order of their names, null for empty ones; null when all are. */
export function encodeParts(parts: Parts): CanonicalValue {
  const names = Object.keys(parts).sort()
  if (names.every((name) => parts[name] === null)) return null
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, parts[name]])))
}

/** The parts of a group's canonical text; none for an empty group. */
export function decodeParts(canonical: CanonicalValue): Parts {
  if (canonical === null) return {}
  const parts: unknown = JSON.parse(canonical)
  if (typeof parts !== 'object' || parts === null) throw new Error('a canonical group is not JSON of its parts')
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, typeof part === 'string' ? part : null]))
}

export function tidyParts(value: VendorValue): TidyParts {
  if (value === undefined || value === null) return { ok: true, parts: {} }
  if (typeof value !== 'object' || Array.isArray(value)) return { ok: false, problem: 'is not a group of parts' }
  const parts: Record<string, string | null> = {}
  for (const [name, part] of Object.entries(value)) {
    const tidy = tidyText(part)
    if (!tidy.ok) return { ok: false, problem: `has a part, ${name}, that ${tidy.problem}` }
    parts[name] = tidy.text
  }
  return { ok: true, parts }
}
