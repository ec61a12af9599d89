import type { Client } from '@temporalio/client'
import type { FlowDefinition, FlowName } from '../../flows/flow-definition.ts'
import type { Row } from '../../flows/row.ts'
import type { Settings } from '../../flows/settings.ts'
import { type Side, sides } from '../../flows/side.ts'
import type { InboxEntry } from '../../workflows/messages.ts'
import { CommandFailure } from '../command-failure.ts'
import { type FlowDesk, openFlowDesk } from '../flow-desk.ts'
import { readRows } from '../memory/read-rows.ts'
import { type FlowReport, reportFlow } from '../status-report.ts'
import { type ItemsWatch, type ShownItem, watchItems } from './items-watch.ts'
import { keep } from './kept.ts'
import { pairRecords, type ShownPair } from './pairs.ts'
import { openSources, recordsDefinition, type Sources } from './sources.ts'
import { type SystemRecords, SystemRefusal } from './systems/system-records.ts'
import { type References, referencesOf } from './values/references.ts'

/** All that the console's pages show of one flow, and the desk that takes orders. */
export interface FlowWatch {
  readonly definition: FlowDefinition
  readonly desk: FlowDesk
  report(): Promise<FlowReport>
  inbox(): Promise<readonly InboxEntry[]>
  pairs(): Promise<readonly ShownPair[]>
  /** What the flows that this one's references lead to know of the records named. */
  references(): Promise<References>
  /** How a side is read and edited; null: a real system, which people look at in its own pages. */
  readonly systems: Readonly<Record<Side, SystemRecords | null>>
  /** The lists that belong to the records; null: they have none. */
  readonly items: ItemsWatch | null
  /** The lists of these pairs, in the same order. */
  itemsOf(pairs: readonly ShownPair[]): Promise<readonly (readonly ShownItem[])[]>
  /** What is shown next is read anew: somebody just changed something. */
  expire(): void
}

/** Questions to the flow cost it a little; one a second is what a person can follow. */
const statusFreshMs = 900
const rowsFreshMs = 2500

/** The flows side by side: they share what they read, and know each other's records by name. */
export function watchFlows(client: Client, settings: Settings, definitions: readonly FlowDefinition[]): FlowWatch[] {
  const sources = openSources(settings)
  const itemsWatches = new Map(
    definitions
      .filter(({ listOf }) => listOf !== undefined)
      .map((definition) => [definition.name, watchItems(definition, sources)] as const),
  )
  const watches = new Map<FlowName, FlowWatch>()
  for (const definition of definitions) {
    const parts = { client, settings, sources, definition, others: watches }
    const items = itemsWatches.get(definition.items ?? definition.name) ?? null
    watches.set(definition.name, watchFlow({ ...parts, items }))
  }
  return [...watches.values()]
}

interface WatchParts {
  readonly client: Client
  readonly settings: Settings
  readonly sources: Sources
  readonly definition: FlowDefinition
  readonly items: ItemsWatch | null
  /** All watches by their flow, once they are made. */
  readonly others: ReadonlyMap<FlowName, FlowWatch>
}

function watchFlow({ client, settings, sources, definition, items, others }: WatchParts): FlowWatch {
  const desk = openFlowDesk(client, settings, definition)
  const [erpSource, shopSource] = [sources.records(definition, 'erp'), sources.records(definition, 'shop')]
  const rows = keep(() => collectRows(client, settings, desk), { freshMs: rowsFreshMs, busyShare: 0.1 })
  const report = keep(() => reportFlow(desk), { freshMs: statusFreshMs, busyShare: 0.5 })
  const inbox = keep(() => desk.inbox(), { freshMs: statusFreshMs, busyShare: 0.5 })
  let paired: { readonly from: readonly unknown[]; readonly pairs: readonly ShownPair[] } | undefined
  let referred: { readonly from: readonly unknown[]; readonly references: References } | undefined
  let lastMovement = 0

  async function pairs(): Promise<readonly ShownPair[]> {
    const from = await Promise.all([rows.get(), erpSource.records.get(), shopSource.records.get()] as const)
    // Pairing thousands takes longer than noticing that nothing was read anew.
    if (paired === undefined || isNews(paired.from, from)) {
      const [memory, erp, shop] = from
      paired = { from, pairs: pairRecords(recordsDefinition(definition), memory, { erp, shop }) }
    }
    return paired.pairs
  }

  async function references(): Promise<References> {
    const flows = [...flowsReferredTo(definition), ...flowsReferredTo(items?.definition)]
    const from = await Promise.all(flows.map((flow) => pairsOrNone(others.get(flow))))
    if (referred === undefined || isNews(referred.from, from)) {
      const known = new Map(flows.map((flow, index) => [flow, from[index] ?? []]))
      referred = { from, references: referencesOf(known) }
    }
    return referred.references
  }

  function expireRecords(): void {
    for (const source of [erpSource, shopSource]) source.records.expire()
    rows.expire()
  }

  return {
    definition,
    desk,
    systems: { erp: erpSource.system, shop: shopSource.system },
    items,
    pairs,
    references,
    inbox: inbox.get,
    async itemsOf(shown) {
      if (items === null) return []
      // The links of a record's items are in the memory of the flow of lists.
      const lists =
        items.definition.name === definition.name ? shown : await pairsOrNone(others.get(items.definition.name))
      const byErpId = new Map(lists.map((pair) => [pair.erpId, pair.items]))
      return items.of(shown, ({ erpId }) => byErpId.get(erpId) ?? [])
    },
    async report() {
      const present = await report.get()
      const recent = present.status?.recent ?? []
      const news = recent.filter(({ at }) => at > lastMovement)
      // What just moved is to be seen where it moved to, not one interval later.
      if (news.length > 0) {
        expireRecords()
        items?.expire(news.flatMap(({ erpId }) => (erpId === null ? [] : [erpId])))
      }
      lastMovement = Math.max(lastMovement, recent[0]?.at ?? 0)
      return present
    },
    expire() {
      expireRecords()
      items?.expire()
      report.expire()
      inbox.expire()
    },
  }
}

function flowsReferredTo(definition: FlowDefinition | undefined): FlowName[] {
  const fields = definition?.fields ?? []
  return fields.flatMap(({ refersTo }) => (refersTo === undefined ? [] : [refersTo]))
}

/** Names of referred records are a help, which a flow that does not run cannot give. */
async function pairsOrNone(watch: FlowWatch | undefined): Promise<readonly ShownPair[]> {
  try {
    return (await watch?.pairs()) ?? []
  } catch (error) {
    if (error instanceof CommandFailure || error instanceof SystemRefusal) return none
    throw error
  }
}

/** Always the same one, so that it is no news. */
const none: readonly ShownPair[] = []

function isNews(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.some((part, index) => part !== now[index])
}

async function collectRows(client: Client, settings: Settings, desk: FlowDesk): Promise<Row[]> {
  const rows: Row[] = []
  for await (const { row } of readRows(client, settings, desk)) rows.push(row)
  return rows
}

/** Sides whose records can be edited in the console. */
export function editableSides({ systems }: Pick<FlowWatch, 'systems'>): Readonly<Record<Side, boolean>> {
  const [erp, shop] = sides.map((side) => systems[side] !== null)
  return { erp: erp === true, shop: shop === true }
}
