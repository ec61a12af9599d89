import type { FlowDefinition } from '../../flows/flow-definition.ts'
import { type NotOffered, offers } from '../../flows/not-offered.ts'
import type { PairMerge } from './merge-pair.ts'

/** A merge without the writes that a system does not offer, which are named: both values stand, and nobody is asked. */
export interface OfferedMerge extends PairMerge {
  readonly notOffered?: readonly string[]
}

/**
 * Takes out of a merge what a system does not offer. What was agreed on stays as it was, so that PowerOffice's value is
 * an edit that waits: a later edit of the webshop outweighs it, and a shop that offers more one day is told of it. Pure.
 */
export function withoutNotOffered(
  definition: FlowDefinition,
  merge: PairMerge,
  notOffered: NotOffered | undefined,
): OfferedMerge {
  const writeErp = offers(notOffered, 'erp', 'update') ? merge.writeErp : []
  const writeShop = offers(notOffered, 'shop', 'update') ? merge.writeShop : []
  const left = [...merge.writeErp, ...merge.writeShop].filter(
    (name) => !writeErp.includes(name) && !writeShop.includes(name),
  )
  if (left.length === 0) return merge
  return {
    writeErp,
    writeShop,
    agreed: definition.fields
      .map((field, index) => (left.includes(field.name) ? '0' : (merge.agreed[index] ?? '0')))
      .join(''),
    // What the merge said of a write that is not made would be untrue.
    notes: merge.notes.filter((note) => !left.includes(note.field)),
    notOffered: left,
  }
}
