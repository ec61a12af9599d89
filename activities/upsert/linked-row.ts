import type { FieldNote, ReconcileDecision } from '../../flows/decision.ts'
import { hashAt, joinHashes, NO_HASH } from '../../flows/field-hashes.ts'
import type { FieldDefinition, FlowDefinition } from '../../flows/flow-definition.ts'
import type { Reading } from '../../flows/reading.ts'
import type { LinkedRow } from '../../flows/row.ts'
import type { Side } from '../../flows/side.ts'

export interface AfterWrite {
  readonly erp: Reading
  readonly shop: Reading
  /** Fields that were not written after all (rules 8 and 9). */
  readonly withheld: ReadonlySet<string>
  readonly wroteErp: boolean
  readonly wroteShop: boolean
  readonly flags: string
  readonly pointer: string
}

export interface AgreedRow {
  readonly row: LinkedRow
  /** A vendor's answer showed an edit that the decision did not know: that field is decided again (E2). */
  readonly disturbed: boolean
  readonly notes: readonly FieldNote[]
}

/**
 * The memory after a pair was written (E2). Only decided fields move in the base, to what the decision knew or wrote. Where
 * a system shows a field otherwise, that is an edit made meanwhile: its side's *seen* stays as it was, so that the watch
 * brings it back, and the edit is told from the base as any other.
 */
export function linkedRowAfter(
  definition: FlowDefinition,
  decision: ReconcileDecision,
  previous: LinkedRow | null,
  after: AfterWrite,
): AgreedRow {
  const known = previous?.definition === definition.version ? previous : null
  const base: string[] = []
  const shopBase: string[] = []
  const notes: FieldNote[] = []
  let erpDisturbed = false
  let shopDisturbed = false
  definition.fields.forEach((field, index) => {
    const isWritten = (names: readonly string[]): boolean =>
      names.includes(field.name) && !after.withheld.has(field.name)
    const written = { erp: isWritten(decision.writeErp), shop: isWritten(decision.writeShop) }
    const decided = { erp: hashAt(decision.erp.hashes, index), shop: hashAt(decision.shop.hashes, index) }
    const now = { erp: hashAt(after.erp.hashes, index), shop: hashAt(after.shop.hashes, index) }
    // No system respells a status: one that is not what was written is the next step of somebody (invoiced just after confirmed).
    const expected = {
      erp: written.erp && field.locks !== undefined ? decided.shop : decided.erp,
      shop: written.shop && field.locks !== undefined ? decided.erp : decided.shop,
    }
    const isTold = (side: Side): boolean => !written[side] || field.locks !== undefined
    const erpStrange = isTold('erp') && now.erp !== expected.erp
    const shopStrange = isTold('shop') && now.shop !== expected.shop
    erpDisturbed ||= erpStrange
    shopDisturbed ||= shopStrange
    const isAgreed = decision.agreed[index] === '1' && !after.withheld.has(field.name)
    const oldBase = known ? hashAt(known.base, index) : NO_HASH
    const oldShopBase = known && known.shopBase !== '' ? hashAt(known.shopBase, index) : oldBase
    // What was agreed is what the decision knew: whatever a side shows by now is an edit of its own (rule 14).
    const agreed = { erp: erpStrange ? expected.erp : now.erp, shop: shopStrange ? expected.shop : now.shop }
    if (waitsForOffer(decision, field, oldBase)) {
      base.push(decided.shop)
      shopBase.push(decided.shop)
      return
    }
    base.push(isAgreed ? agreed.erp : oldBase)
    shopBase.push(isAgreed ? agreed.shop : oldShopBase)
    const rewrote = isAgreed && (written.erp || written.shop) && agreed.erp !== agreed.shop
    if (rewrote)
      notes.push({ field: field.name, kind: 'adjusted', detail: 'the system rewrote the value it was given' })
  })
  const [erpForm, shopForm] = [joinHashes(base), joinHashes(shopBase)]
  return {
    row: {
      kind: 'linked',
      erpId: decision.erp.id,
      shopId: decision.shop.id,
      base: erpForm,
      shopBase: shopForm === erpForm ? '' : shopForm,
      erpSeen: erpDisturbed ? (previous?.erpSeen ?? '') : after.erp.seen,
      shopSeen: shopDisturbed ? (previous?.shopSeen ?? '') : after.shop.seen,
      definition: definition.version,
      flags: after.flags,
      erpOwnWrite: after.wroteErp ? after.erp.changeMark : (previous?.erpOwnWrite ?? ''),
      shopOwnWrite: after.wroteShop ? after.shop.changeMark : (previous?.shopOwnWrite ?? ''),
      pointer: after.pointer,
    },
    disturbed: erpDisturbed || shopDisturbed,
    notes,
  }
}

/**
 * Nothing was ever agreed on, and the webshop takes no edits: its own value counts as agreed on and PowerOffice's as an edit
 * since, or first agreement would go on for ever and no edit of the webshop would ever win (rule 4e).
 */
function waitsForOffer(decision: ReconcileDecision, field: FieldDefinition, oldBase: string): boolean {
  return oldBase === NO_HASH && field.direction === 'both' && decision.notOffered?.includes(field.name) === true
}

/** The same decision where these fields were not written after all: neither side's value of them was agreed on. */
export function withoutFields(
  definition: FlowDefinition,
  decision: ReconcileDecision,
  fields: readonly string[],
): ReconcileDecision {
  const isLeft = (name: string): boolean => !fields.includes(name)
  return {
    ...decision,
    writeErp: decision.writeErp.filter(isLeft),
    writeShop: decision.writeShop.filter(isLeft),
    agreed: definition.fields
      .map((field, index) => (isLeft(field.name) ? (decision.agreed[index] ?? '0') : '0'))
      .join(''),
  }
}
