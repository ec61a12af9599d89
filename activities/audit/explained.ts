import { EMPTY_HASH, hashAt, NO_HASH } from '../../flows/field-hashes.ts'
import type { FieldDefinition } from '../../flows/flow-definition.ts'
import { type NotOffered, offers } from '../../flows/not-offered.ts'
import type { Side } from '../../flows/side.ts'

/** Field hashes as the two sides last agreed on them; null: nothing was agreed under this definition. */
export interface Bases {
  readonly base: string
  readonly shopBase: string
}

/**
 * Whether two different values of one field are as they should be: a rule of the field says so, a system has its own form of
 * what was agreed, or a side takes no edits. Everything else must be told to somebody, or it is drift.
 */
export function isExplained(
  field: FieldDefinition,
  index: number,
  hashes: { readonly erp: string; readonly shop: string },
  bases: Bases | null,
  notOffered: NotOffered | undefined,
): boolean {
  if (field.isOff) return true
  if (field.direction === 'atCreation' && field.settled === 'ignored') return true
  const now = { erp: hashAt(hashes.erp, index), shop: hashAt(hashes.shop, index) }
  const erpBase = bases === null ? NO_HASH : hashAt(bases.base, index)
  const base = { erp: erpBase, shop: bases === null || bases.shopBase === '' ? erpBase : hashAt(bases.shopBase, index) }
  // Each side shows its own form of the agreed value (E2).
  if (base.erp !== NO_HASH && base.shop !== NO_HASH && now.erp === base.erp && now.shop === base.shop) return true
  const owner = ownerOf(field)
  if (owner !== null) {
    if (field.ownerEmpty === 'keep' && (now[owner] === EMPTY_HASH || now[owner] === NO_HASH)) return true
    // An edit on the receiving side stays until the owner's value changes (E21).
    if (field.receivingEdit === 'leave' && base[owner] !== NO_HASH && now[owner] === base[owner]) return true
  }
  const written: readonly Side[] = owner === 'erp' ? ['shop'] : owner === 'shop' ? ['erp'] : ['erp', 'shop']
  return written.some((side) => !offers(notOffered, side, 'update'))
}

function ownerOf(field: FieldDefinition): Side | null {
  if (field.direction === 'toShop') return 'erp'
  if (field.direction === 'toErp') return 'shop'
  return null
}
