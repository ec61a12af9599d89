import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProcess } from './processes.ts'

/** A sandbox as a process of its own, as far as a test of its data file needs it. */
export interface Store {
  /** An order with that many lines of 10.00 each. @returns its id once acknowledged */
  create(reference: string, lines: number): Promise<string>
  edit(id: string, edits: number): Promise<void>
  orders(): Promise<readonly StoredOrder[]>
  /** SIGKILL. */
  kill(): Promise<void>
}

export interface StoredOrder {
  readonly reference: string
  readonly edits: number
  /** As they are listed with the order. */
  readonly lines: number
  /** As the head counts them. */
  readonly lineCount: number
  /** Without VAT, as the head says. */
  readonly total: number
}

/** The PowerOffice sandbox on a data file in the folder, seeded with a customer on its first start. */
export async function startErp(folder: string): Promise<Store> {
  const switches = JSON.stringify({ rateLimit: 'off' })
  const environment = {
    POWEROFFICE_SANDBOX_PORT: '0',
    POWEROFFICE_SANDBOX_SEED: 'none',
    POWEROFFICE_SANDBOX_SWITCHES: switches,
  }
  const { origin, kill } = await startSandbox('sandbox/poweroffice/main.ts', folder, environment)
  const subscription = { 'Ocp-Apim-Subscription-Key': 'sandbox-subscription' }
  const basic = Buffer.from('sandbox-application:sandbox-client').toString('base64')
  const form = { ...subscription, Authorization: `Basic ${basic}`, 'Content-Type': 'application/x-www-form-urlencoded' }
  const token = await ask(`${origin}/OAuth/Token`, 'POST', form, 'grant_type=client_credentials')
  const headers = { ...subscription, Authorization: `Bearer ${token.access_token}`, 'Content-Type': 'application/json' }
  const patching = { ...headers, 'Content-Type': 'application/json-patch+json' }
  const api = `${origin}/v2`
  const customers = await ask(`${api}/Customers`, 'GET', headers)
  const [customer] =
    customers.length > 0
      ? customers
      : [await ask(`${api}/Customers`, 'POST', headers, { Name: 'Fjell AS', InvoiceDeliveryType: 'Print' })]
  const [product] = (await ask(`${api}/Products`, 'GET', headers)).concat(
    customers.length > 0 ? [] : [await ask(`${api}/Products`, 'POST', headers, { Name: 'Te', UnitPrice: 10 })],
  )
  return {
    kill,
    async create(reference, lines) {
      const body = {
        CustomerId: customer.Id,
        ExternalImportReference: reference,
        SalesOrderLines: Array.from({ length: lines }, () => ({ ProductId: product.Id, Quantity: 1 })),
      }
      return (await ask(`${api}/SalesOrders/Complete`, 'POST', headers, body)).Id
    },
    async edit(id, edits) {
      const body = [{ op: 'replace', path: '/CustomerReference', value: `edit ${edits}` }]
      await ask(`${api}/SalesOrders/${id}`, 'PATCH', patching, body)
    },
    async orders() {
      const heads = await ask(`${api}/SalesOrders?PageSize=20000`, 'GET', headers)
      const whole = heads.map(({ Id }: Json) => ask(`${api}/SalesOrders/${Id}/Complete`, 'GET', headers))
      return (await Promise.all<Json>(whole)).map((order) => ({
        reference: order.ExternalImportReference,
        edits: editsOf(order.CustomerReference),
        lines: order.SalesOrderLines.length,
        lineCount: order.LineCount,
        total: order.NetAmount,
      }))
    },
  }
}

/** The webshop sandbox, in the same way. */
export async function startShop(folder: string): Promise<Store> {
  const environment = { WEBSHOP_SANDBOX_PORT: '0', WEBSHOP_SANDBOX_SEED: 'none' }
  const { origin, kill } = await startSandbox('sandbox/webshop/main.ts', folder, environment)
  const headers = { Authorization: 'Bearer sandbox-webshop', 'Content-Type': 'application/json' }
  const patching = { ...headers, 'Content-Type': 'application/merge-patch+json' }
  const api = `${origin}/api`
  const known = (await ask(`${api}/customers`, 'GET', headers)).items
  const customer = known[0] ?? (await ask(`${api}/customers`, 'POST', headers, { kind: 'company', name: 'Fjell AS' }))
  return {
    kill,
    async create(reference, lines) {
      const line = { kind: 'shipping', description: 'Frakt', quantity: '1', unitPriceExVat: '10', vatRate: '25' }
      const body = {
        customerId: customer.id,
        currency: 'NOK',
        orderedAt: '2026-11-01T10:00:00Z',
        purchaseOrderReference: reference,
        lines: Array.from({ length: lines }, () => line),
      }
      return (await ask(`${api}/orders`, 'POST', headers, body)).id
    },
    async edit(id, edits) {
      const { version } = await ask(`${api}/orders/${id}`, 'GET', headers)
      const matching = { ...patching, 'If-Match': `"${version}"` }
      await ask(`${api}/orders/${id}`, 'PATCH', matching, { customerReference: `edit ${edits}` })
    },
    async orders() {
      const found: StoredOrder[] = []
      for (let cursor = ''; ; ) {
        const page = await ask(`${api}/orders?limit=100${cursor}`, 'GET', headers)
        found.push(...page.items.map(shopOrder))
        if (!page.hasMore) return found
        cursor = `&changedSince=${encodeURIComponent(page.next)}`
      }
    },
  }
}

function shopOrder(order: Json): StoredOrder {
  return {
    reference: order.purchaseOrderReference,
    edits: editsOf(order.customerReference),
    lines: order.lines.length,
    lineCount: order.lines.length,
    total: Number(order.totalExVat),
  }
}

function editsOf(text: string | null): number {
  return text === null ? 0 : Number(text.replace('edit ', ''))
}

async function startSandbox(entry: string, folder: string, environment: Readonly<Record<string, string>>) {
  mkdirSync(folder, { recursive: true })
  const logFile = join(folder, 'sandbox.log')
  const process = startProcess({ entry, environment: { ...environment, KOBLING_DATA_DIR: folder }, logFile, folder })
  await process.said('listening on')
  const origin =
    readFileSync(logFile, 'utf8')
      .match(/listening on (\S+)/g)
      ?.at(-1)
      ?.split(' ')
      .at(-1) ?? ''
  return { origin, kill: () => process.kill() }
}

// biome-ignore lint/suspicious/noExplicitAny: answers of two systems, of which each test names what it needs
type Json = any

/** @throws when it is refused, or the connection broke */
async function ask(url: string, method: string, headers: Record<string, string>, body?: unknown): Promise<Json> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: text }) })
  const read = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${read}`)
  return read === '' ? [] : JSON.parse(read)
}
