import type { CanonicalValue } from '../../flows/reading.ts'
import type { VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

export type Parts = Readonly<Record<string, string | null>>

export type TidyParts = { readonly ok: true; readonly parts: Parts } | { readonly ok: false; readonly problem: string }

/** Canonical text of a group: JSON of its parts in the order of their names, null for empty ones; null when all are. */
export function encodeParts(parts: Parts): CanonicalValue {
  const inOrder: Record<string, string | null | undefined> = {}
  let isEmpty = true
  for (const name of Object.keys(parts).sort()) {
    const part = parts[name]
    inOrder[name] = part
    if (part !== null) isEmpty = false
  }
  return isEmpty ? null : JSON.stringify(inOrder)
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
