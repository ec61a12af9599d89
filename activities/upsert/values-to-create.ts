import type { FieldNote } from '../../flows/decision.ts'
import { EMPTY_HASH, hashAt, joinHashes, NO_HASH } from '../../flows/field-hashes.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { ItemReading, Reading } from '../../flows/reading.ts'
import type { CreatedContent } from '../../flows/row.ts'
import type { Side } from '../../flows/side.ts'
import type { Collection } from '../connector.ts'
import { type FieldsToWrite, writeFields } from '../mapping/write-fields.ts'
import { fieldsAtCreation } from './items-row.ts'
import { contentOf, itemContentOf } from './write-side.ts'

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
  const leftOut = source.content ? leftOutOf(definition, on, source, collection, creation) : []
  return { hashes: givenHashes(definition, on, source.hashes, leftOut), definition: definition.version }
}

/** The same of the items that a record is created with. `definition`: of the items. */
export function createdItems(
  definition: FlowDefinition,
  on: Side,
  items: readonly ItemReading[],
): NonNullable<CreatedContent['items']> {
  const names = fieldsAtCreation(definition, on).map((field) => field.name)
  return items.map((item) => {
    const { withheld } = writeFields(definition, on, itemContentOf(item), names)
    return [item.id, givenHashes(definition, on, item.hashes, withheld)]
  })
}

function givenHashes(definition: FlowDefinition, on: Side, hashes: string, leftOut: readonly FieldNote[]): string {
  const given = new Set(
    fieldsAtCreation(definition, on)
      .filter(({ name, createdAs }) => createdAs?.[on] === undefined && !leftOut.some((note) => note.field === name))
      .map(({ name }) => name),
  )
  return joinHashes(
    definition.fields.map(({ name }, index) => {
      const hash = hashAt(hashes, index)
      // What is given empty may be filled in by the system, from a product or a group: that is no edit.
      return given.has(name) && hash !== EMPTY_HASH ? hash : NO_HASH
    }),
  )
}

function leftOutOf(
  definition: FlowDefinition,
  on: Side,
  source: Reading,
  collection: Pick<Collection, 'prepareCreate'>,
  creation: number,
): FieldNote[] {
  const { values, withheld } = valuesToCreate(definition, on, source)
  const { notes } = collection.prepareCreate(values, { id: source.id, creation })
  return [...withheld, ...notes].filter((note) => note.kind === 'withheld')
}
