import type { Decision, ReconcileDecision } from '../../flows/decision.ts'
import { hashAt } from '../../flows/field-hashes.ts'
import type { CreationPolicy, FlowDefinition } from '../../flows/flow-definition.ts'
import { offers } from '../../flows/not-offered.ts'
import { byReappearance, type Pair } from '../../flows/pair.ts'
import type { Reading, SideState } from '../../flows/reading.ts'
import type { ApartRow, CreatingRow, GoneRow, LinkedRow, Row, SeenReason, SeenRow } from '../../flows/row.ts'
import { otherSide, type RecordKey, type Side } from '../../flows/side.ts'
import { decideItems, isRememberedList } from './decide-items.ts'
import { isReopened, withoutLocked, withoutOwnStatus } from './locks.ts'
import { type MergeHistory, mergePair } from './merge-pair.ts'
import { withoutNotOffered } from './offers.ts'

export interface DecideContext extends MergeHistory {
  readonly nowMs: number
  /** What the company chose, where it differs from the definition. */
  readonly company: CompanyChoices
  /** What brought the pair here. A person's wish outweighs what the memory says about leaving it alone. */
  readonly wish:
    | { readonly kind: 'none' }
    | { readonly kind: 'link'; readonly by: string }
    | { readonly kind: 'unlink'; readonly by: string; readonly shopId: string }
    | { readonly kind: 'retry'; readonly by: string }
    | { readonly kind: 'create'; readonly by: string }
    | { readonly kind: 'approveDelete'; readonly by: string }
  /** Another flow waits until one of these records is linked (rule 4d). */
  readonly isWaitedFor?: boolean
  /** Two sweeps a grace apart did not find the PowerOffice record (E16). */
  readonly missingTwice: boolean
  /** The run began before what is noted of a list that is over was taken out, and must replay as it was (E25). Default: it did not. */
  readonly keepsListsThatAreOver?: () => boolean
}

/** Options of the company that decisions follow (flows/flow-options.ts). */
export interface CompanyChoices {
  readonly createInactive: boolean
  readonly creation: { readonly [side in Side]?: CreationPolicy }
  readonly cancelDrafts: 'approve' | 'atOnce'
  readonly editConfirmed?: 'list' | 'reopen'
}

/** Nothing to carry out; `why` says in a word what the record is. */
export type Verdict = Decision | { readonly kind: 'nothing'; readonly why: 'unchanged' | 'outOfScope' | 'dropped' }

/** The whole decision about one pair: pure, so that it can be replayed and explained. */
export function decidePair(definition: FlowDefinition, pair: Pair, context: DecideContext): Verdict {
  const linked = pair.rows.find((row): row is LinkedRow => row.kind === 'linked')
  // Somebody asked to link a record that is linked elsewhere: it stays where it is until it is unlinked.
  if (linked && context.wish.kind === 'link' && !isOf(linked, pair)) return { kind: 'nothing', why: 'dropped' }
  if (context.wish.kind === 'unlink') {
    const { by, shopId } = context.wish
    return unlink(pair, linked?.shopId === shopId ? linked : undefined, by, context.nowMs)
  }
  if (definition.listOf) return decideList(definition, pair, linked ?? null, context)
  if (linked) return decideLinked(definition, pair, linked, context)
  if (pair.erp.kind === 'present' && pair.shop.kind === 'present')
    return decideMatched(definition, pair, pair.erp.reading, pair.shop.reading, context)
  return decideAlone(definition, pair, context)
}

/** Lists are linked where their records are: the match is the parent flow's link, and nothing is created here (E22). */
function decideList(definition: FlowDefinition, pair: Pair, row: LinkedRow | null, context: DecideContext): Verdict {
  const { erp, shop, rows } = pair
  // Taken apart or deleted: the two lists have nothing to do with each other any more.
  if (row !== null && pair.match.kind === 'none')
    return { kind: 'forget', erpId: row.erpId, shopId: row.shopId, apart: null, rows }
  if (erp.kind === 'unreadable') return parkUnreadable('erp', erp, rows, shop)
  if (shop.kind === 'unreadable') return parkUnreadable('shop', shop, rows, erp)
  // The record's own flow finds out what became of it; without it there is no list to keep.
  if (erp.kind !== 'present' || shop.kind !== 'present') return { kind: 'nothing', why: 'dropped' }
  if (row === null && pair.match.kind !== 'matched') return { kind: 'nothing', why: 'dropped' }
  if (row === null && erp.reading.isFinal && shop.reading.isLocked) {
    // What the inbox says of it comes from a time when it could not be read, and nothing else would ever take it out.
    if (rows.length === 0 || context.keepsListsThatAreOver?.()) return { kind: 'nothing', why: 'dropped' }
    return { kind: 'forget', erpId: erp.reading.id, shopId: shop.reading.id, apart: null, rows }
  }
  // The lines of an order follow it out of the scope and back (rule 4c).
  const frozen = row === null ? null : decideFrozen(erp.reading, shop.reading, row, rows)
  if (frozen) return frozen
  if (erp.reading.outOfScope !== null || shop.reading.outOfScope !== null) return { kind: 'nothing', why: 'outOfScope' }
  const decision = decideItems(definition, pair, erp.reading, shop.reading, row, context.company.editConfirmed)
  // An invoice ends it: both sides show its lines, and neither takes an edit any more (E22).
  const isOver = erp.reading.isFinal === true && shop.reading.isLocked === true && decision.how === 'remember'
  if (row !== null && isOver && !decision.isOpen)
    return { kind: 'forget', erpId: row.erpId, shopId: row.shopId, apart: null, rows }
  if (row === null || !isRememberedList(definition, decision, row)) return decision
  return decision.isOpen ? STILL_LISTED : { kind: 'nothing', why: 'unchanged' }
}

function isOf(row: LinkedRow, pair: Pair): boolean {
  const idOf = (state: SideState): string | null =>
    state.kind === 'present' ? state.reading.id : state.kind === 'absent' ? null : state.id
  return idOf(pair.erp) === row.erpId && idOf(pair.shop) === row.shopId
}

function decideLinked(definition: FlowDefinition, pair: Pair, row: LinkedRow, context: DecideContext): Verdict {
  const { erp, shop } = pair
  if (erp.kind === 'unreadable') return parkUnreadable('erp', erp, pair.rows, shop)
  if (shop.kind === 'unreadable') return parkUnreadable('shop', shop, pair.rows, erp)
  if (erp.kind === 'present' && shop.kind === 'present') {
    // What we hold open is confirmed again before anything else is made of it.
    if (isReopened(row)) return reconcile(definition, pair, erp.reading, shop.reading, row, context)
    const frozen = decideFrozen(erp.reading, shop.reading, row, pair.rows)
    if (frozen) return frozen
    const cancelled = decideCancelled(definition, erp.reading, shop.reading, pair.rows, context)
    if (cancelled) return cancelled
    const decision = reconcile(definition, pair, erp.reading, shop.reading, row, context)
    return isRemembered(definition, decision, row) ? { kind: 'nothing', why: 'unchanged' } : decision
  }
  return decideHalf(definition, pair, row, context)
}

/**
 * A linked record that left the scope is frozen, not deleted (rule 4c). What the two show counts as seen, but what they
 * agreed on stays: edits made meanwhile are carried over when it comes back. null: both take part.
 */
function decideFrozen(erp: Reading, shop: Reading, row: LinkedRow, rows: readonly Row[]): Verdict | null {
  if (erp.outOfScope === null && shop.outOfScope === null) return null
  if (erp.seen !== row.erpSeen) return park(erp, 'outOfScope', '', rows)
  if (shop.seen !== row.shopSeen) return park(shop, 'outOfScope', '', rows)
  return { kind: 'nothing', why: 'outOfScope' }
}

/**
 * An order cancelled in the webshop: a draft in PowerOffice is deleted once somebody approves (option: at once), anything
 * further is a person's matter. null: nothing of the kind.
 */
function decideCancelled(
  definition: FlowDefinition,
  erp: Reading,
  shop: Reading,
  rows: readonly Row[],
  context: DecideContext,
): Verdict | null {
  const { cancels } = definition
  if (!cancels || shop.content?.canonical[cancels.field] !== cancels.value) return null
  const there = erp.content?.canonical[cancels.field] ?? null
  if (there === cancels.value) return null
  const isRemovable = there !== null && cancels.removable.includes(there)
  const isAllowed = context.wish.kind === 'approveDelete' || context.company.cancelDrafts === 'atOnce'
  if (isRemovable && isAllowed)
    return { kind: 'retire', erpId: erp.id, shopId: shop.id, gone: 'erp', archive: null, remove: erp, rows }
  const detail = isRemovable
    ? `The ${definition.recordName} was cancelled in the webshop; in PowerOffice it is still a draft.`
    : `The ${definition.recordName} was cancelled in the webshop, but in PowerOffice it is ${there ?? 'further'}.`
  return { ...park(shop, 'cancelled', detail, rows), others: [`erp:${erp.id}`] }
}

/** One of the two records is not there any more (E16, rule 13). */
function decideHalf(definition: FlowDefinition, pair: Pair, row: LinkedRow, context: DecideContext): Verdict {
  const { erp, shop } = pair
  const erpGone = erp.kind === 'missing'
  const shopGone = shop.kind === 'missing'
  const ids = { erpId: row.erpId, shopId: row.shopId }
  if (erpGone && shopGone) return { kind: 'retire', ...ids, gone: 'both', archive: null, rows: pair.rows }
  const isApproved = context.wish.kind === 'approveDelete'
  const archives = definition.onDelete.shop === 'archiveInErp' && erp.kind === 'present' && !erp.reading.dormant
  if (shopGone && archives && isApproved) {
    const removable = definition.cancels?.removable.includes(
      erp.reading.content?.canonical[definition.cancels.field] ?? '',
    )
    if (definition.cancels && removable)
      return { kind: 'retire', ...ids, gone: 'shop', archive: null, remove: erp.reading, rows: pair.rows }
    // An order that went further than a draft stays in the books: only the link is taken out.
    return { kind: 'retire', ...ids, gone: 'shop', archive: definition.cancels ? null : erp.reading, rows: pair.rows }
  }
  if (shopGone && (shop.tombstone || isApproved) && !archives)
    return { kind: 'retire', ...ids, gone: 'shop', archive: null, rows: pair.rows }
  if (erpGone && shop.kind === 'present' && isApproved)
    return {
      kind: 'retire',
      ...ids,
      gone: 'erp',
      // A shop that takes no edits keeps its record as it is.
      archive: offers(pair.notOffered, 'shop', 'update') ? shop.reading : null,
      rows: pair.rows,
    }
  // A side that nobody read has not vanished.
  if (!erpGone && !shopGone) return { kind: 'nothing', why: 'dropped' }
  const side: Side = erpGone ? 'erp' : 'shop'
  const present = erpGone ? shop : erp
  return {
    kind: 'park',
    side,
    id: erpGone ? row.erpId : row.shopId,
    seen: side === 'erp' ? row.erpSeen : row.shopSeen,
    label: present.kind === 'present' ? present.reading.label : '',
    reason: 'vanished',
    others: [`${otherSide(side)}:${erpGone ? row.shopId : row.erpId}`],
    detail: vanishedDetail(side, context.missingTwice || (shop.kind === 'missing' && shop.tombstone)),
    rows: pair.rows,
  }
}

function vanishedDetail(side: Side, verified: boolean): string {
  const where = side === 'erp' ? 'PowerOffice' : 'the webshop'
  return verified
    ? `It was deleted in ${where} (${side === 'erp' ? 'two sweeps and a lookup by id agree' : 'the shop says so itself'}); its counterpart still stands.`
    : `${where} does not find it any more; the next sweeps will tell whether it was deleted.`
}

/** Two records without a link, found to belong together by a key, by our reference or by a person. */
function decideMatched(
  definition: FlowDefinition,
  pair: Pair,
  erp: Reading,
  shop: Reading,
  context: DecideContext,
): Verdict {
  const byHand = context.wish.kind === 'link'
  if (pair.match.kind === 'ambiguous' && !byHand) return parkAmbiguous(pair, erp)
  if (!byHand && (pair.match.kind !== 'matched' || areApart(pair.rows, erp.id, shop.id)))
    return { kind: 'nothing', why: 'dropped' }
  // Matching looks at the scope; what a deletion had taken out was not asked.
  const isBack = pair.match.kind === 'matched' && pair.match.by === byReappearance
  if (isBack && !byHand && (erp.outOfScope !== null || shop.outOfScope !== null))
    return { kind: 'nothing', why: 'outOfScope' }
  return reconcile(definition, pair, erp, shop, null, context)
}

/** Unlink sticks, whatever a match made elsewhere and earlier says (E1). */
function areApart(rows: readonly Row[], erpId: string, shopId: string): boolean {
  return rows.some((row) => row.kind === 'apart' && row.erpId === erpId && row.shopId === shopId)
}

function reconcile(
  definition: FlowDefinition,
  pair: Pair,
  erp: Reading,
  shop: Reading,
  row: LinkedRow | null,
  context: DecideContext,
): ReconcileDecision {
  const created = row === null ? ownCreation(pair) : null
  const merged = mergePair(definition, erp, shop, row, pair.differs, context, created, pair.asCreated)
  // What was agreed before is edited; at linking nobody has edited anything.
  const canReopen = row !== null && (context.company.editConfirmed === 'reopen' || isReopened(row))
  const kept = row !== null && isReopened(row) ? withoutOwnStatus(definition, merged) : merged
  const merge = withoutNotOffered(
    definition,
    withoutLocked(definition, kept, { erp, shop, canReopen }),
    pair.notOffered,
  )
  const writes = merge.writeErp.length + merge.writeShop.length
  const by = context.wish.kind === 'link' ? context.wish.by : pair.match.kind === 'matched' ? pair.match.by : ''
  return {
    kind: 'reconcile',
    how:
      row === null
        ? by === 'reference' || by === byReappearance
          ? 'adopt'
          : 'link'
        : writes > 0
          ? 'update'
          : 'remember',
    erp,
    shop,
    ...merge,
    nameCounterpart: shop.reference !== erp.id && offers(pair.notOffered, 'shop', 'update'),
    rows: pair.rows,
    by,
  }
}

/**
 * The create of ours that made one of the two from the other. The webshop names the record it was made for, so one that
 * only matches by a key came otherwise; PowerOffice has no such place in every entity.
 */
function ownCreation({ rows, match, isOthers }: Pair): CreatingRow | null {
  if (isOthers) return null
  const creating = rows.find((row): row is CreatingRow => row.kind === 'creating')
  if (creating?.side === 'erp' && !(match.kind === 'matched' && match.by === 'reference')) return null
  return creating ?? null
}

/** Nothing to write, and the memory already says exactly what was found. */
function isRemembered(definition: FlowDefinition, decision: ReconcileDecision, row: LinkedRow): boolean {
  // Hashes of another version may be equal by chance; the row is re-based all the same (E3).
  if (row.definition !== definition.version) return false
  // What was in doubt is settled by now, and the row is to say so: another day the same value is an edit.
  if (row.tried !== undefined) return false
  if (decision.how !== 'remember' || decision.notes.length > 0 || decision.nameCounterpart) return false
  if (decision.erp.seen !== row.erpSeen || decision.shop.seen !== row.shopSeen) return false
  const shopBase = row.shopBase === '' ? row.base : row.shopBase
  return [...decision.agreed].every(
    (mark, index) =>
      mark === '0' ||
      (hashAt(decision.erp.hashes, index) === hashAt(row.base, index) &&
        hashAt(decision.shop.hashes, index) === hashAt(shopBase, index)),
  )
}

/** The two are known to belong together, but one is not there to be linked: the other gets no second counterpart. */
function decideUnlinkable({ erp, shop, rows }: Pair): Verdict {
  if (erp.kind === 'unreadable') return parkUnreadable('erp', erp, rows)
  if (shop.kind === 'unreadable') return parkUnreadable('shop', shop, rows)
  return { kind: 'nothing', why: 'dropped' }
}

/** One record whose counterpart is not known. */
function decideAlone(definition: FlowDefinition, pair: Pair, context: DecideContext): Verdict {
  if (pair.erp.kind !== 'absent' && pair.shop.kind !== 'absent') return decideUnlinkable(pair)
  const side: Side = pair.erp.kind === 'absent' ? 'shop' : 'erp'
  const state: SideState = pair[side]
  const seenRow = pair.rows.find((row): row is SeenRow => row.kind === 'seen' && row.side === side)
  switch (state.kind) {
    case 'absent':
      return { kind: 'nothing', why: 'dropped' }
    case 'missing':
      // A list that is behind may still show it: its grave stays, or the other record would get a new counterpart.
      if (
        pair.rows.some((row) => row.kind === 'gone') &&
        pair.rows.every((row) => row.kind === 'gone' || row.kind === 'apart')
      )
        return { kind: 'nothing', why: 'unchanged' }
      // Even without rows: a create that waits to be tried again closes with its record.
      return forget(side, state.id, pair.rows)
    case 'unreadable':
      return parkUnreadable(side, state, pair.rows)
    case 'present':
      break
  }
  const { reading } = state
  const isOrdered = context.wish.kind === 'create'
  const asked = context.wish.kind === 'retry' || isOrdered
  const gone = pair.rows.find((row): row is GoneRow => row.kind === 'gone')
  // Its counterpart was deleted and it was put to rest for that; somebody took it back into use (E1).
  const isReactivated =
    gone?.wasDormant === true && gone.gone !== side && !reading.dormant && gone.seen !== reading.seen
  if (gone && !asked && !isReactivated)
    return gone.seen === reading.seen ? { kind: 'nothing', why: 'unchanged' } : park(reading, 'ignored', '', pair.rows)
  if (seenRow?.reason === 'excluded' && !asked)
    return seenRow.seen === reading.seen ? STILL_LISTED : park(reading, 'excluded', UNLINKED, pair.rows)
  if (reading.outOfScope !== null) return parkQuietly(reading, 'outOfScope', seenRow, pair.rows)
  if (pair.match.kind === 'ambiguous' && !isOrdered) return parkAmbiguous(pair, reading)
  if (reading.dormant && !context.company.createInactive && !isOrdered)
    return parkQuietly(reading, 'dormant', seenRow, pair.rows)
  const policy = context.company.creation[otherSide(side)] ?? definition.creation[otherSide(side)]
  if (policy === 'when-referenced' && context.isWaitedFor !== true && !isOrdered)
    return parkQuietly(reading, 'outOfScope', seenRow, pair.rows)
  if (policy === 'never') {
    const hint = definition.creationHint?.[otherSide(side)]
    if (hint === undefined) return parkQuietly(reading, 'outOfScope', seenRow, pair.rows)
    return seenRow?.seen === reading.seen && !asked ? STILL_LISTED : park(reading, 'notCreated', hint, pair.rows)
  }
  // Asked for by hand it is tried all the same, and the answer says why it cannot be.
  if (!offers(pair.notOffered, otherSide(side), 'create') && !isOrdered)
    return parkQuietly(reading, 'outOfScope', seenRow, pair.rows)
  if (seenRow?.reason === 'refused' && seenRow.seen === reading.seen && !asked) return STILL_LISTED
  return {
    kind: 'create',
    on: otherSide(side),
    from: reading,
    rows: pair.rows,
    ...(isOrdered ? { byHand: true as const } : {}),
  }
}

/** Looked at for nothing: what the inbox says of the record stands (workflows/engine/merge-outcomes.ts). */
const STILL_LISTED = { kind: 'nothing', why: 'dropped' } as const

const UNLINKED =
  'It was unlinked by hand; nothing is done with it until somebody links it or asks for a new counterpart.'

function parkAmbiguous(pair: Pair, reading: Reading): Verdict {
  const { match } = pair
  if (match.kind !== 'ambiguous') return { kind: 'nothing', why: 'dropped' }
  const own: RecordKey = `${reading.side}:${reading.id}`
  return {
    ...park(reading, 'ambiguous', match.why, pair.rows),
    others: match.members.filter((member) => member !== own),
  }
}

function parkQuietly(reading: Reading, reason: SeenReason, row: SeenRow | undefined, rows: readonly Row[]): Verdict {
  return row?.reason === reason && row.seen === reading.seen
    ? { kind: 'nothing', why: 'outOfScope' }
    : park(reading, reason, '', rows)
}

function park(reading: Reading, reason: SeenReason, detail: string, rows: readonly Row[]) {
  return {
    kind: 'park' as const,
    side: reading.side,
    id: reading.id,
    seen: reading.seen,
    label: reading.label,
    reason,
    others: [] as readonly RecordKey[],
    detail,
    rows,
  }
}

/** @param other what its counterpart shows, which nobody need look at again before one of the two changes */
function parkUnreadable(
  side: Side,
  state: SideState & { kind: 'unreadable' },
  rows: readonly Row[],
  other: SideState = { kind: 'absent' },
): Verdict {
  const otherSeen = other.kind === 'present' ? other.reading.seen : other.kind === 'unreadable' ? other.seen : null
  return {
    kind: 'park',
    side,
    id: state.id,
    seen: state.seen,
    ...(otherSeen === null ? {} : { otherSeen }),
    label: '',
    reason: 'unreadable',
    others: [],
    detail: `${state.path}: ${state.problem}`,
    rows,
  }
}

function forget(side: Side, id: string, rows: readonly Row[]): Verdict {
  return { kind: 'forget', erpId: side === 'erp' ? id : null, shopId: side === 'shop' ? id : null, apart: null, rows }
}

function unlink(pair: Pair, row: LinkedRow | undefined, by: string, nowMs: number): Verdict {
  const known = pair.rows.find((other): other is ApartRow => other.kind === 'apart')
  if (!row) return known ? { kind: 'nothing', why: 'unchanged' } : { kind: 'nothing', why: 'dropped' }
  return { kind: 'forget', erpId: row.erpId, shopId: row.shopId, apart: { by, at: nowMs }, rows: pair.rows }
}
