import type { FieldNote, ReconcileDecision } from '../../flows/decision.ts'
import { hashAt, joinHashes, NO_HASH } from '../../flows/field-hashes.ts'
import type { FieldDefinition, FlowDefinition } from '../../flows/flow-definition.ts'
import type { Reading } from '../../flows/reading.ts'
import type { LinkedRow } from '../../flows/row.ts'

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
    // Plain values, no functions: this runs for every field of every record that is written.
    const isLeft = after.withheld.has(field.name)
    const erpWritten = !isLeft && decision.writeErp.includes(field.name)
    const shopWritten = !isLeft && decision.writeShop.includes(field.name)
    const erpDecided = hashAt(decision.erp.hashes, index)
    const shopDecided = hashAt(decision.shop.hashes, index)
    const erpNow = hashAt(after.erp.hashes, index)
    const shopNow = hashAt(after.shop.hashes, index)
    // No system respells a status: one that is not what was written is the next step of somebody (invoiced just after confirmed).
    const locks = field.locks !== undefined
    const erpExpected = erpWritten && locks ? shopDecided : erpDecided
    const shopExpected = shopWritten && locks ? erpDecided : shopDecided
    const erpStrange = (!erpWritten || locks) && erpNow !== erpExpected
    const shopStrange = (!shopWritten || locks) && shopNow !== shopExpected
    erpDisturbed ||= erpStrange
    shopDisturbed ||= shopStrange
    const isAgreed = !isLeft && decision.agreed[index] === '1'
    const oldBase = known ? hashAt(known.base, index) : NO_HASH
    const oldShopBase = known && known.shopBase !== '' ? hashAt(known.shopBase, index) : oldBase
    // What was agreed is what the decision knew: whatever a side shows by now is an edit of its own (rule 14).
    const [erpAgreed, shopAgreed] = [erpStrange ? erpExpected : erpNow, shopStrange ? shopExpected : shopNow]
    if (waitsForOffer(decision, field, oldBase)) {
      base.push(shopDecided)
      shopBase.push(shopDecided)
      return
    }
    base.push(isAgreed ? erpAgreed : oldBase)
    shopBase.push(isAgreed ? shopAgreed : oldShopBase)
    const rewrote = isAgreed && (erpWritten || shopWritten) && erpAgreed !== shopAgreed
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

/** The row of a pair of which nothing is known yet: nothing seen, nothing agreed on. */
export function newLinkedRow(
  definition: FlowDefinition,
  { erp, shop }: { readonly erp: { readonly id: string }; readonly shop: { readonly id: string } },
  pointer: string,
): LinkedRow {
  return {
    kind: 'linked',
    erpId: erp.id,
    shopId: shop.id,
    base: '',
    shopBase: '',
    erpSeen: '',
    shopSeen: '',
    definition: definition.version,
    flags: '',
    erpOwnWrite: '',
    shopOwnWrite: '',
    pointer,
  }
}
