import type { FieldNote } from '../../flows/decision.ts'
import { hashAt, joinHashes, NO_HASH } from '../../flows/field-hashes.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Reading } from '../../flows/reading.ts'
import type { CreatedContent } from '../../flows/row.ts'
import type { Side } from '../../flows/side.ts'
import type { Collection } from '../connector.ts'
import { type FieldsToWrite, writeFields } from '../mapping/write-fields.ts'
import { fieldsAtCreation } from './items-row.ts'
import { contentOf } from './write-side.ts'

/** What the new record is given; some of it in another form at first (FieldDefinition.createdAs). */
export function valuesToCreate(definition: FlowDefinition, on: Side, source: Reading): FieldsToWrite {
  const fields = fieldsAtCreation(definition, on)
  const content = contentOf(source)
  const canonical = { ...content.canonical }
  const written = { ...content.written }
  for (const field of fields) {
    const first = field.createdAs?.[on]
    if (first === undefined) continue
    canonical[field.name] = first
    delete written[field.name]
  }
  const { values, withheld } = writeFields(
    definition,
    on,
    { canonical, written },
    fields.map((field) => field.name),
  )
  // Whatever may still be linked was waited for: this one will not be (rule 9).
  return {
    values,
    withheld: withheld.map((note) => (note.kind === 'waits' ? { ...note, kind: 'withheld' as const } : note)),
  }
}

/**
 * What the row of a create keeps, for when the answer is lost: of each field that the new record is given as its source
 * has it, the hash (E18). A source without its values is taken at its word; decide sees what was left out.
 */
export function createdContent(
  definition: FlowDefinition,
  on: Side,
  source: Reading,
  collection: Pick<Collection, 'prepareCreate'>,
  creation: number,
): CreatedContent {
  const leftOut = source.content ? leftOutOf(definition, on, source, collection, creation) : new Set<string>()
  const given = new Set(
    fieldsAtCreation(definition, on)
      .filter((field) => field.createdAs?.[on] === undefined && !leftOut.has(field.name))
      .map((field) => field.name),
  )
  return {
    hashes: joinHashes(
      definition.fields.map(({ name }, index) => (given.has(name) ? hashAt(source.hashes, index) : NO_HASH)),
    ),
    definition: definition.version,
  }
}

function leftOutOf(
  definition: FlowDefinition,
  on: Side,
  source: Reading,
  collection: Pick<Collection, 'prepareCreate'>,
  creation: number,
): ReadonlySet<string> {
  const { values, withheld } = valuesToCreate(definition, on, source)
  const { notes } = collection.prepareCreate(values, { id: source.id, creation })
  const isLeftOut = (note: FieldNote): boolean => note.kind === 'withheld'
  return new Set([...withheld, ...notes].filter(isLeftOut).map((note) => note.field))
}
