import { type CollectionName, collections, isJson, type Json, type ShopRecord } from './collections.ts'
import type { Answer, ShopClient } from './shop-client.ts'

export interface Made {
  readonly collection: CollectionName
  readonly id: string
  /** As an answer showed it last; null where none did. */
  readonly version: string | null
}

/** What one rule made or borrowed, so that it can be taken back whatever became of the rule. */
export interface Ledger {
  readonly made: readonly Made[]
  /** Records made by hand, as they were before. */
  readonly borrowed: readonly ShopRecord[]
  borrow(record: ShopRecord): void
}

/** A client that notes every record that the shop says it has created. */
export function createLedger(shop: ShopClient): { readonly ledger: Ledger; readonly client: ShopClient } {
  const made = new Map<string, Made>()
  const borrowed: ShopRecord[] = []
  const noted = (answer: Answer): Answer => {
    const created = createdIn(answer)
    if (created) made.set(keyOf(created), created)
    const shown = shownIn(answer)
    const known = shown && made.get(keyOf(shown))
    if (known) made.set(keyOf(known), shown)
    return answer
  }
  const noting =
    <Request extends readonly unknown[]>(send: (...request: Request) => Promise<Answer>) =>
    async (...request: Request) =>
      noted(await send(...request))
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
      get: noting(shop.get),
      post: noting(shop.post),
      patch: noting(shop.patch),
      send: noting(shop.send),
    },
  }
}

const keyOf = ({ collection, id }: Pick<Made, 'collection' | 'id'>) => `${collection}/${id}`

/** The record that an answer to `/api/<collection>` or `/api/<collection>/<id>` is about. */
function shownIn({ sent, json }: Answer): Made | null {
  const collection = collections.find((name) => new RegExp(`^/api/${name}(/[^/]+)?$`).test(sent.path))
  const id = isJson(json) ? idOf(json) : null
  if (collection === undefined || id === null || !isJson(json) || json['version'] === undefined) return null
  return { collection, id, version: String(json['version']) }
}

/** Any 2xx: a shop that answers 200 to a POST has made a record too. */
function createdIn({ sent, status, json }: Answer): Made | null {
  if (sent.method !== 'POST' || status < 200 || status > 299 || !isJson(json)) return null
  const collection = collections.find((name) => sent.path === `/api/${name}`)
  const id = idOf(json)
  return collection === undefined || id === null ? null : { collection, id, version: null }
}

export function idOf(json: Json): string | null {
  const { id } = json
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null
}
