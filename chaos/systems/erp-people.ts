import { ask, RefusedByPeople } from './http.ts'

export interface ErpLine {
  readonly Id: string
  readonly Description: string | null
  readonly ProductId: number | null
  readonly Quantity: number | null
  readonly ProductUnitPrice: number | null
  readonly SortOrder: number | null
}

export interface ErpRecord {
  readonly Id: number | string
  readonly Name?: string | null
  readonly EmailAddress?: string | null
  readonly PhoneNumber?: string | null
  readonly InvoiceEmailAddress?: string | null
  readonly WebsiteUrl?: string | null
  readonly IsArchived?: boolean
  readonly Code?: string | null
  readonly Description?: string | null
  readonly UnitPrice?: number | null
  readonly CustomerId?: number | null
  readonly PurchaseOrderReference?: string | null
  readonly lines?: readonly ErpLine[]
}

export type ErpCollection = 'customers' | 'products' | 'orders'

/** The bookkeepers: they use the ERP's own pages, which the sandbox stands for with its doors beside the API. */
export interface ErpPeople {
  create(collection: ErpCollection, record: object): Promise<ErpRecord>
  edit(collection: ErpCollection, id: string, change: object): Promise<void>
  get(collection: ErpCollection, id: string): Promise<ErpRecord>
  addLine(orderId: string, line: object): Promise<void>
  editLine(orderId: string, lineId: string, change: object): Promise<void>
  removeLine(orderId: string, lineId: string): Promise<void>
  lines(orderId: string): Promise<ErpLine[]>
  /** Everything in the list; orders come without their lines. Uses the API, so no faults may be planned. */
  all(collection: ErpCollection): Promise<ErpRecord[]>
  writes(): Promise<number>
}

const paths = { customers: 'Customers', products: 'Products', orders: 'SalesOrders' } as const
const keys = { application: 'sandbox-application', client: 'sandbox-client', subscription: 'sandbox-subscription' }

export function erpPeople(origin: string): ErpPeople {
  const door = (path: string) => `${origin}/sandbox/${path}`
  let token: string | null = null

  async function read<T>(path: string): Promise<T | null> {
    for (let attempt = 1; ; attempt += 1) {
      token ??= await fetchToken(origin)
      try {
        return await ask<T>(`${origin}/v2/${path}`, {
          headers: { authorization: `Bearer ${token}`, 'ocp-apim-subscription-key': keys.subscription },
        })
      } catch (error) {
        const isRevoked = error instanceof RefusedByPeople && error.status === 401
        if (!isRevoked || attempt === 3) throw error
        token = null
      }
    }
  }

  return {
    create: async (collection, record) => {
      if (collection === 'orders') return ask(door('orders'), { method: 'POST', body: record })
      const [made] = await ask<ErpRecord[]>(door(`${collection}/bulk`), { method: 'POST', body: [record] })
      if (made === undefined) throw new Error(`PowerOffice made nothing of a new record of ${collection}`)
      return made
    },
    edit: (collection, id, change) => ask(door(`${collection}/${id}`), { method: 'PATCH', body: change }),
    // An edit that changes nothing moves nothing, and answers the record as it stands.
    get: (collection, id) => ask(door(`${collection}/${id}`), { method: 'PATCH', body: {} }),
    addLine: (orderId, line) => ask(door(`orders/${orderId}/lines`), { method: 'POST', body: line }),
    editLine: (orderId, lineId, change) =>
      ask(door(`orders/${orderId}/lines/${lineId}`), { method: 'PATCH', body: change }),
    removeLine: (orderId, lineId) => ask(door(`orders/${orderId}/lines/${lineId}`), { method: 'DELETE' }),
    // An edit that changes nothing moves nothing, and answers the order as it stands.
    lines: async (orderId) =>
      (await ask<{ SalesOrderLines?: ErpLine[] }>(door(`orders/${orderId}`), { method: 'PATCH', body: {} }))
        .SalesOrderLines ?? [],
    all: async (collection) => (await read<ErpRecord[]>(`${paths[collection]}?PageSize=20000`)) ?? [],
    writes: async () => (await ask<{ writes: number }>(door('counts'))).writes,
  }
}

async function fetchToken(origin: string): Promise<string> {
  const basic = Buffer.from(`${keys.application}:${keys.client}`).toString('base64')
  const { access_token: token } = await ask<{ access_token: string }>(`${origin}/OAuth/Token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${basic}`,
      'ocp-apim-subscription-key': keys.subscription,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  return token
}
