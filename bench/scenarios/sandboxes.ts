import { join } from 'node:path'
import type { Figure, Scenario } from '../figure.ts'
import type { Ground } from '../ground.ts'
import type { SeededFacts, SeededSandboxOptions } from '../processes/seeded-sandbox.ts'
import { type BenchProcess, startProcess } from '../processes/start-process.ts'

const CUSTOMERS = 100_000
const PAGE_ROWS = 20_000
const READS = 3_000
/** Requests under way at once. */
const AT_ONCE = 8

type Sandbox = BenchProcess<SeededFacts>

export const sandboxes: Scenario = {
  name: 'sandboxes',
  title: `both sandboxes with ${CUSTOMERS} seeded customers: seeding, a page of ${PAGE_ROWS} rows, small reads`,
  run: async (ground) => [...(await figuresOf(ground, 'erp')), ...(await figuresOf(ground, 'shop'))],
}

async function figuresOf(ground: Ground, side: 'erp' | 'shop'): Promise<Figure[]> {
  const options: SeededSandboxOptions = {
    side,
    dataFile: join(ground.newFolder(), `${side}.sqlite`),
    customers: CUSTOMERS,
  }
  const sandbox = await startProcess<SeededFacts>('seeded-sandbox.ts', options)
  try {
    const { wallMs, cpuMs } = sandbox.facts.startedIn
    const client = side === 'erp' ? await erpClient(sandbox) : shopClient(sandbox)
    const ids = await client.ids()
    const rows = await measured(sandbox, client.readRows)
    // As it runs after a minute of use, not while its code is still being compiled.
    await readEach(ids, client.readOne)
    const reads = await measured(sandbox, () => readEach(ids, client.readOne))
    const name = side === 'erp' ? 'PowerOffice' : 'webshop'
    return [
      {
        name: `${name}: ${CUSTOMERS} customers seeded`,
        value: cpuMs / 1_000,
        unit: 's CPU',
        how: 'measured',
        target: { atMost: 30 },
        note: `making them up included; ${(wallMs / 1_000).toFixed(1)} s by the clock`,
      },
      {
        name: `${name}: ${PAGE_ROWS} rows listed`,
        value: rows.cpuMs,
        unit: 'ms CPU',
        how: 'measured',
        target: { atMost: 1_000 },
        note: `${side === 'erp' ? 'one page' : 'pages of the largest size'}; ${Math.round(rows.wallMs)} ms by the clock, the client included`,
      },
      {
        name: `${name}: small reads a second of one core`,
        value: (READS / reads.cpuMs) * 1_000,
        unit: '',
        how: 'measured',
        target: { atLeast: 1_000 },
        note: `${READS} single customers, ${AT_ONCE} at once, no rate limit, after as many to warm up; ${Math.round((READS / reads.wallMs) * 1_000)} a second by the clock`,
      },
    ]
  } finally {
    await sandbox.end()
  }
}

interface Client {
  /** Of the first customers. */
  ids(): Promise<readonly string[]>
  readRows(): Promise<void>
  readOne(id: string): Promise<void>
}

async function erpClient({ facts: { origin } }: Sandbox): Promise<Client> {
  const subscription = { 'Ocp-Apim-Subscription-Key': 'sandbox-subscription' }
  const basic = Buffer.from('sandbox-application:sandbox-client').toString('base64')
  const token = await fetch(`${origin}/OAuth/Token`, {
    method: 'POST',
    headers: { ...subscription, Authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const { access_token } = (await token.json()) as { access_token: string }
  const headers = { ...subscription, Authorization: `Bearer ${access_token}` }
  const path = `${origin}/v2/Customers`
  return {
    async ids() {
      const rows = (await readJson(`${path}?PageSize=1000&Fields=Id`, headers)) as { Id: number }[]
      return rows.map(({ Id }) => String(Id))
    },
    async readRows() {
      const rows = (await readJson(`${path}?PageSize=${PAGE_ROWS}`, headers)) as unknown[]
      if (rows.length !== PAGE_ROWS) throw new Error(`a page of ${PAGE_ROWS} rows held ${rows.length}`)
    },
    async readOne(id) {
      await readJson(`${path}/${id}`, headers)
    },
  }
}

interface ShopPage {
  readonly items: readonly { readonly id: string }[]
  readonly next: string
}

function shopClient({ facts: { origin } }: Sandbox): Client {
  const headers = { Authorization: 'Bearer sandbox-webshop' }
  const path = `${origin}/api/customers`
  const page = async (cursor: string) => (await readJson(`${path}?limit=500${cursor}`, headers)) as ShopPage
  return {
    ids: async () => (await page('')).items.map(({ id }) => id),
    async readRows() {
      let cursor = ''
      for (let read = 0; read < PAGE_ROWS; ) {
        const { items, next } = await page(cursor)
        if (items.length === 0) throw new Error(`the shop listed only ${read} rows`)
        read += items.length
        cursor = `&changedSince=${encodeURIComponent(next)}`
      }
    },
    async readOne(id) {
      await readJson(`${path}/${id}`, headers)
    },
  }
}

async function readJson(url: string, headers: Record<string, string>): Promise<unknown> {
  const answer = await fetch(url, { headers })
  if (!answer.ok) throw new Error(`GET ${url} answered ${answer.status}`)
  return answer.json()
}

async function readEach(ids: readonly string[], readOne: (id: string) => Promise<void>): Promise<void> {
  let next = 0
  const reader = async () => {
    for (; next < READS; ) {
      const id = ids[next++ % ids.length]
      if (id === undefined) throw new Error('there is nothing to read')
      await readOne(id)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, reader))
}

/** What the work cost the sandbox's own process, and how long it took. */
async function measured(sandbox: Sandbox, work: () => Promise<void>): Promise<{ cpuMs: number; wallMs: number }> {
  const cpuBefore = await sandbox.ask<number>('cpuMs')
  const began = performance.now()
  await work()
  const wallMs = performance.now() - began
  return { cpuMs: (await sandbox.ask<number>('cpuMs')) - cpuBefore, wallMs }
}
