import type { FieldNote, ReconcileItemsDecision } from '../../flows/decision.ts'
import { NO_HASH } from '../../flows/field-hashes.ts'
import { givenBefore, withGiven } from '../../flows/item-being-made.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { ItemReading, Reading, SideState } from '../../flows/reading.ts'
import { type ItemLink, type LinkedRow, OPEN_FLAG, REOPENED_FLAG, type Row } from '../../flows/row.ts'
import { otherSide, type Side, sides } from '../../flows/side.ts'
import type { ItemAnswer, ParsedRecord } from '../connector.ts'
import { readWholeRecord } from '../live/fetch-lists.ts'
import { readState } from '../reading/read-states.ts'
import { cleared } from './apply-reconcile.ts'
import { type Chunk, type Done, replacing } from './chunk.ts'
import { findMadeItem, landedGiven } from './find-made-item.ts'
import { markReopened, setLocked } from './hold-open.ts'
import { ignoredItemClears } from './ignored-item-clears.ts'
import { editsFor, type ItemsPlan, labelOf, planItems, positionsToMend } from './item-edits.ts'
import { type ItemsResult, itemLinksAfter, madeLink, type ShownAtFirst } from './item-links.ts'
import { emptyListRow } from './items-row.ts'
import { touchedBy } from './lock-check.ts'
import { tellsOfTouched } from './tell.ts'
import { linkWithTried } from './tried-writes.ts'
import { createdItems } from './values-to-create.ts'
import { registerWaits } from './wait-for-links.ts'
import { words } from './write-side.ts'

interface ReadList {
  readonly record: ParsedRecord & { readonly kind: 'record' }
  readonly reading: Reading
  readonly items: readonly ItemReading[]
}

/**
 * Carries two lists over into each other, PowerOffice first (E22). Both are read whole just before, and nothing is written
 * unless they show what was decided on; one request an item, each guarded by the record's version where there is one. What
 * the memory keeps is what both sides show afterwards, never what was hoped for.
 */
export async function applyItems(chunk: Chunk, decision: ReconcileItemsDecision): Promise<Done> {
  const ids = { erpId: decision.erp.id, shopId: decision.shop.id }
  const stale: Done = { outcome: { kind: 'stale', ...ids }, puts: [] }
  const previous = decision.rows.find((row): row is LinkedRow => row.kind === 'linked') ?? null
  await registerOpen(chunk, decision)
  const plan = planItems(decision)
  const isHeld = previous?.flags.includes(REOPENED_FLAG) === true && decision.erp.isFinal !== true
  if (!plan.writes.erp && !plan.writes.shop && !isHeld) return remembered(chunk, decision, previous, plan)

  const before: Partial<Record<Side, ReadList>> = {}
  for (const side of sides) {
    const list = await readNow(chunk, side, decision[side].id)
    if (list?.reading.seen !== decision[side].seen) return stale
    before[side] = list
  }
  const lists = before as Record<Side, ReadList>
  const isOpen = isHeld || (plan.writes.erp && decision.erp.isLocked === true && decision.erp.isFinal !== true)
  let rows = decision.rows
  if (sides.some((side) => plan.adds[side].length > 0)) {
    // Should the answer to one of these be lost, the next look finds it by its reference, or repeats it under its key (E18).
    const announced = await announce(chunk, decision, previous, plan, lists)
    if (announced === null) return stale
    rows = announced
  }
  if (plan.writes.erp && isOpen && lists.erp.record.isLocked === true) {
    const opened = await openLists(chunk, decision, rows, lists.erp)
    if (opened === null) return stale
    rows = opened.rows
    lists.erp = opened.list
  }

  const result: ItemsResult = {
    added: { erp: new Map(), shop: new Map() },
    answered: { erp: new Map(), shop: new Map() },
    found: new Map(),
    failed: new Set(),
    withheld: new Map(),
  }
  const notes: FieldNote[] = [...decision.notes]
  const wrote: Side[] = []
  for (const side of sides) {
    if (!plan.writes[side]) continue
    const written = await writeList(chunk, decision, plan, side, lists, result, rows)
    notes.push(...written.notes)
    if (written.wrote) wrote.push(side)
    if (written.isBroken)
      return { ...stale, puts: await halfDone(chunk, decision, previous, { rows, result, plan, lists, isOpen }) }
  }
  const after = await afterWrites(chunk, decision, lists, wrote)
  if (after === null)
    return { ...stale, puts: await halfDone(chunk, decision, previous, { rows, result, plan, lists, isOpen }) }
  return done(chunk, decision, previous, { plan, rows, lists, after, result, notes, wrote, isOpen })
}

/** PowerOffice's list with its order set back to draft; null: it is not as it was, or somebody was faster. */
async function openLists(
  chunk: Chunk,
  decision: ReconcileItemsDecision,
  rows: readonly Row[],
  { record, reading }: ReadList,
): Promise<{ readonly rows: readonly Row[]; readonly list: ReadList } | null> {
  const row = rows.find((candidate): candidate is LinkedRow => candidate.kind === 'linked')
  const marked = row ? await markReopened(chunk, rows, row) : null
  if (marked === null || !(await setLocked(chunk, record, false))) return null
  const list = await readNow(chunk, 'erp', decision.erp.id)
  const shown = (items: readonly ItemReading[] = []) => items.map(({ id, seen }) => [id, seen]).join()
  return list && shown(list.items) === shown(reading.items) ? { rows: marked, list } : null
}

/** What waits for a link of another flow's record is told by that flow (E23). */
async function registerOpen(chunk: Chunk, decision: ReconcileItemsDecision): Promise<void> {
  if (!decision.notes.some((note) => note.kind === 'waits')) return
  const waits = sides.flatMap((side) => decision[side].items?.flatMap((item) => item.unlinked ?? []) ?? [])
  if (waits.length > 0) await registerWaits(chunk, `erp:${decision.erp.id}`, waits)
}

async function readNow(chunk: Chunk, side: Side, id: string): Promise<ReadList | null> {
  const record = await readWholeRecord(chunk.request, side, id)
  const state: SideState = await readState(chunk.request, side, record)
  if (record.kind !== 'record' || state.kind !== 'present') return null
  return { record, reading: state.reading, items: state.reading.items ?? [] }
}

/**
 * The row says which items are about to be made, and what each is given, so that one whose answer is lost is told from what
 * people do to it and to its source (E18). null: somebody else was faster.
 */
async function announce(
  chunk: Chunk,
  decision: ReconcileItemsDecision,
  previous: LinkedRow | null,
  plan: ItemsPlan,
  lists: Readonly<Record<Side, ReadList>>,
): Promise<readonly Row[] | null> {
  const known = previous?.items ?? []
  const pending = sides.flatMap((on) =>
    [...givenItems(chunk, on, lists[otherSide(on)], plan.adds[on])].map(([from, base]) =>
      pendingLink(
        on,
        from,
        base,
        known.find((link) => isBeingMade(link, on) && idOn(link, otherSide(on)) === from),
      ),
    ),
  )
  if (pending.every((link) => known.includes(link))) return decision.rows
  const isPending = (link: ItemLink): boolean => sides.some((on) => plan.adds[on].includes(idOn(link, otherSide(on))))
  const row: LinkedRow = {
    ...(previous ?? emptyListRow(chunk.definition, decision, chunk.pointer)),
    erpSeen: '',
    shopSeen: '',
    // An order that stands open by our doing is confirmed again by whoever finds the mark.
    flags: previous?.flags.includes(REOPENED_FLAG) ? OPEN_FLAG + REOPENED_FLAG : OPEN_FLAG,
    // A list that was never linked begins with what the decision pairs, so that only the new items are in doubt.
    items: [
      ...(previous ? known : itemLinksAfter(chunk.definition, decision, null, plan.pairsOnly)).filter(
        (link) => !isPending(link),
      ),
      ...pending,
    ],
  }
  const put = replacing(decision.rows, row)
  const report = await chunk.request.memory.put(chunk.input, chunk.input.directory, [put], chunk.context.signal)
  if (report.answers[0]?.kind !== 'done') return null
  const rest = decision.rows.filter((other) => other.kind !== 'linked')
  return [...rest, row]
}

/** Hashes by id of what new items on `on` are given from these items of the other side. */
function givenItems(chunk: Chunk, on: Side, source: ReadList, ids: readonly string[]): ReadonlyMap<string, string> {
  const items = source.items.filter((item) => ids.includes(item.id))
  return new Map(createdItems(chunk.definition, on, items))
}

/** Of an item that is being made on `on`: what it is given now, and what attempts before gave, which may have landed. */
function pendingLink(on: Side, from: string, base: string, known: ItemLink | undefined): ItemLink {
  if (known) return withGiven(known, base)
  return { erpId: on === 'erp' ? '' : from, shopId: on === 'shop' ? '' : from, base, shopBase: '' }
}

function idOn(link: ItemLink, side: Side): string {
  return side === 'erp' ? link.erpId : link.shopId
}

function isBeingMade(link: ItemLink, on: Side): boolean {
  return idOn(link, on) === ''
}

async function writeList(
  chunk: Chunk,
  decision: ReconcileItemsDecision,
  plan: ItemsPlan,
  side: Side,
  lists: Readonly<Record<Side, ReadList>>,
  result: ItemsResult,
  rows: readonly Row[],
): Promise<{ readonly wrote: boolean; readonly isBroken: boolean; readonly notes: readonly FieldNote[] }> {
  const collection = chunk.collections[side]
  const notes: FieldNote[] = []
  let { record } = lists[side]
  let wrote = false
  const pending = itemsOf(rows)
  for (const { edit, key, withheld, label } of editsFor(chunk.definition, decision, plan, side, lists)) {
    if (withheld.length > 0) {
      notes.push(...withheld.map((note) => ({ ...note, field: `${label} ${note.field}` })))
      result.withheld.set(key, new Set(withheld.map((note) => note.field)))
    }
    if (edit === null) continue
    chunk.pulse.assertAlive()
    let answer = await collection.editItem?.(record, edit, chunk.context)
    while ((answer?.kind === 'keyUsed' || answer?.kind === 'removedSince') && edit.kind === 'add') {
      const made = answer.kind === 'keyUsed' ? madeEarlier(pending, key, lists.shop.items, plan) : undefined
      const found = made ?? removedUnlinked(decision, pending, key, answer)
      if (found) {
        result.found.set(key, found)
        return { wrote, isBroken: true, notes }
      }
      // Nothing of ours tells of what was made under that key, and it is gone: this is another item, under the next.
      answer = await collection.editItem?.(record, { ...edit, creation: answer.creation + 1 }, chunk.context)
    }
    switch (answer?.kind) {
      case 'done':
        wrote = true
        if (edit.kind === 'add' && answer.item && answer.isEarlier) {
          // What both sides show by now is compared with what it was given before anything else is done to the list.
          result.found.set(key, { shopId: answer.item.id, base: pending.find(isOf(key))?.base ?? '' })
          return { wrote, isBroken: true, notes }
        }
        if (edit.kind === 'add' && answer.item) result.added[side].set(key, answer.item.id)
        if (answer.item && (edit.kind === 'change' || answer.isAsMade))
          result.answered[side].set(answer.item.id, answer.item)
        record = { ...record, version: answer.version ?? record.version }
        break
      case 'refused':
        // Somebody confirmed the order meanwhile: that is no refusal of the line.
        if (side === 'erp' && (await isLockedNow(chunk, lists.erp))) return { wrote, isBroken: true, notes }
        result.failed.add(key)
        notes.push({ field: label, kind: 'asks', detail: words(answer) })
        break
      case 'missing':
      case 'stale':
      case 'uncertain':
      case 'keyUsed':
      case 'removedSince':
      case undefined:
        return { wrote, isBroken: true, notes }
    }
  }
  return { wrote, isBroken: false, notes }
}

function itemsOf(rows: readonly Row[]): readonly ItemLink[] {
  return rows.find((row): row is LinkedRow => row.kind === 'linked')?.items ?? []
}

const isOf =
  (erpId: string) =>
  (link: ItemLink): boolean =>
    link.erpId === erpId

/** The webshop's item that an earlier attempt made from this one of PowerOffice, with other values than it has now. */
function madeEarlier(
  links: readonly ItemLink[],
  erpId: string,
  shopItems: readonly ItemReading[],
  plan: ItemsPlan,
): { readonly shopId: string; readonly base: string } | undefined {
  const linked = new Set([...links.map((link) => link.shopId), ...plan.pairsOnly.map((pair) => pair.shopId)])
  const own = links.find(isOf(erpId))
  // What was given before is the likelier one: what is given now was just refused.
  const given = own ? [...givenBefore(own), own.base].filter((hashes) => hashes !== '') : []
  const claimed = links.flatMap((link) => (link.shopId === '' && link.erpId !== erpId ? [link.base] : []))
  const free = shopItems.filter((item) => !linked.has(item.id))
  const item = findMadeItem(given, free, claimed)
  return item && { shopId: item.id, base: landedGiven(given, item) }
}

/**
 * The webshop's item that an earlier attempt made from this one of PowerOffice, and that people have removed before we knew of it:
 * the same as if they had done so after the two were linked (E22). An id that no item has, where we were not told of it, says just that.
 */
function removedUnlinked(
  decision: ReconcileItemsDecision,
  pending: readonly ItemLink[],
  erpId: string,
  answer: ItemAnswer,
): { readonly shopId: string; readonly base: string } | undefined {
  const wasBegun = itemsOf(decision.rows).some((link) => link.erpId === erpId && isBeingMade(link, 'shop'))
  const own = pending.find(isOf(erpId))
  if (!wasBegun || !own) return undefined
  // What is given now was given then, or was just refused.
  return answer.kind === 'removedSince'
    ? { shopId: answer.id, base: own.base }
    : { shopId: `?${erpId}`, base: givenBefore(own)[0] ?? own.base }
}

async function isLockedNow(chunk: Chunk, { record }: ReadList): Promise<boolean> {
  if (record.isLocked === true) return false
  return (await readNow(chunk, 'erp', record.id))?.record.isLocked === true
}

/**
 * Something of the list was written and then the work stopped: the links that are known now are kept, nothing counts as
 * seen, and the next look finds out the rest.
 */
async function halfDone(
  chunk: Chunk,
  decision: ReconcileItemsDecision,
  previous: LinkedRow | null,
  { rows, result, plan, lists, isOpen }: Pick<Finished, 'rows' | 'result' | 'plan' | 'lists' | 'isOpen'>,
): Promise<Done['puts']> {
  const announced = itemsOf(rows)
  const isKnownNow = (erpId: string): boolean => result.added.shop.has(erpId) || result.found.has(erpId)
  // What both sides show alike is agreed on, whatever became of the rest: an edit that comes next is measured by it.
  const known = itemLinksAfter(chunk.definition, decision, null, plan.pairsOnly).map((link) => {
    const tried = previous?.items?.find(
      (earlier) => earlier.erpId === link.erpId && earlier.shopId === link.shopId,
    )?.tried
    return tried ? { ...link, tried } : link
  })
  // Agreed is what the new item was given, and no more: people may have been at it since. PowerOffice rounds and spells in its
  // own way, which its answer showed.
  const given = givenItems(chunk, 'shop', lists.erp, [...result.added.shop.keys()])
  const shownAtFirst = await readAnswered(chunk, lists, result)
  const added = (side: Side): ItemLink[] =>
    [...result.added[side]].map(([from, made]) =>
      side === 'shop'
        ? { erpId: from, shopId: made, base: given.get(from) ?? '', shopBase: '' }
        : linkAsMade(chunk, made, from, shownAtFirst.erp.get(made), lists.shop, result.withheld.get(from)),
    )
  const links = [
    ...known
      .filter((link) => link.shopId !== '' && !isKnownNow(link.erpId))
      .map((link) => linkWithTried(chunk.definition, decision, link)),
    ...added('erp'),
    ...added('shop'),
    ...[...result.found].map(([erpId, { shopId, base }]) => ({ erpId, shopId, base, shopBase: '' })),
    ...announced.filter((link) => link.shopId === '' && plan.adds.shop.includes(link.erpId) && !isKnownNow(link.erpId)),
    // Removed at its source before it was known to be made: what was made goes as well, once it is found.
    ...announced.filter((link) => link.shopId === '' && !lists.erp.items.some((item) => item.id === link.erpId)),
    ...announced.filter(
      (link) => link.erpId === '' && plan.adds.erp.includes(link.shopId) && !result.added.erp.has(link.shopId),
    ),
  ]
  const row: LinkedRow = {
    ...(previous ?? emptyListRow(chunk.definition, decision, chunk.pointer)),
    erpSeen: '',
    shopSeen: '',
    flags: isOpen ? OPEN_FLAG + REOPENED_FLAG : OPEN_FLAG,
    definition: chunk.definition.version,
    items: links,
  }
  return [replacing(rows, row)]
}

/** What the answers to the writes showed, in the form that is compared. */
async function readAnswered(
  chunk: Chunk,
  lists: Readonly<Record<Side, ReadList>>,
  { answered }: ItemsResult,
): Promise<ShownAtFirst> {
  const readSide = async (side: Side): Promise<ReadonlyMap<string, ItemReading>> => {
    if (answered[side].size === 0) return new Map()
    const state = await readState(chunk.request, side, { ...lists[side].record, items: [...answered[side].values()] })
    const items = state.kind === 'present' ? (state.reading.items ?? []) : []
    return new Map(items.map((item) => [item.id, item]))
  }
  const [erp, shop] = await Promise.all(sides.map(readSide))
  return { erp: erp ?? new Map(), shop: shop ?? new Map() }
}

/** Of an item whose making was not heard of, nothing is agreed on: what both sides show is found out by the next look. */
function linkAsMade(
  chunk: Chunk,
  erpId: string,
  shopId: string,
  made: ItemReading | undefined,
  shop: ReadList,
  withheld: ReadonlySet<string> | undefined,
): ItemLink {
  const source = shop.items.find((item) => item.id === shopId)
  if (!made || !source) return { erpId, shopId, base: '', shopBase: '' }
  return madeLink(chunk.definition, 'erp', made, source, withheld)
}

/** Both sides as they are after the writes: only what was written is read again. */
async function afterWrites(
  chunk: Chunk,
  decision: ReconcileItemsDecision,
  lists: Readonly<Record<Side, ReadList>>,
  wrote: readonly Side[],
): Promise<Record<Side, ReadList> | null> {
  const after = { ...lists }
  for (const side of wrote) {
    const now = await readNow(chunk, side, decision[side].id)
    if (now === null) return null
    after[side] = now
  }
  return after
}

interface Finished {
  readonly plan: ItemsPlan
  readonly rows: readonly Row[]
  readonly lists: Readonly<Record<Side, ReadList>>
  readonly after: Readonly<Record<Side, ReadList>>
  readonly result: ItemsResult
  readonly notes: readonly FieldNote[]
  readonly wrote: readonly Side[]
  /** The order is a draft by our doing, and is confirmed again at the end. */
  readonly isOpen: boolean
}

async function done(
  chunk: Chunk,
  decision: ReconcileItemsDecision,
  previous: LinkedRow | null,
  finished: Finished,
): Promise<Done> {
  const { plan, result, isOpen: isHeld } = finished
  const wrote = isHeld && !finished.wrote.includes('erp') ? [...finished.wrote, 'erp' as const] : finished.wrote
  let { after } = finished
  // Items may have been put between others: where the order came out differently, every place is written once.
  for (const side of sides) {
    let { record } = after[side]
    const edits = positionsToMend(plan, side, after[side], after[otherSide(side)].items, result)
    if (edits.length === 0) continue
    for (const edit of edits) {
      chunk.pulse.assertAlive()
      const answer = await chunk.collections[side].editItem?.(record, edit, chunk.context)
      if (answer?.kind !== 'done') break
      record = { ...record, version: answer.version ?? record.version }
    }
    const now = await readNow(chunk, side, decision[side].id)
    if (now) after = { ...after, [side]: now }
  }
  if (isHeld) {
    const isConfirmed = await setLocked(chunk, after.erp.record, true)
    const now = isConfirmed ? await readNow(chunk, 'erp', decision.erp.id) : null
    if (now === null) {
      const stale = { kind: 'stale' as const, erpId: decision.erp.id, shopId: decision.shop.id }
      return { outcome: stale, puts: await halfDone(chunk, decision, previous, finished) }
    }
    after = { ...after, erp: now }
  }
  const notes = [...finished.notes, ...heldClears(finished, after)]
  const shownAtFirst = await readAnswered(chunk, finished.lists, result)
  const links = [
    ...itemLinksAfter(chunk.definition, decision, { ...after, result, shownAtFirst }, plan.pairsOnly),
    // Its reference may be refused since an earlier attempt's is still on its way.
    ...itemsOf(finished.rows).filter((link) => isBeingMade(link, 'erp') && result.failed.has(link.shopId)),
  ]
  const isOpen = decision.isOpen || result.failed.size > 0 || [...result.withheld.values()].some((set) => set.size > 0)
  // What the new side states by itself (a VAT rate) is not agreed on yet, and is carried back by the next look.
  const isUnfinished = links.some((link) => hasUnknown(link, result))
  const disturbed =
    sides.some((side) => isDisturbed(decision, finished, after[side], side)) ||
    sides.some((side) => [...shownAtFirst[side].values()].some((first) => isEditedSince(first, after[side])))
  const row: LinkedRow = {
    ...(previous ?? emptyListRow(chunk.definition, decision, chunk.pointer)),
    erpSeen: disturbed || isUnfinished ? '' : after.erp.reading.seen,
    shopSeen: disturbed || isUnfinished ? '' : after.shop.reading.seen,
    flags: isOpen || isUnfinished ? OPEN_FLAG : '',
    definition: chunk.definition.version,
    pointer: chunk.pointer,
    items: links,
  }
  const outcome: Outcome = {
    kind: disturbed ? 'stale' : decision.how === 'link' ? 'linked' : wrote.length > 0 ? 'updated' : 'unchanged',
    erpId: decision.erp.id,
    shopId: decision.shop.id,
    ...(wrote.length > 0 ? { wrote } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(isUnfinished ? { againMs: 0 } : {}),
  }
  return {
    outcome,
    puts: [...cleared(finished.rows, row), replacing(finished.rows, row)],
    // What is held back for a confirmed order follows its lines.
    ...(isHeld ? { tell: tellsOfTouched(chunk, touchedBy(chunk, after.erp)) } : {}),
  }
}

/** What a side kept although it was to be cleared is not agreed on: noted as held back, and told of by the line. */
function heldClears({ plan, lists, result, wrote }: Finished, after: Readonly<Record<Side, ReadList>>): FieldNote[] {
  return wrote.flatMap((side) =>
    ignoredItemClears(side, plan, lists, after, result).flatMap(({ id, notes }) => {
      result.withheld.set(id, new Set([...(result.withheld.get(id) ?? []), ...notes.map((note) => note.field)]))
      const line = labelOf(lists[side].items, id)
      return notes.map((note) => ({ ...note, field: `${line} ${note.field}` }))
    }),
  )
}

function hasUnknown(link: ItemLink, result: ItemsResult): boolean {
  const isNew = [...result.added.erp].some(([, made]) => made === link.erpId) || result.added.shop.has(link.erpId)
  const isHeldBack = result.withheld.has(link.erpId) || result.withheld.has(link.shopId)
  return isNew && !isHeldBack && link.base.includes(NO_HASH)
}

function isEditedSince(first: ItemReading, { items }: ReadList): boolean {
  return items.some((item) => item.id === first.id && item.hashes !== first.hashes)
}

/** An item that nobody of us wrote shows something else than was decided on: it is decided again (rule 14). */
function isDisturbed(
  decision: ReconcileItemsDecision,
  { plan, result, lists }: Finished,
  after: ReadList,
  side: Side,
): boolean {
  const expected = new Set(lists[side].items.map((item) => item.id))
  for (const change of decision.changes) if (change.kind === 'remove' && change.on === side) expected.delete(change.id)
  for (const id of result.added[side].values()) expected.add(id)
  for (const key of result.failed) if (lists[side].items.some((item) => item.id === key)) expected.add(key)
  if (after.items.length !== expected.size || after.items.some((item) => !expected.has(item.id))) return true
  return after.items.some((item) => {
    const earlier = lists[side].items.find((other) => other.id === item.id)
    return earlier !== undefined && !plan.written[side].has(item.id) && earlier.hashes !== item.hashes
  })
}

/** Nothing to write: what both sides show, and what a person has to see, is remembered. */
function remembered(chunk: Chunk, decision: ReconcileItemsDecision, previous: LinkedRow | null, plan: ItemsPlan): Done {
  const row: LinkedRow = {
    ...(previous ?? emptyListRow(chunk.definition, decision, chunk.pointer)),
    erpSeen: decision.erp.seen,
    shopSeen: decision.shop.seen,
    flags: decision.isOpen ? OPEN_FLAG : '',
    definition: chunk.definition.version,
    pointer: chunk.pointer,
    items: itemLinksAfter(chunk.definition, decision, null, plan.pairsOnly),
  }
  const outcome: Outcome = {
    kind: decision.how === 'link' ? 'linked' : 'unchanged',
    erpId: decision.erp.id,
    shopId: decision.shop.id,
    ...(decision.notes.length > 0 ? { notes: decision.notes } : {}),
  }
  return {
    outcome,
    puts: [...cleared(decision.rows, row), replacing(decision.rows, row)],
  }
}
