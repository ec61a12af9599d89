import { ask, askWhole, RefusedByPeople } from './http.ts'

export interface ShopLine {
  readonly id: string
  readonly kind: string
  readonly description: string
  readonly productId: string | null
  readonly quantity: string
  readonly unitPriceExVat: string
}

export interface ShopRecord {
  readonly id: string
  readonly deleted?: boolean
  readonly erpId: string | null
  readonly kind?: string
  readonly name?: string | null
  readonly email?: string | null
  readonly phone?: string | null
  readonly invoiceEmail?: string | null
  readonly website?: string | null
  readonly active?: boolean
  readonly sku?: string
  readonly description?: string | null
  readonly priceExVat?: string | null
  readonly customerId?: string
  readonly purchaseOrderReference?: string | null
  readonly status?: string
  readonly lines?: readonly ShopLine[]
}

export type ShopCollection = 'customers' | 'products' | 'orders'

/** The shop's own users: their requests are real ones of the API, under their own key. */
export interface ShopPeople {
  create(collection: ShopCollection, record: object): Promise<ShopRecord>
  edit(collection: ShopCollection, id: string, change: object): Promise<void>
  remove(collection: ShopCollection, id: string): Promise<void>
  addLine(orderId: string, line: object): Promise<void>
  editLine(orderId: string, lineId: string, change: object): Promise<void>
  removeLine(orderId: string, lineId: string): Promise<void>
  get(collection: ShopCollection, id: string): Promise<ShopRecord>
  /** What has changed since `next` of an earlier call, to the end of the list; '' gives everything. */
  changes(collection: ShopCollection, since: string): Promise<{ readonly items: ShopRecord[]; readonly next: string }>
  /** Everything alive. */
  all(collection: ShopCollection): Promise<ShopRecord[]>
  writes(): Promise<number>
}

const attempts = 20

export function shopPeople(baseUrl: string): ShopPeople {
  const headers = { authorization: 'Bearer sandbox-shopkeeper' }
  const at = (path: string) => `${baseUrl}/api/${path}`

  /** The sync writes too: a person whose page is old loads it again. */
  async function guarded(record: string, method: string, path: string, body?: object): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const { headers: shown } = await askWhole(at(record), { headers })
      const contentType = method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {}
      try {
        await ask(at(path), {
          method,
          headers: { ...headers, 'if-match': shown.get('etag') ?? '', ...contentType },
          ...(body && { body }),
        })
        return
      } catch (error) {
        if (!(error instanceof RefusedByPeople && error.status === 412) || attempt === attempts) throw error
      }
    }
  }

  async function changes(collection: ShopCollection, since: string) {
    const items: ShopRecord[] = []
    for (let next = since; ; ) {
      const page = await ask<{ items: ShopRecord[]; next: string; hasMore: boolean }>(
        at(`${collection}?limit=500${next === '' ? '' : `&changedSince=${encodeURIComponent(next)}`}`),
        { headers },
      )
      items.push(...page.items)
      next = page.next
      if (!page.hasMore) return { items, next }
    }
  }

  return {
    create: (collection, record) => ask(at(collection), { method: 'POST', headers, body: record }),
    edit: (collection, id, change) => guarded(`${collection}/${id}`, 'PATCH', `${collection}/${id}`, change),
    remove: (collection, id) => guarded(`${collection}/${id}`, 'DELETE', `${collection}/${id}`),
    addLine: (orderId, line) => guarded(`orders/${orderId}`, 'POST', `orders/${orderId}/lines`, line),
    editLine: (orderId, lineId, change) =>
      guarded(`orders/${orderId}`, 'PATCH', `orders/${orderId}/lines/${lineId}`, change),
    removeLine: (orderId, lineId) => guarded(`orders/${orderId}`, 'DELETE', `orders/${orderId}/lines/${lineId}`),
    get: (collection, id) => ask(at(`${collection}/${id}`), { headers }),
    changes,
    all: async (collection) => {
      const { items } = await changes(collection, '')
      const byId = new Map(items.map((record) => [record.id, record]))
      return [...byId.values()].filter((record) => record.deleted !== true)
    },
    writes: async () => (await ask<{ writes: number }>(`${baseUrl}/sandbox/counts`)).writes,
  }
}
