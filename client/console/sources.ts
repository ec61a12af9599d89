import type { FlowDefinition } from '../../flows/flow-definition.ts'
import { flowNamed } from '../../flows/registry.ts'
import type { Settings } from '../../flows/settings.ts'
import type { Side } from '../../flows/side.ts'
import { type Kept, keep } from './kept.ts'
import type { RecordMap } from './pairs.ts'
import { powerOfficeCall } from './systems/power-office-call.ts'
import { articleKinds } from './systems/power-office-derived.ts'
import { powerOfficeItems } from './systems/power-office-items.ts'
import { powerOfficeRecords } from './systems/power-office-records.ts'
import type { SystemItems, SystemRecords } from './systems/system-records.ts'
import { webshopItems } from './systems/webshop-items.ts'
import { webshopRecords } from './systems/webshop-records.ts'

/** One collection of one system as all flows that show it share it. */
export interface Source {
  /** null: a real system, which people look at in its own pages. */
  readonly system: SystemRecords | null
  readonly records: Kept<RecordMap>
}

export interface Sources {
  /** Where the records of a flow stand; those of a flow of lists are its parent's. */
  records(definition: FlowDefinition, side: Side): Source
  /** null: no flow of lists, or a real system. */
  items(definition: FlowDefinition, side: Side): SystemItems | null
}

/** One list request of PowerOffice shows everything, of the ten a second that the sync may use. */
const freshMs: Readonly<Record<Side, number>> = { erp: 2500, shop: 900 }

export function openSources(settings: Settings): Sources {
  const call = powerOfficeCall(settings.powerOffice)
  const known = new Map<string, Source>()

  function systemOf(side: Side, collection: string): SystemRecords | null {
    if (side === 'erp') {
      return settings.powerOffice.sandbox ? powerOfficeRecords(settings.powerOffice, collection, call) : null
    }
    return settings.webshop.sandbox ? webshopRecords(settings.webshop, collection) : null
  }

  /** Of all products, which the pages read anyway. */
  async function articles(): Promise<ReadonlyMap<string, string>> {
    const products = await sources.records(flowNamed('products'), 'erp').records.get()
    return articleKinds(products.values(), settings.options.salesOrders.lineProducts)
  }

  const sources: Sources = {
    records(definition, side) {
      const { erpCollection, shopCollection } = recordsDefinition(definition)
      const collection = side === 'erp' ? erpCollection : shopCollection
      const key = `${side}:${collection}`
      const found = known.get(key)
      if (found !== undefined) return found
      const system = systemOf(side, collection)
      const records = keep<RecordMap>(async () => (system === null ? new Map() : system.readAll()), {
        freshMs: freshMs[side],
        busyShare: 0.2,
      })
      const source = { system, records }
      known.set(key, source)
      return source
    },
    items({ listOf, erpCollection, shopCollection }, side) {
      if (listOf === undefined) return null
      if (side === 'shop') {
        return settings.webshop.sandbox ? webshopItems(settings.webshop, shopCollection, listOf.order.shop) : null
      }
      return settings.powerOffice.sandbox
        ? powerOfficeItems(settings.powerOffice, erpCollection, listOf.order.erp, { call, articles })
        : null
    },
  }
  return sources
}

/** The definition whose fields describe the records that a flow's pairs are made of. */
export function recordsDefinition(definition: FlowDefinition): FlowDefinition {
  return definition.listOf === undefined ? definition : flowNamed(definition.listOf.parent)
}
