import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { ItemLink } from '../../flows/row.ts'
import { type Side, sides } from '../../flows/side.ts'
import type { ShownPair } from './pairs.ts'
import type { Sources } from './sources.ts'
import type { SystemItems, SystemRecord } from './systems/system-records.ts'

/** Two linked items of two lists, or one without counterpart. */
export interface ShownItem {
  readonly linked: boolean
  readonly erp: SystemRecord | undefined
  readonly shop: SystemRecord | undefined
}

/** The lists of the pairs on a page. */
export interface ItemsWatch {
  /** The flow of lists: whose fields an item has. */
  readonly definition: FlowDefinition
  readonly systems: Readonly<Record<Side, SystemItems | null>>
  /** Of each pair, in the same order. `linksOf` tells which items of it the memory has linked. */
  of(pairs: readonly ShownPair[], linksOf: (pair: ShownPair) => readonly ItemLink[]): Promise<readonly ShownItem[][]>
  /** What is shown of these records next is read anew; all of them when none is named. */
  expire(erpIds?: readonly string[]): void
}

/** PowerOffice tells of edits of lines by the order's sums and count only; an edit that moves none is seen after this. */
const longestKeptMs = 60_000

export function watchItems(definition: FlowDefinition, sources: Sources, now: () => number = Date.now): ItemsWatch {
  const systems = { erp: sources.items(definition, 'erp'), shop: sources.items(definition, 'shop') }
  const kept = new Map<
    string,
    { readonly json: string; readonly at: number; readonly items: readonly SystemRecord[] }
  >()

  async function readErp(record: SystemRecord | undefined): Promise<readonly SystemRecord[]> {
    if (record === undefined || systems.erp === null) return []
    const json = JSON.stringify(record.json)
    const known = kept.get(record.id)
    if (known !== undefined && known.json === json && now() - known.at < longestKeptMs) return known.items
    const items = await systems.erp.read(record)
    kept.set(record.id, { json, at: now(), items })
    return items
  }

  return {
    definition,
    systems,
    async of(pairs, linksOf) {
      const lists: ShownItem[][] = []
      // One after the other: the requests take their turn behind the sync's own.
      for (const pair of pairs) {
        const erp = await readErp(pair.erp)
        const shop = pair.shop === undefined ? [] : ((await systems.shop?.read(pair.shop)) ?? [])
        lists.push(pairItems({ erp, shop }, linksOf(pair)))
      }
      return lists
    },
    expire(erpIds) {
      if (erpIds === undefined) kept.clear()
      else for (const id of erpIds) kept.delete(id)
    },
  }
}

/** Every item once, in the order of PowerOffice's list; those that only the webshop has come last. */
export function pairItems(
  lists: Readonly<Record<Side, readonly SystemRecord[]>>,
  links: readonly ItemLink[],
): ShownItem[] {
  const byId = {
    erp: new Map(lists.erp.map((item) => [item.id, item])),
    shop: new Map(lists.shop.map((item) => [item.id, item])),
  }
  const linked = links.filter(({ erpId, shopId }) => byId.erp.has(erpId) || byId.shop.has(shopId))
  const taken = { erp: new Set(linked.map(({ erpId }) => erpId)), shop: new Set(linked.map(({ shopId }) => shopId)) }
  const pairs = linked.map(({ erpId, shopId }): ShownItem => {
    return { linked: true, erp: byId.erp.get(erpId), shop: byId.shop.get(shopId) }
  })
  const alone = sides.flatMap((side) =>
    lists[side]
      .filter(({ id }) => !taken[side].has(id))
      .map((item): ShownItem => ({ linked: false, erp: undefined, shop: undefined, [side]: item })),
  )
  const place = new Map(lists.erp.map(({ id }, index) => [id, index]))
  const rank = ({ erp }: ShownItem) => (erp === undefined ? lists.erp.length : (place.get(erp.id) ?? lists.erp.length))
  return [...pairs, ...alone].sort((one, other) => rank(one) - rank(other))
}
