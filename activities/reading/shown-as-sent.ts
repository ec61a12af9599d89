import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Reading } from '../../flows/reading.ts'
import type { Side } from '../../flows/side.ts'
import type { JsonObject } from '../connector.ts'
import type { FieldsRead } from '../mapping/read-fields.ts'
import { valueAt } from '../mapping/vendor-path.ts'

/** What a record was just made of. */
export interface MadeOf {
  /** The reading of its counterpart, with content, by the same definition. */
  readonly source: Reading
  /** That content as the record's side spells it (writeFields). */
  readonly sent: JsonObject
}

/**
 * The fields of a record that shows exactly what it was given: those of its source, since out and back in keeps every field
 * (rule 6). null: it shows something else, somewhere, and is to be read. Pure.
 */
export function fieldsAsSent(
  definition: FlowDefinition,
  side: Side,
  raw: JsonObject,
  { source, sent }: MadeOf,
): FieldsRead | null {
  const { content } = source
  if (content === undefined) return null
  const isAsSent = definition.fields.every((field) => {
    const canonical = content.canonical[field.name]
    // A reference's form depends on its link, and a draft was given another value than its source's. What applies is told
    // by another field, which is compared itself.
    if (field.refersTo !== undefined || field.createdAs?.[side] !== undefined) return false
    if (canonical === undefined) return true
    const mapping = field[side]
    if ('constant' in mapping) return mapping.constant === canonical
    if ('allOf' in mapping) return false
    const paths = 'path' in mapping ? [mapping.path] : Object.values(mapping.parts)
    // What is withheld was not sent, and no value of the source may be taken for one that is not there.
    if (canonical === null) return paths.every((path) => (valueAt(raw, path) ?? null) === null)
    return paths.every((path) => {
      const given = valueAt(sent, path)
      return given !== undefined && given === (valueAt(raw, path) ?? null)
    })
  })
  return isAsSent ? { ...content, problems: [], unlinked: [] } : null
}
