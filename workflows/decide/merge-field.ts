import type { FieldNote } from '../../flows/decision.ts'
import { EMPTY_HASH, NO_HASH } from '../../flows/field-hashes.ts'
import type { FieldDefinition } from '../../flows/flow-definition.ts'
import { otherSide, type Side } from '../../flows/side.ts'

/** One side of a field: what it shows now against what it showed when the sides last agreed, as hashes. */
export interface FieldSide {
  readonly now: string
  /** Where this side rewrote what it was given, its own form of the agreed value. */
  readonly base: string
}

export type FieldDecision =
  /** The sides agree, or differ only as they knowingly did before. */
  | { readonly kind: 'keep' }
  /** The value of the other side is carried to `to`. */
  | { readonly kind: 'write'; readonly to: Side; readonly note?: Omit<FieldNote, 'field'> }
  /** Both values stand, and what they agreed on stays as it was. */
  | { readonly kind: 'leave'; readonly note?: Omit<FieldNote, 'field'> }

export interface MergeContext {
  /** Which edit came later, for the rule `latest`; asked only when both sides changed, or where rule 2 goes by it. */
  readonly later: () => Side | 'unclear'
  readonly firstAgreement: 'erp' | 'shop' | 'latest' | 'ask'
  /** PowerOffice takes no more edits of the record, for the rule `byLock`. */
  readonly isLocked: boolean
  /** This field was put back on its receiving side within the last hour already (rule 7). */
  readonly revertedLately: boolean
}

/**
 * Three-way merge of one field (rules 2, 3, 5 and 7). Pure. `differs` says by value, not by hash, that the sides show
 * different things now.
 */
export function mergeField(
  field: FieldDefinition,
  sides: { readonly erp: FieldSide; readonly shop: FieldSide; readonly differs: boolean },
  context: MergeContext,
): FieldDecision {
  const { erp, shop, differs } = sides
  if (!differs) return { kind: 'keep' }
  if (erp.base === NO_HASH || shop.base === NO_HASH) return firstAgreement(field, erp, shop, context)
  const erpChanged = erp.now !== erp.base
  const shopChanged = shop.now !== shop.base
  if (!erpChanged && !shopChanged) {
    // Different values under equal hashes: the 24 bits collided, so the base says nothing (E2).
    return erp.base === shop.base ? firstAgreement(field, erp, shop, context) : { kind: 'keep' }
  }
  if (field.direction === 'atCreation') return settledAtCreation(field)
  const owner = ownerOf(field)
  if (owner !== null) {
    if (ownerKeepsQuiet(field, owner === 'erp' ? erp : shop)) return { kind: 'keep' }
    return oneWay(field, owner, { erpChanged, shopChanged }, context)
  }
  if (erpChanged && shopChanged) return bothChanged(field, context)
  return { kind: 'write', to: erpChanged ? 'shop' : 'erp' }
}

function firstAgreement(field: FieldDefinition, erp: FieldSide, shop: FieldSide, context: MergeContext): FieldDecision {
  if (field.direction === 'atCreation') return settledAtCreation(field)
  const owner = ownerOf(field)
  if (owner !== null) {
    const [ofOwner, ofReceiver] = owner === 'erp' ? [erp, shop] : [shop, erp]
    if (ownerKeepsQuiet(field, ofOwner)) return { kind: 'keep' }
    if (field.conflict === 'ask' && !isEmpty(ofReceiver))
      return ask('the two sides had different values when they were linked')
    // The owner's empty value is carried too: the receiving side states what the owner states.
    return { kind: 'write', to: otherSide(owner) }
  }
  if (isEmpty(erp)) return { kind: 'write', to: 'erp' }
  if (isEmpty(shop)) return { kind: 'write', to: 'shop' }
  switch (context.firstAgreement) {
    case 'ask':
      return ask('the two sides had different values when they were linked')
    case 'erp':
    case 'shop': {
      const winner = context.firstAgreement
      return { kind: 'write', to: otherSide(winner), note: { kind: 'firstAgreement', winner } }
    }
    case 'latest': {
      const { winner, detail } = laterWins(context)
      return { kind: 'write', to: otherSide(winner), note: { kind: 'firstAgreement', winner, detail } }
    }
  }
}

/** Not an edit that is lost: where the owner has nothing to say, the receiving side's value is its own affair. */
function ownerKeepsQuiet(field: FieldDefinition, owner: FieldSide): boolean {
  return field.ownerEmpty === 'keep' && isEmpty(owner)
}

function isEmpty({ now }: FieldSide): boolean {
  return now === EMPTY_HASH || now === NO_HASH
}

/** Both values stand; they are looked at again with every edit until they are equal. */
function ask(why: string): FieldDecision {
  return { kind: 'leave', note: { kind: 'asks', detail: `${why}; edit one side to the value of the other` } }
}

function settledAtCreation(field: FieldDefinition): FieldDecision {
  if (field.settled === 'ignored') return { kind: 'keep' }
  return { kind: 'leave', note: { kind: 'asks', detail: cannotChange(field) } }
}

function oneWay(
  field: FieldDefinition,
  owner: Side,
  changed: { readonly erpChanged: boolean; readonly shopChanged: boolean },
  context: MergeContext,
): FieldDecision {
  const ownerChanged = owner === 'erp' ? changed.erpChanged : changed.shopChanged
  const to = otherSide(owner)
  // The receiving side's edit is lost here: never without a word.
  if (changed.erpChanged && changed.shopChanged) return { kind: 'write', to, note: { kind: 'conflict', winner: owner } }
  if (ownerChanged) return { kind: 'write', to }
  if (field.receivingEdit === 'leave') return { kind: 'leave' }
  if (context.revertedLately) return { kind: 'leave', note: { kind: 'revertedTwice', winner: owner } }
  return { kind: 'write', to, note: { kind: 'reverted', winner: owner } }
}

function bothChanged(field: FieldDefinition, context: MergeContext): FieldDecision {
  switch (field.conflict) {
    case 'ask':
      return ask('both sides changed it')
    case 'erp':
    case 'shop':
      return { kind: 'write', to: otherSide(field.conflict), note: { kind: 'conflict', winner: field.conflict } }
    case 'latest': {
      const { winner, detail } = laterWins(context)
      return { kind: 'write', to: otherSide(winner), note: { kind: 'conflict', winner, detail } }
    }
    case 'byLock': {
      const winner = context.isLocked ? 'erp' : 'shop'
      const detail = context.isLocked
        ? 'PowerOffice has locked the record, so its edit was kept'
        : 'PowerOffice has not locked the record yet, so the webshop’s edit was kept'
      return { kind: 'write', to: otherSide(winner), note: { kind: 'conflict', winner, detail } }
    }
  }
}

function laterWins(context: MergeContext): { readonly winner: Side; readonly detail: string } {
  const later = context.later()
  return later === 'unclear'
    ? { winner: 'erp', detail: 'the edits were too close to tell which was later, so PowerOffice won' }
    : { winner: later, detail: 'the later edit won' }
}

/** The side that a one-way field comes from; null for fields that travel both ways. */
function ownerOf(field: FieldDefinition): Side | null {
  if (field.direction === 'toShop') return 'erp'
  if (field.direction === 'toErp') return 'shop'
  return null
}

function cannotChange(field: FieldDefinition): string {
  return `${field.name} is set when a record is created and is never converted; set it back on the side where it was changed, or unlink the pair`
}
