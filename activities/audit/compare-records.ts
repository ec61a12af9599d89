import type { Difference } from '../../flows/audit.ts'
import type { Reading, SideState } from '../../flows/reading.ts'
import { type LinkedRow, UNFINISHED_MS } from '../../flows/row.ts'
import { otherSide, type RecordKey, recordKey, type Side, sides } from '../../flows/side.ts'
import { differs } from '../reading/differs.ts'
import { idOfState, isOfOtherFlow, seenOf } from '../reading/side-state.ts'
import type { ComparedWorld, Comparison } from './compared-world.ts'
import { findDuplicates } from './duplicates.ts'
import { isExplained } from './explained.ts'
import { isFinal, type KnownRows, knownRows, lastSeenAlone } from './known-rows.ts'

/**
 * Both systems against each other and against the memory, record by record and field by field. Pure. Reports what nobody
 * knows of: what a rule of the field, a row or the inbox accounts for is counted as listed.
 */
export function compareRecords(world: ComparedWorld): Comparison {
  const known = knownRows(world.rows)
  const states = { erp: byId(world.erp), shop: byId(world.shop) }
  const differences: Difference[] = []
  let listed = 0
  const say = (difference: Difference, isListed: boolean): void => {
    if (isListed) listed++
    else differences.push(difference)
  }

  for (const row of known.linked) for (const one of compareLinked(world, row, states)) say(one.difference, one.isListed)
  const named = namedBy(world, known)
  for (const side of sides)
    for (const state of states[side].values()) {
      const id = idOfState(state)
      if (id === null || known.linkOf(side, id) || state.kind === 'missing' || isOfOtherFlow(state)) continue
      const found = compareAlone(world, known, { side, id, state }, named, states)
      if (found) say(found.difference, found.isListed)
    }
  for (const { difference, isListed } of findDuplicates(world, known)) say(difference, isListed)
  return { differences, listed }
}

type States = Readonly<Record<Side, ReadonlyMap<string, SideState>>>
interface Judged {
  readonly difference: Difference
  readonly isListed: boolean
}

function byId(states: readonly SideState[]): ReadonlyMap<string, SideState> {
  return new Map(states.flatMap((state) => (state.kind === 'absent' ? [] : [[idOfState(state) ?? '', state] as const])))
}

function compareLinked(world: ComparedWorld, row: LinkedRow, states: States): Judged[] {
  const { definition, listed } = world
  const erp = states.erp.get(row.erpId)
  const shop = states.shop.get(row.shopId)
  const keys = [recordKey('erp', row.erpId), recordKey('shop', row.shopId)]
  const isPairListed = keys.some(listed.record)
  const judged: Judged[] = []
  const isThere = (state: SideState | undefined): boolean => state !== undefined && state.kind !== 'missing'
  const vanished = [
    ...(isThere(erp) || isFinal(row) ? [] : [recordKey('erp', row.erpId)]),
    ...(isThere(shop) ? [] : [recordKey('shop', row.shopId)]),
  ]
  if (vanished.length > 0)
    return [{ difference: { kind: 'vanished', keys: vanished, fields: [], mark: '' }, isListed: isPairListed }]
  if (row.definition !== definition.version)
    judged.push({
      difference: { kind: 'unknownVersion', keys, fields: [], mark: String(row.definition) },
      isListed: false,
    })
  // Invoiced, and the list does not show it any more: nothing to hold the webshop's record against.
  if (!erp || !shop) return judged
  const mark = `${seenOf(erp)} ${seenOf(shop)}`
  if (erp.kind !== 'present' || shop.kind !== 'present') {
    if (!isSeen(row, erp, shop))
      judged.push({ difference: { kind: 'unnoticed', keys, fields: [], mark }, isListed: isPairListed })
    return judged
  }
  const { open, told } = differingFields(world, row, erp.reading, shop.reading, keys)
  if (open.length > 0) judged.push({ difference: { kind: 'diverged', keys, fields: open, mark }, isListed: false })
  if (told.length > 0) judged.push({ difference: { kind: 'diverged', keys, fields: told, mark }, isListed: true })
  if (open.length === 0 && !isSeen(row, erp, shop))
    judged.push({ difference: { kind: 'unnoticed', keys, fields: [], mark }, isListed: isPairListed })
  return judged
}

function isSeen(row: LinkedRow, erp: SideState, shop: SideState): boolean {
  return seenOf(erp) === row.erpSeen && seenOf(shop) === row.shopSeen
}

/** Fields with different values that nothing explains: nobody knows of the `open` ones, the inbox of the `told` ones. */
function differingFields(
  { definition, listed, notOffered }: ComparedWorld,
  row: LinkedRow,
  erp: Reading,
  shop: Reading,
  keys: readonly RecordKey[],
): { readonly open: string[]; readonly told: string[] } {
  if (!erp.content || !shop.content) throw new Error('the audit compares readings with their content')
  const different = differs(definition, erp.content, shop.content)
  const bases = row.definition === definition.version ? row : null
  const hashes = { erp: erp.hashes, shop: shop.hashes }
  const open: string[] = []
  const told: string[] = []
  definition.fields.forEach((field, index) => {
    if (different[index] !== '1' || isExplained(field, index, hashes, bases, notOffered)) return
    if (listed.field(keys, field.name)) told.push(field.name)
    else open.push(field.name)
  })
  return { open, told }
}

interface Alone {
  readonly side: Side
  readonly id: string
  readonly state: SideState
}

/** A record without a link: a row says why, or its counterpart is known by reference, or it is lost. */
function compareAlone(
  world: ComparedWorld,
  known: KnownRows,
  { side, id, state }: Alone,
  named: Named,
  states: States,
): Judged | null {
  const key = recordKey(side, id)
  const isListed = world.listed.record(key)
  const mark = seenOf(state) ?? ''
  const creating = known.creating(key)
  if (creating) {
    if (world.nowMs - creating.since < UNFINISHED_MS) return null
    return { difference: { kind: 'unfinished', keys: [key], fields: [], mark }, isListed }
  }
  const seen = lastSeenAlone(known, side, id)
  if (seen !== null)
    return seen === mark ? null : { difference: { kind: 'unnoticed', keys: [key], fields: [], mark }, isListed }
  const counterpart = named.counterpartOf(side, id)
  const other = counterpart === null ? undefined : states[otherSide(side)].get(counterpart)
  if (counterpart !== null && other?.kind === 'present') {
    // The counterpart has a link of its own: two records claim it, which is told of as a duplicate.
    if (known.linkOf(otherSide(side), counterpart)) return null
    const keys = [key, recordKey(otherSide(side), counterpart)].sort() as RecordKey[]
    // Both are without a row and would both be told of.
    if (side === 'shop' && lastSeenAlone(known, 'erp', counterpart) === null) return null
    return { difference: { kind: 'missingRow', keys, fields: [], mark: '' }, isListed }
  }
  return { difference: { kind: 'lost', keys: [key], fields: [], mark }, isListed }
}

interface Named {
  counterpartOf(side: Side, id: string): string | null
}

/** Who names whom by reference, in either direction. */
function namedBy(world: ComparedWorld, known: KnownRows): Named {
  const counterparts: Record<Side, Map<string, string>> = { erp: new Map(), shop: new Map() }
  for (const side of sides)
    for (const state of world[side]) {
      if (state.kind !== 'present' || state.reading.reference === null) continue
      const { id, reference } = state.reading
      // What a linked record names says nothing of others.
      if (known.linkOf(side, id)) continue
      counterparts[side].set(id, reference)
      if (!counterparts[otherSide(side)].has(reference)) counterparts[otherSide(side)].set(reference, id)
    }
  return { counterpartOf: (side, id) => counterparts[side].get(id) ?? null }
}
