import { allRules } from '../../client/conformance/rules/all.ts'
import { runConformance } from '../../client/conformance/run.ts'
import { startWebhookListener, type WebhookListener } from '../../client/conformance/webhook-listener.ts'
import { createApp } from '../../sandbox/webshop/app.ts'
import { defaultSyncKey, defaultWebhookSecret, readerKey } from '../../sandbox/webshop/sandbox-keys.ts'
import type { SettingsChange } from '../../sandbox/webshop/settings.ts'
import { openShop, type Shop } from '../../sandbox/webshop/shop.ts'
import { openShopUsers } from '../../sandbox/webshop/shop-users.ts'

/** A request on its way to the shop. */
export interface ShopRequest {
  readonly method: string
  /** From /api on, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export interface ShopAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export type Forward = (request: ShopRequest) => Promise<ShopAnswer>

/** What is wrong with a shop: it answers in the place of the sandbox, and may ask that. */
export type Defect = (request: ShopRequest, forward: Forward) => Promise<ShopAnswer>

export interface ShopInProcess {
  readonly shop: Shop
  readonly users: ReturnType<typeof openShopUsers>
  readonly hooks: WebhookListener
  fetch(url: string, init: RequestInit): Promise<Response>
  /** The kit on it, as quick as can be. */
  check(options?: Partial<Parameters<typeof runConformance>[0]>): ReturnType<typeof runConformance>
  close(): Promise<void>
}

/** Making the sandbox's description takes as long as ten rules. */
const quickRules = allRules.filter(({ id }) => id !== 'openapi.document')

const baseUrl = 'http://shop.invalid'

/** The sandbox's routes without a network between them and the kit, with one thing wrong where a defect is given. */
export async function openShopInProcess(
  options: { readonly settings?: SettingsChange; readonly defect?: Defect; readonly webhookSecret?: string } = {},
): Promise<ShopInProcess> {
  const hooks = await startWebhookListener({
    port: 0,
    host: '127.0.0.1',
    secret: options.webhookSecret ?? defaultWebhookSecret,
    signal: new AbortController().signal,
  })
  const shop = openShop({
    dataFile: ':memory:',
    syncKey: defaultSyncKey,
    webhookSecret: defaultWebhookSecret,
    settings: { webhookDelayMs: 1, webhookRetryDelaysMs: [20, 20], ...options.settings },
  })
  const app = createApp(shop)
  const forward: Forward = async ({ method, path, query, headers, body }) => {
    const search = query.size === 0 ? '' : `?${query}`
    const answer = await app.request(`${path}${search}`, { method, headers, ...(body !== null && { body }) })
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() }
  }
  const { defect = (request, pass) => pass(request) } = options
  const fetchFrom: ShopInProcess['fetch'] = async (url, init) => {
    const { pathname, searchParams } = new URL(url)
    const body = typeof init.body === 'string' ? init.body : null
    const headers = Object.fromEntries(new Headers(init.headers))
    const request = { method: init.method ?? 'GET', path: pathname, query: searchParams, headers, body }
    const { status, headers: answered, text } = await defect(request, forward)
    return new Response(text === '' ? null : text, { status, headers: answered })
  }
  return {
    shop,
    users: openShopUsers(shop),
    hooks,
    fetch: fetchFrom,
    check: (more = {}) =>
      runConformance({
        // Hundreds of announcements would hold up the few that count: they begin with the rules about them.
        onResult: ({ id }) => {
          if (id === 'counts.move') shop.changeSettings({ webhookUrl: hooks.address })
        },
        rules: quickRules,
        baseUrl,
        key: defaultSyncKey,
        readerKey,
        hooks,
        fetch: fetchFrom,
        signal: new AbortController().signal,
        patience: { listMs: 300, webhookMs: 3_000, retryMs: 3_000 },
        ...more,
      }),
    close: async () => {
      shop.close()
      await hooks.close()
    },
  }
}
