import { setTimeout as pause } from 'node:timers/promises'
import { ask, type World } from './world.ts'

/** Reads one system's changes through its API, as anybody else could, and notes when a value was first shown. */
export interface Observer {
  /** When the record first showed the value, by `performance.now()`. */
  shown(id: string, value: string): Promise<number>
  end(): Promise<void>
}

/** The finest difference that the observer can tell, and little enough work for the sandbox. */
const LOOK_EVERY_MS = 20
const PATIENCE_MS = 60_000

interface Shown {
  readonly id: string
  readonly value: string
}

export async function shopObserver(world: World): Promise<Observer> {
  const headers = { authorization: 'Bearer sandbox-shopkeeper' }
  const page = (after: string) =>
    ask<{ items: { id: string; website: string | null }[]; next: string; hasMore: boolean }>(
      `${world.shop.facts.baseUrl}/api/customers?limit=500${after === '' ? '' : `&changedSince=${encodeURIComponent(after)}`}`,
      { method: 'GET', headers },
    )
  let cursor = ''
  for (let first = await page(''); ; first = await page(cursor)) {
    cursor = first.next
    if (!first.hasMore) break
  }
  return observe(async () => {
    const { items, next } = await page(cursor)
    cursor = next
    return items.map(({ id, website }) => ({ id, value: website ?? '' }))
  })
}

export async function erpObserver(world: World): Promise<Observer> {
  const { baseUrl, tokenUrl } = world.erp.facts
  const { applicationKey, clientKey, subscriptionKey } = world.settings.powerOffice
  const basic = Buffer.from(`${applicationKey}:${clientKey}`).toString('base64')
  const subscription = { 'ocp-apim-subscription-key': subscriptionKey }
  const form = { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded', ...subscription }
  const token = await fetch(tokenUrl, { method: 'POST', headers: form, body: 'grant_type=client_credentials' })
  const { access_token } = (await token.json()) as { access_token: string }
  let since = new Date().toISOString()
  return observe(async () => {
    const asked = new Date(Date.now() - 1_000).toISOString()
    const answer = await fetch(
      `${baseUrl}/Customers?lastChangedDateTimeOffsetGreaterThan=${encodeURIComponent(since)}`,
      {
        headers: { authorization: `Bearer ${access_token}`, ...subscription },
      },
    )
    // A second's overlap: two changes may have become visible out of order.
    since = asked
    if (answer.status === 204) return []
    const rows = (await answer.json()) as { Id: number; WebsiteUrl: string | null }[]
    return rows.map((row) => ({ id: String(row.Id), value: row.WebsiteUrl ?? '' }))
  })
}

function observe(look: () => Promise<Shown[]>): Observer {
  const seenAt = new Map<string, number>()
  const waiting = new Map<string, (at: number) => void>()
  let isEnding = false
  const loop = (async () => {
    while (!isEnding) {
      const found = await look()
      const now = performance.now()
      for (const { id, value } of found) {
        const key = `${id} ${value}`
        if (seenAt.has(key)) continue
        seenAt.set(key, now)
        waiting.get(key)?.(now)
      }
      await pause(LOOK_EVERY_MS)
    }
  })()
  return {
    shown: (id, value) =>
      new Promise((resolve, reject) => {
        const key = `${id} ${value}`
        const known = seenAt.get(key)
        if (known !== undefined) return resolve(known)
        const timer = setTimeout(() => reject(new Error(`${id} never showed ${value}`)), PATIENCE_MS)
        waiting.set(key, (at) => {
          clearTimeout(timer)
          resolve(at)
        })
      }),
    end: async () => {
      isEnding = true
      await loop
    },
  }
}
