import type { ShopCollection, ShopPeople, ShopRecord } from '../systems/shop-people.ts'
import type { Entity, LedgerRecord, Side } from './ledger.ts'

export const collections = { customer: 'customers', product: 'products', order: 'orders' } as const

/** Who is whose counterpart by now, as the shop shows it: people edit a record on the other side once it is there. */
export interface Directory {
  refresh(): Promise<void>
  /** The record's id on a side; undefined: it is not there yet. */
  idOn(record: LedgerRecord, side: Side): string | undefined
  /** As the shop last showed it. */
  shopRecord(entity: Entity, id: string): ShopRecord | undefined
}

export function openDirectory(shop: ShopPeople): Directory {
  const cursors: Record<string, string> = {}
  const byId = new Map<string, ShopRecord>()
  const byErpId = new Map<string, string>()

  async function refreshOne(entity: Entity, collection: ShopCollection): Promise<void> {
    const { items, next } = await shop.changes(collection, cursors[collection] ?? '')
    cursors[collection] = next
    for (const record of items) {
      if (record.deleted === true) byId.delete(`${entity} ${record.id}`)
      else byId.set(`${entity} ${record.id}`, record)
      if (record.erpId !== null && record.deleted !== true) byErpId.set(record.erpId, record.id)
    }
  }

  return {
    refresh: async () => {
      for (const [entity, collection] of Object.entries(collections)) await refreshOne(entity as Entity, collection)
    },
    idOn: (record, side) => {
      if (record.createdOn === side) return record.id
      if (side === 'shop') return byErpId.get(`${record.entity}:${record.id}`)
      const shown = byId.get(`${record.entity} ${record.id}`)?.erpId
      return shown?.startsWith(`${record.entity}:`) ? shown.slice(record.entity.length + 1) : undefined
    },
    shopRecord: (entity, id) => byId.get(`${entity} ${id}`),
  }
}
