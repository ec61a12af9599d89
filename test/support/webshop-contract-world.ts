import { startWebshopSandbox, type WebshopSandbox } from '../../sandbox/webshop/server.ts'
import type { SettingsChange } from '../../sandbox/webshop/settings.ts'
import type { MutatedRequest, SampleRequest } from './mutate-request.ts'
import { createRawClient, type RawClient } from './send-mutated.ts'
import type { SeenAnswer } from './webshop-description.ts'

/** A shop with what the requests of the contract need: records to name, and a way to send anything at all. */
export interface ContractWorld {
  readonly sandbox: WebshopSandbox
  readonly client: RawClient
  readonly headers: Readonly<Record<string, string>>
  /** A customer that no order names, and one that has orders. */
  customer(): { id: string; version: string }
  product(): { id: string; version: string }
  /** An open order with one line. */
  order(): { id: string; version: string; lineId: string }
  readonly buyerId: string
  readonly departmentId: string
  readonly soldId: string
  /** A text that no record has yet. */
  unique(): string
  send(request: SampleRequest | MutatedRequest): Promise<SeenAnswer>
  settings(change: SettingsChange): Promise<void>
  close(): Promise<void>
}

export async function openContractWorld(): Promise<ContractWorld> {
  const sandbox = await startWebshopSandbox()
  const client = createRawClient(sandbox.baseUrl)
  const { customers, products, orders } = sandbox
  let last = 0
  const unique = () => `k-${++last}`
  const buyerId = customers.create({ kind: 'company', name: 'Kjøper AS' }).id
  const departmentId = customers.create({ kind: 'department', name: 'Salg' }).id
  const soldId = products.create({ sku: 'SOLGT', name: 'Solgt' }).id
  const order = () => {
    const lines = [{ kind: 'product' as const, description: 'Solgt', productId: soldId, quantity: '1' }]
    const made = orders.create({ customerId: buyerId, currency: 'NOK', orderedAt: '2026-11-23T08:15:30Z', lines })
    return { id: made.id, version: made.version, lineId: made.lines[0]?.id ?? '' }
  }
  order()
  return {
    sandbox,
    client,
    headers: { authorization: 'Bearer sandbox-webshop' },
    customer: () => customers.create({ kind: 'company', name: 'Kunde AS' }),
    product: () => products.create({ sku: unique(), name: 'Vare' }),
    order,
    buyerId,
    departmentId,
    soldId,
    unique,
    send: async (request) => {
      const { status, headers, text } = await client.send('mutations' in request ? request : asItIs(request))
      return { status, text, header: (name) => headers[name.toLowerCase()]?.toString() ?? null }
    },
    settings: async (change) => {
      const answer = await fetch(`${sandbox.baseUrl}/sandbox/settings`, {
        method: 'PATCH',
        body: JSON.stringify(change),
      })
      if (!answer.ok) throw new Error(await answer.text())
    },
    close: async () => {
      client.close()
      await sandbox.close()
    },
  }
}

/** A request with nothing wrong. */
function asItIs({ method, path, headers, body }: SampleRequest): MutatedRequest {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body) ?? '')
  return { method, path, headers, body: body === undefined ? null : bytes, mutations: [] }
}
