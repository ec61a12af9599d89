import { isRow, type Row } from '../http/absent-property.ts'

/**
 * Property names have arrived in PascalCase, camelCase and mixtures of both (sandbox/poweroffice/README.md). Keeps the properties that are
 * listed, at every depth, in the spelling of the list; everything else is dropped here and goes no further.
 */
export interface DocumentedNames {
  readonly [name: string]: DocumentedNames | true
}

type Spelling = ReadonlyMap<string, { readonly name: string; readonly nested: DocumentedNames | null }>

const spellings = new WeakMap<DocumentedNames, Spelling>()

export function withDocumentedNames(value: unknown, names: DocumentedNames): Row | null {
  if (!isRow(value)) return null
  const spelling = spellingOf(names)
  const kept: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const known = spelling.get(key) ?? spelling.get(key.toLowerCase())
    if (!known) continue
    const content = value[key]
    kept[known.name] = known.nested && isRow(content) ? withDocumentedNames(content, known.nested) : content
  }
  return kept
}

function spellingOf(names: DocumentedNames): Spelling {
  const known = spellings.get(names)
  if (known) return known
  const made = new Map<string, { readonly name: string; readonly nested: DocumentedNames | null }>()
  for (const [name, nested] of Object.entries(names)) {
    const entry = { name, nested: nested === true ? null : nested }
    made.set(name, entry)
    made.set(name.toLowerCase(), entry)
  }
  spellings.set(names, made)
  return made
}
