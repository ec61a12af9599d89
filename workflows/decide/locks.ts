import type { FieldNote } from '../../flows/decision.ts'
import { type FlowDefinition, fieldNamed } from '../../flows/flow-definition.ts'
import type { Reading } from '../../flows/reading.ts'
import { type LinkedRow, REOPENED_FLAG } from '../../flows/row.ts'
import { otherSide, type Side } from '../../flows/side.ts'
import type { PairMerge } from './merge-pair.ts'

/**
 * Takes out of a merge what cannot be written now: edits of a record that its side has locked, and references to records
 * without a link (E22, E23). Both values stand and are listed; nothing of it counts as agreed.
 */
export function withoutLocked(
  definition: FlowDefinition,
  merge: PairMerge,
  {
    erp,
    shop,
    canReopen,
  }: {
    readonly erp: Reading
    readonly shop: Reading
    /** A confirmed record is set back to draft for an edit of the webshop. */
    readonly canReopen: boolean
  },
): PairMerge {
  const notes: FieldNote[] = []
  const left = new Set<string>()
  const writable = (to: Side, fields: readonly string[]): string[] => {
    const target = to === 'erp' ? erp : shop
    const source = to === 'erp' ? shop : erp
    const isUnlocking = fields.some((name) => isTakenWhenLocked(definition, name, to)) && !target.isFinal
    return fields.filter((name) => {
      const unlinked = source.unlinked?.find((reference) => reference.field === name)
      // An edit that comes with another status waits for it.
      const isReopening = to === 'erp' && canReopen && !target.isFinal && !isUnlocking
      const isOpen =
        target.isLocked !== true ||
        isReopening ||
        (isTakenWhenLocked(definition, name, to) && !(to === 'erp' && target.isFinal))
      if (isOpen && !unlinked) return true
      left.add(name)
      // An invoice has its own date and references: what only it is told is past (E22).
      if (to === 'erp' && target.isFinal && fieldNamed(definition, name).direction === 'toErp') return false
      if (unlinked)
        notes.push({ field: name, kind: 'waits', detail: `It names ${unlinked.key}, which has no link yet.` })
      else if (isUnlocking && to === 'erp')
        notes.push({ field: name, kind: 'waits', detail: 'It is carried over once the order is unlocked.' })
      else notes.push({ field: name, kind: 'locked', detail: lockedDetail(to, target), winner: otherSide(to) })
      return false
    })
  }
  const writeErp = writable('erp', merge.writeErp)
  const writeShop = writable('shop', merge.writeShop)
  if (left.size === 0) return merge
  return {
    writeErp,
    writeShop,
    agreed: definition.fields
      .map((field, index) => (left.has(field.name) ? '0' : (merge.agreed[index] ?? '0')))
      .join(''),
    // What the merge said of a write that is not made after all would be untrue.
    notes: [...merge.notes.filter((note) => !left.has(note.field)), ...notes],
  }
}

function isTakenWhenLocked(definition: FlowDefinition, name: string, side: Side): boolean {
  return fieldNamed(definition, name).whenLocked?.includes(side) === true
}

function lockedDetail(side: Side, target: Reading): string {
  if (side === 'shop') return 'The webshop takes no edits of an invoiced or cancelled order; both values stand.'
  return target.isFinal
    ? 'The order is invoiced in PowerOffice and takes no edits; both values stand.'
    : 'The order is confirmed in PowerOffice and takes no edits: set it back to draft there, or undo the edit in the webshop.'
}

/** We set the record back to draft for an edit and have not confirmed it again yet. */
export function isReopened(row: LinkedRow): boolean {
  return row.flags.includes(REOPENED_FLAG)
}

/** The same without the status: what a record that we hold open shows of it is our own doing, and no edit. */
export function withoutOwnStatus(definition: FlowDefinition, merge: PairMerge): PairMerge {
  const isStatus = (name: string): boolean => fieldNamed(definition, name).locks !== undefined
  return {
    writeErp: merge.writeErp.filter((name) => !isStatus(name)),
    writeShop: merge.writeShop.filter((name) => !isStatus(name)),
    agreed: definition.fields
      .map((field, index) => (isStatus(field.name) ? '0' : (merge.agreed[index] ?? '0')))
      .join(''),
    notes: merge.notes.filter((note) => !isStatus(note.field)),
  }
}
