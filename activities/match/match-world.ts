import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Match } from '../../flows/pair.ts'
import type { Reading, SideState } from '../../flows/reading.ts'
import type { Row } from '../../flows/row.ts'
import { otherSide, type Side } from '../../flows/side.ts'
import { matchAll, type MatchResult } from './match-all.ts'
import { toMatchEntry } from './match-entry.ts'
import { matchOne } from './match-one.ts'
import { createSideIndex, type SideIndex } from './side-index.ts'

/**
 * Both sides' match keys with what the memory says of links, in one process: what a record without a link is matched
 * against. Kept current by whoever reads or links.
 */
export interface MatchWorld {
  matchAll(): MatchResult
  /** Match of one record against everything known; `counterpartId` with `matched`. */
  matchOne(reading: Reading): { readonly match: Match; readonly counterpartId: string | null }
  /** A record as a newer read showed it; one that is missing or unreadable leaves the index. */
  learn(side: Side, id: string, state: SideState): void
  /** A link, an unlink or a pair set apart. */
  learnRow(row: Row): void
  forgetLink(erpId: string, shopId: string): void
}

export function createMatchWorld(
  definition: FlowDefinition,
  erpStates: readonly SideState[],
  shopStates: readonly SideState[],
  rows: readonly Row[],
): MatchWorld {
  const links: Record<Side, Map<string, string>> = { erp: new Map(), shop: new Map() }
  const apart = new Set<string>()
  const indexes: Record<Side, SideIndex> = { erp: createSideIndex(), shop: createSideIndex() }
  const known: Record<Side, Map<string, Reading>> = { erp: new Map(), shop: new Map() }
  const isApart = (erpId: string, shopId: string): boolean => apart.has(`${erpId}/${shopId}`)

  const world: MatchWorld = {
    matchAll: () => matchAll(definition, indexes.erp, indexes.shop, isApart),
    matchOne: (reading) => {
      put(reading.side, reading)
      const entry = indexes[reading.side].get(reading.id)
      if (!entry) return { match: { kind: 'none' }, counterpartId: null }
      return matchOne(definition, entry, indexes[reading.side], indexes[otherSide(reading.side)], isApart)
    },
    learn: (side, id, state) => {
      if (state.kind === 'present') put(side, state.reading)
      else if (state.kind !== 'absent') {
        indexes[side].remove(id)
        known[side].delete(id)
      }
    },
    learnRow: (row) => {
      if (row.kind === 'apart') apart.add(`${row.erpId}/${row.shopId}`)
      if (row.kind !== 'linked') return
      links.erp.set(row.erpId, row.shopId)
      links.shop.set(row.shopId, row.erpId)
      again('erp', row.erpId)
      again('shop', row.shopId)
    },
    forgetLink: (erpId, shopId) => {
      links.erp.delete(erpId)
      links.shop.delete(shopId)
      again('erp', erpId)
      again('shop', shopId)
    },
  }
  for (const row of rows) world.learnRow(row)
  for (const state of erpStates) if (state.kind === 'present') put('erp', state.reading)
  for (const state of shopStates) if (state.kind === 'present') put('shop', state.reading)
  return world

  function put(side: Side, reading: Reading): void {
    known[side].set(reading.id, reading)
    if (reading.outOfScope !== null) indexes[side].remove(reading.id)
    else indexes[side].replace(toMatchEntry(definition, reading, links[side].get(reading.id) ?? null))
  }

  function again(side: Side, id: string): void {
    const reading = known[side].get(id)
    if (reading) put(side, reading)
  }
}
