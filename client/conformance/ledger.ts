import { type CollectionName, collections, isJson, type Json, type ShopRecord } from './collections.ts'
import type { Answer, ShopClient } from './shop-client.ts'

/** What one rule made or borrowed, so that it can be taken back whatever became of the rule. */
export interface Ledger {
  readonly made: readonly { readonly collection: CollectionName; readonly id: string }[]
  /** Records made by hand, as they were before. */
  readonly borrowed: readonly ShopRecord[]
  borrow(record: ShopRecord): void
}

/** A client that notes every record that the shop says it has created. */
export function createLedger(shop: ShopClient): { readonly ledger: Ledger; readonly client: ShopClient } {
  const made = new Map<string, { collection: CollectionName; id: string }>()
  const borrowed: ShopRecord[] = []
  const noted = (answer: Answer): Answer => {
    const created = createdIn(answer)
    if (created) made.set(`${created.collection}/${created.id}`, created)
    return answer
  }
  return {
    ledger: {
      get made() {
        return [...made.values()]
      },
      borrowed,
      borrow: (record) => {
        if (!borrowed.some(({ id, collection }) => id === record.id && collection === record.collection)) {
          borrowed.push(record)
        }
      },
    },
    client: {
      ...shop,
      post: async (...request) => noted(await shop.post(...request)),
      send: async (...request) => noted(await shop.send(...request)),
    },
  }
}

/** Any 2xx: a shop that answers 200 to a POST has made a record too. */
function createdIn({ sent, status, json }: Answer): { collection: CollectionName; id: string } | null {
  if (sent.method !== 'POST' || status < 200 || status > 299 || !isJson(json)) return null
  const collection = collections.find((name) => sent.path === `/api/${name}`)
  const id = idOf(json)
  return collection === undefined || id === null ? null : { collection, id }
}

export function idOf(json: Json): string | null {
  const { id } = json
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null
}
