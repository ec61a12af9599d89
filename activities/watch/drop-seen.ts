import type { SideState } from '../../flows/reading.ts'
import { FINAL_FLAG, type Row, type SeenReason } from '../../flows/row.ts'
import type { Side } from '../../flows/side.ts'
import { seenOf } from '../reading/side-state.ts'

/** What the memory has seen of a record: its content hash, whether it is linked, or that it is known to be gone. */
export interface Known {
  readonly seen: string
  readonly kind: Row['kind']
  /** Why a record without a link was left alone. */
  readonly reason?: SeenReason
  /** Invoiced in PowerOffice: it has left the list for good. */
  readonly isFinal?: boolean
}

export function seenByRecord(rows: readonly Row[], side: Side): Map<string, Known> {
  const known = new Map<string, Known>()
  for (const row of rows) {
    switch (row.kind) {
      case 'linked':
        known.set(side === 'erp' ? row.erpId : row.shopId, {
          seen: side === 'erp' ? row.erpSeen : row.shopSeen,
          kind: 'linked',
          ...(row.flags.includes(FINAL_FLAG) ? { isFinal: true } : {}),
        })
        break
      case 'seen':
        if (row.side === side) setWeaker(known, row.id, { seen: row.seen, kind: 'seen', reason: row.reason })
        break
      case 'creating':
        if (row.side === side) setWeaker(known, row.id, { seen: '', kind: 'creating' })
        break
      case 'gone': {
        const id = side === 'erp' ? row.erpId : row.shopId
        // Of the record that went nothing is left that it could show again: listed, it is looked at (rule 13).
        const isGone = row.gone === side || row.gone === 'both'
        if (id !== null) setWeaker(known, id, { seen: isGone ? '' : row.seen, kind: 'gone' })
        break
      }
      case 'apart':
        break
    }
  }
  return known
}

/**
 * Why a record must be looked at; null when the memory has seen exactly this (E2). The counterpart that a record names
 * is no part of *seen*: when a feed that lists each change once tells of an ambiguous record, that may be what was mended.
 */
export function changedAgainst(
  state: SideState,
  known: Known | undefined,
  isOwnChange = false,
): 'changed' | 'tombstone' | null {
  if (state.kind === 'missing') return known === undefined || known.kind === 'gone' ? null : 'tombstone'
  if (isOwnChange && known?.reason === 'ambiguous') return 'changed'
  const seen = seenOf(state)
  return known !== undefined && known.seen === seen ? null : 'changed'
}

/** A linked row outweighs what was noted of the record before it was linked. */
function setWeaker(known: Map<string, Known>, id: string, entry: Known): void {
  if (known.get(id)?.kind !== 'linked') known.set(id, entry)
}
