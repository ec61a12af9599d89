import type { FlowDefinition } from '../../flows/flow-definition.ts'
import { byReappearance, type Match } from '../../flows/pair.ts'
import type { Reading, SideState } from '../../flows/reading.ts'
import type { GoneRow, Row } from '../../flows/row.ts'
import { otherSide, type Side, sides } from '../../flows/side.ts'
import { byReference } from './ambiguity.ts'
import { type MatchResult, matchAll } from './match-all.ts'
import { type MatchEntry, toMatchEntry } from './match-entry.ts'
import { matchOne } from './match-one.ts'
import { createSideIndex, type SideIndex } from './side-index.ts'

/**
 * Both sides' match keys with what the memory says of links, in one process: what a record without a link is matched
 * against. Kept current by whoever reads or links.
 */
export interface MatchWorld {
  matchAll(): MatchResult
  /**
   * Match of one record, as it was read just now, against everything known; the counterpart's id with `matched`. A record
   * that came back after its deletion belongs to the counterpart that it had (rule 13).
   */
  matchOne(reading: Reading): { readonly match: Match; readonly counterpartId: string | null }
  /**
   * Whether another record stands on the other side by now that would match this one by a key, or stand in its way: one that
   * has no link and names nobody. For a record that had no match when it was decided on, just before its counterpart is
   * created; what names it already is an earlier attempt's, and told by its reference.
   */
  hasNamesake(reading: Reading): boolean
  /** A record as a newer read showed it; one that is missing or unreadable leaves the index. */
  learn(side: Side, id: string, state: SideState): void
  /** A record that nothing was known of, from a read that may be older than what is known of others. */
  learnNew(side: Side, id: string, state: SideState): void
  /** A link, a pair set apart, a record that a person or a deletion took out. */
  learnRow(row: Row): void
  forgetLink(erpId: string, shopId: string): void
  /** The memory was just asked and has no link of this record: one that was learnt earlier is over, or its row is lost. */
  learnUnlinked(side: Side, id: string): void
}

export function createMatchWorld(
  definition: FlowDefinition,
  states: { readonly erp: Iterable<SideState>; readonly shop: Iterable<SideState> },
  rows: readonly Row[],
): MatchWorld {
  const links: Record<Side, Map<string, string>> = { erp: new Map(), shop: new Map() }
  const takenOut: Record<Side, Set<string>> = { erp: new Set(), shop: new Set() }
  const apart = new Set<string>()
  const graves: Record<Side, Map<string, GoneRow>> = { erp: new Map(), shop: new Map() }
  const notFound: Record<Side, Set<string>> = { erp: new Set(), shop: new Set() }
  const indexes: Record<Side, SideIndex> = { erp: createSideIndex('erp'), shop: createSideIndex('shop') }
  const isApart = (erpId: string, shopId: string): boolean => apart.has(`${erpId}/${shopId}`)

  for (const row of rows) learnRow(row)
  for (const state of states.erp) if (state.kind === 'present') put('erp', state.reading)
  for (const state of states.shop) if (state.kind === 'present') put('shop', state.reading)

  return {
    matchAll: () => matchAll(definition, indexes.erp, indexes.shop, isApart),
    matchOne: (reading) => {
      put(reading.side, reading)
      const earlier = earlierCounterpart(reading)
      if (earlier !== null) return { match: { kind: 'matched', by: byReappearance }, counterpartId: earlier }
      const entry = indexes[reading.side].get(reading.id)
      if (!entry) return { match: { kind: 'none' }, counterpartId: null }
      const found = matchOne(definition, entry, indexes[reading.side], indexes[otherSide(reading.side)], isApart)
      return { match: found.match, counterpartId: found.counterpart }
    },
    hasNamesake: (reading) => {
      const { side, id } = reading
      const entry = entryOf(reading)
      if (!entry) return false
      const own = indexes[side]
      const other = indexes[otherSide(side)]
      const isLoose = (one: MatchEntry): boolean =>
        one.linkedTo === null && one.reference === null && !(side === 'erp' ? isApart(id, one.id) : isApart(one.id, id))
      const { within } = entry
      const sharesKey =
        within !== null &&
        Object.entries(entry.keys).some(
          ([name, value]) => value !== null && [...other.withKey(name, within, value)].some(isLoose),
        )
      if (!sharesKey) return false
      const { match } = matchOne(definition, entry, own, other, isApart)
      return match.kind === 'ambiguous' || (match.kind === 'matched' && match.by !== byReference)
    },
    learnNew: (side, id, state) => {
      if (state.kind === 'present' && !indexes[side].get(id)) put(side, state.reading)
    },
    learn: (side, id, state) => {
      if (state.kind === 'present') put(side, state.reading)
      else if (state.kind !== 'absent') indexes[side].remove(id)
      if (state.kind === 'missing') notFound[side].add(id)
      else notFound[side].delete(id)
    },
    learnRow,
    forgetLink,
    learnUnlinked: (side, id) => {
      const counterpart = links[side].get(id)
      if (counterpart === undefined) return
      if (side === 'erp') forgetLink(id, counterpart)
      else forgetLink(counterpart, id)
    },
  }

  function forgetLink(erpId: string, shopId: string): void {
    links.erp.delete(erpId)
    links.shop.delete(shopId)
    relink('erp', erpId, null)
    relink('shop', shopId, null)
  }

  function learnRow(row: Row): void {
    switch (row.kind) {
      case 'apart':
        apart.add(`${row.erpId}/${row.shopId}`)
        return
      case 'linked':
        // Linked by hand, a record that was left alone takes part again.
        takenOut.erp.delete(row.erpId)
        takenOut.shop.delete(row.shopId)
        graves.erp.delete(row.erpId)
        graves.shop.delete(row.shopId)
        links.erp.set(row.erpId, row.shopId)
        links.shop.set(row.shopId, row.erpId)
        relink('erp', row.erpId, row.shopId)
        relink('shop', row.shopId, row.erpId)
        return
      case 'gone':
        bury(row)
        return
      case 'seen':
        if (row.reason === 'excluded' || row.reason === 'ignored') takeOut(row.side, row.id)
        return
      case 'creating':
        return
    }
  }

  function bury(row: GoneRow): void {
    // Its row stands where the link's stood: that link is over.
    if (row.erpId !== null && row.shopId !== null && links.erp.get(row.erpId) === row.shopId) {
      links.erp.delete(row.erpId)
      links.shop.delete(row.shopId)
    }
    for (const side of sides) {
      const id = side === 'erp' ? row.erpId : row.shopId
      if (id === null) continue
      // The grave of an earlier link may stand beside the present one.
      if (!links[side].has(id)) takeOut(side, id)
      if (row.gone === side || row.gone === 'both') graves[side].set(id, row)
      else graves[side].delete(id)
    }
  }

  /** null: the record was not deleted, or its counterpart is gone as well or has found another. */
  function earlierCounterpart({ side, id }: Reading): string | null {
    const grave = links[side].has(id) ? undefined : graves[side].get(id)
    if (!grave || grave.erpId === null || grave.shopId === null || isApart(grave.erpId, grave.shopId)) return null
    const other = otherSide(side)
    const counterpart = side === 'erp' ? grave.shopId : grave.erpId
    return links[other].has(counterpart) || notFound[other].has(counterpart) ? null : counterpart
  }

  function takeOut(side: Side, id: string): void {
    takenOut[side].add(id)
    indexes[side].remove(id)
  }

  function put(side: Side, reading: Reading): void {
    if (!reading.content) return
    const entry = entryOf(reading)
    if (entry) indexes[side].put(entry)
    else indexes[side].remove(reading.id)
  }

  /** null: it takes no part. */
  function entryOf(reading: Reading): MatchEntry | null {
    const { side, id, content } = reading
    if (!content) return null
    return toMatchEntry(definition, { ...reading, content }, links[side].get(id) ?? null, !takenOut[side].has(id))
  }

  function relink(side: Side, id: string, linkedTo: string | null): void {
    const entry = indexes[side].get(id)
    if (entry) indexes[side].put({ ...entry, linkedTo })
  }
}
