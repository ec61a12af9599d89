import type { Decision, ReconcileDecision, ReconcileItemsDecision } from '../../flows/decision.ts'
import { hashAt, joinHashes, NO_HASH } from '../../flows/field-hashes.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import { linkAsFound } from '../../flows/item-being-made.ts'
import { landedWrite, letterFor } from '../../flows/landed-write.ts'
import type { PutItem } from '../../flows/memory.ts'
import { type CreatingRow, type ItemLink, type LinkedRow, rowKey, type TriedWrites } from '../../flows/row.ts'
import { decodeRow } from '../../flows/row-codec.ts'
import { type Chunk, replacing } from './chunk.ts'
import { newLinkedRow } from './linked-row.ts'

type TriedChunk = Pick<Chunk, 'definition' | 'input' | 'request' | 'context' | 'isRepeated'>

/**
 * The chunk's decisions when an earlier attempt may have carried some of them out: before anything else, and before either
 * system is asked, which may fail, the memory says what that attempt set out to write, so that a value of ours is not taken
 * for an edit should people have gone on since (E19). `null` stands for a decision whose row is another by now: it is decided anew.
 * @throws VendorTrouble while the memory does not answer
 */
export async function withTriedWrites(chunk: TriedChunk): Promise<readonly (Decision | null)[]> {
  const { decisions } = chunk.input
  if (!chunk.isRepeated) return decisions
  const rows = decisions.map((decision) => rowWithTried(chunk.definition, decision))
  const marked = rows.flatMap((row, index) => (row ? [{ row, index }] : []))
  if (marked.length === 0) return decisions
  const puts = marked.map(({ row, index }) => replacing(rowsOf(decisions[index]), row))
  const report = await chunk.request.memory.put(chunk.input, chunk.input.directory, puts, chunk.context.signal)
  const after: (Decision | null)[] = [...decisions]
  const again: PutItem[] = []
  for (const [at, { row, index }] of marked.entries()) {
    const decision = decisions[index]
    const answer = report.answers[at]
    if (!decision) continue
    const rest = rowsOf(decision).filter((other) => rowKey(other) !== rowKey(row))
    after[index] = answer?.kind === 'done' ? { ...decision, rows: [...rest, row] } : null
    if (answer?.kind === 'refused') again.push(...onPresentRow(chunk.definition, decision, answer.row))
  }
  if (again.length > 0) await chunk.request.memory.put(chunk.input, chunk.input.directory, again, chunk.context.signal)
  return after
}

/**
 * The earlier attempt may have changed the row itself before it wrote: a list's row says which items are about to be made. What it
 * set out to write is noted there all the same, should the row still link the pair.
 */
function onPresentRow(definition: FlowDefinition, decision: Decision, text: string | null): readonly PutItem[] {
  const present = text === null ? null : decodeRow(text)
  const decided = rowsOf(decision).find((row): row is LinkedRow => row.kind === 'linked')
  if (present?.kind !== 'linked' || present.erpId !== decided?.erpId || present.shopId !== decided.shopId) return []
  const rows = [...rowsOf(decision).filter((other) => other.kind !== 'linked'), present]
  const row = rowWithTried(definition, { ...decision, rows })
  return row ? [replacing(rows, row)] : []
}

/**
 * The pair's row with what the decision sets out to write; undefined: it writes nothing, or no row can tell. A pair that is being
 * linked has none yet: the row of the create that made one of the two keeps it (adoption), else the pair is linked by it, with
 * nothing agreed on.
 */
export function rowWithTried(definition: FlowDefinition, decision: Decision): LinkedRow | CreatingRow | undefined {
  if (decision.kind !== 'reconcile' && decision.kind !== 'reconcileItems') return undefined
  const row = decision.rows.find((each): each is LinkedRow => each.kind === 'linked')
  if (decision.kind === 'reconcile')
    return row ? linkedWithTried(definition, decision, row) : newPairsRow(definition, decision)
  if (row?.definition !== definition.version) return undefined
  const items = (row.items ?? []).map((link) => linkWithTried(definition, decision, link))
  return items.some((link, index) => link !== row.items?.[index]) ? { ...row, items } : undefined
}

function linkedWithTried(
  definition: FlowDefinition,
  decision: ReconcileDecision,
  row: LinkedRow,
): LinkedRow | undefined {
  if (row.definition !== definition.version) return undefined
  const tried = triedByPair(definition, decision, row.tried)
  return tried ? { ...row, ...basesWithLanded(definition, row, decision), tried } : undefined
}

function newPairsRow(definition: FlowDefinition, decision: ReconcileDecision): LinkedRow | CreatingRow | undefined {
  const creating = decision.rows.find((each): each is CreatingRow => each.kind === 'creating')
  const tried = triedByPair(definition, decision, creating?.tried)
  if (tried === undefined) return undefined
  if (creating?.gives) {
    if (creating.gives.definition !== definition.version) return undefined
    const { hashes } = creating.gives
    const { base } = basesWithLanded(definition, { base: hashes, shopBase: '', ...triedOf(creating) }, decision)
    return { ...creating, gives: { ...creating.gives, hashes: base }, tried }
  }
  // The lists of a record have to be looked at when it is linked, and the dead have their own rules.
  const isPlain = definition.items === undefined && decision.rows.every(({ kind }) => kind === 'seen')
  if (!isPlain) return undefined
  const base = joinHashes(definition.fields.map(() => NO_HASH))
  return { ...newLinkedRow(definition, decision, ''), base, tried }
}

function triedByPair(
  definition: FlowDefinition,
  decision: ReconcileDecision,
  before: TriedWrites | undefined,
): TriedWrites | undefined {
  return triedBy(definition, decision, decision, before, (field) => letterFor(decision.notes, field))
}

function triedOf({ tried }: CreatingRow): { readonly tried?: TriedWrites } {
  return tried ? { tried } : {}
}

export function linkWithTried(definition: FlowDefinition, decision: ReconcileItemsDecision, link: ItemLink): ItemLink {
  const change = decision.changes.find(
    (each) => each.kind === 'pair' && each.shopId === link.shopId && (each.erpId === link.erpId || link.erpId === ''),
  )
  if (change?.kind !== 'pair') return link
  const erp = decision.erp.items?.find((item) => item.id === change.erpId)
  const shop = decision.shop.items?.find((item) => item.id === link.shopId)
  if (!erp || !shop) return link
  const known = link.erpId === '' ? linkAsFound(link, erp) : link
  const line = (decision.erp.items ?? []).indexOf(erp) + 1
  const letterOf = (field: string): string => letterFor(decision.notes, `line ${line} ${field}`)
  const tried = triedBy(definition, change, { erp, shop }, known.tried, letterOf)
  return tried ? { ...known, ...basesWithLanded(definition, known, { erp, shop }), tried } : link
}

interface Shown {
  readonly erp: { readonly hashes: string }
  readonly shop: { readonly hashes: string }
}

/**
 * The pair's row, or its line's link, with what earlier attempts tried and the decision found to have landed among what is agreed on.
 * Whatever is remembered next goes on from here: the note is gone by then, and our own write would count as an edit.
 */
export function withLanded<Known extends Pick<ItemLink, 'base' | 'shopBase' | 'tried'>>(
  definition: FlowDefinition,
  known: Known,
  shown: Shown,
): Known {
  return known.tried === undefined ? known : { ...known, ...basesWithLanded(definition, known, shown) }
}

/** What an earlier attempt tried and the decision found to have landed is agreed on: the note of it makes room for the next. */
function basesWithLanded(
  definition: FlowDefinition,
  known: Pick<ItemLink, 'base' | 'shopBase' | 'tried'>,
  { erp, shop }: Shown,
): Pick<ItemLink, 'base' | 'shopBase'> {
  if (known.tried === undefined) return { base: known.base, shopBase: known.shopBase }
  const landed = definition.fields.map((_, index) =>
    landedWrite(known.tried, index, { erp: hashAt(erp.hashes, index), shop: hashAt(shop.hashes, index) }),
  )
  const withLanded = (hashes: string): string => joinHashes(landed.map((hash, index) => hash ?? hashAt(hashes, index)))
  const [base, shopBase] = [withLanded(known.base), withLanded(known.shopBase === '' ? known.base : known.shopBase)]
  return { base, shopBase: shopBase === base ? '' : shopBase }
}

function triedBy(
  definition: FlowDefinition,
  { writeErp, writeShop }: Pick<ReconcileDecision, 'writeErp' | 'writeShop'>,
  { erp, shop }: Shown,
  before: TriedWrites | undefined,
  letterOf: (field: string) => string,
): TriedWrites | undefined {
  if (writeErp.length + writeShop.length === 0) return undefined
  const tried = (written: readonly string[], source: string, earlier: string): string => {
    if (written.length === 0) return earlier
    return joinHashes(
      definition.fields.map(({ name }, index) =>
        written.includes(name) ? hashAt(source, index) : earlier === '' ? NO_HASH : hashAt(earlier, index),
      ),
    )
  }
  const written = new Set([...writeErp, ...writeShop])
  const letters = definition.fields
    .map(({ name }, index) => (written.has(name) ? letterOf(name) : (before?.[2]?.[index] ?? '-')))
    .join('')
  const writes = [
    tried(writeErp, shop.hashes, before?.[0] ?? ''),
    tried(writeShop, erp.hashes, before?.[1] ?? ''),
  ] as const
  return /^-*$/.test(letters) ? writes : [...writes, letters]
}

function rowsOf(decision: Decision | undefined) {
  return decision?.rows ?? []
}
