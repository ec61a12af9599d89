import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../../worker/processes/busy-port.ts'
import { startProcess } from './processes.ts'
import { startRewritingProxy } from './rewriting-proxy.ts'

type Shown = Readonly<Record<string, unknown>> & { readonly id: string }

/**
 * One of the example shops as a process of its own, behind a proxy that counts what reaches it. Its address is known before
 * it is started: the world that it is given to says where its webhooks go.
 */
export async function prepareShopAdapter(level: 1 | 4) {
  const folder = mkdtempSync(join(tmpdir(), `kobling-shop-${level}-`))
  const database = join(folder, 'shop.db')
  const port = await findFreePort()
  const proxy = await startRewritingProxy(`http://127.0.0.1:${port}`, (record) => record)
  let kill = async (): Promise<void> => undefined

  async function call(method: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    const answer = await fetch(`http://127.0.0.1:${port}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${level === 4 ? 'shopkeeper' : 'sandbox-webshop'}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`)
    return { etag: answer.headers.get('etag') ?? '', record: (await answer.json()) as Shown }
  }

  return {
    /** Of the proxy: for the product. */
    url: proxy.url,
    database,
    start: async (environment: Readonly<Record<string, string>> = {}): Promise<void> => {
      const child = startProcess({
        entry: `examples/shop-adapter/level-${level}.ts`,
        environment: { PORT: String(port), SHOP_DATABASE: database, ...environment },
        logFile: join(folder, 'shop.log'),
        folder,
      })
      kill = child.kill
      await child.said('listens on')
    },
    /** Requests that were no mere reading, by method. */
    writes: (): Readonly<Record<string, number>> =>
      Object.fromEntries(Object.entries(proxy.passed).filter(([method]) => method !== 'GET')),
    reads: (): number => proxy.passed['GET'] ?? 0,
    /** What the shop's own people do. */
    add: async (collection: string, body: object): Promise<Shown> =>
      (await call('POST', `/${collection}`, body, { 'content-type': 'application/json' })).record,
    edit: async (path: string, change: object): Promise<void> => {
      const { etag } = await call('GET', path.replace(/\/lines\/.*/, ''), undefined)
      await call('PATCH', path, change, { 'content-type': 'application/merge-patch+json', 'if-match': etag })
    },
    get: async (path: string): Promise<Shown> => (await call('GET', path, undefined)).record,
    all: async (collection: string): Promise<readonly Shown[]> => {
      const { record } = await call('GET', `/${collection}?limit=500`, undefined)
      return (record['items'] as readonly Shown[]).filter((item) => item['deleted'] !== true)
    },
    close: async (): Promise<void> => {
      await kill()
      await proxy.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type ShopAdapter = Awaited<ReturnType<typeof prepareShopAdapter>>
