import { type ChangeList, createChangeList } from './change-list.ts'
import { assume, NotChecked, NotOffered } from './checks.ts'
import { type CollectionName, isJson, type Json, pathOf, type ShopRecord } from './collections.ts'
import { creatable, type Declared, updatable } from './declared.ts'
import { createLedger, idOf, type Ledger } from './ledger.ts'
import { markWord } from './mark.ts'
import type { Given } from './needs.ts'
import { newCustomer, newLine, newOrder, newProduct } from './samples.ts'
import type { Answer, ShopClient } from './shop-client.ts'
import type { WebhookListener } from './webhook-listener.ts'

/** How long the kit waits for what a shop may do later than its answer. */
export interface Patience {
  /** A change in the list: the contract allows for the longest transaction. */
  readonly listMs: number
  /** The first attempt of a webhook. */
  readonly webhookMs: number
  /** A further attempt after a failed one. */
  readonly retryMs: number
}

/** What all rules of one run share. */
export interface Run {
  readonly shop: ShopClient
  readonly declared: Declared
  readonly given: Given
  readonly mark: string
  readonly lists: Readonly<Record<CollectionName, ChangeList>>
  readonly hooks: WebhookListener | null
  readonly patience: Patience
  readonly readerKey: string | null
  readonly signal: AbortSignal
  /** Another text at each call, with the run's mark in it. */
  unique(): string
}

/** What one rule works with. Whatever it makes is taken away when it has ended. */
export interface World extends Run {
  note(sentence: string): void
  /** The shop turns out not to offer it, where no capability says so. */
  notOffered(reason: string): never
  /** The collections in which the kit may make records: none when it only reads. */
  creatable(): CollectionName[]
  /** A new record with valid fields, and these over them. @throws SetupFailed | NotChecked */
  make(collection: CollectionName, fields?: Json): Promise<ShopRecord>
  /** The body of the POST that `make` sends. @throws SetupFailed | NotChecked */
  bodyOf(collection: CollectionName): Promise<Json>
  /** A customer that may place orders: a new one, or one that was made by hand. @throws SetupFailed | NotChecked */
  buyer(): Promise<ShopRecord>
  /**
   * One record of every collection that the shop lets be edited: a new one, or one that was made by hand and is put back afterwards.
   * @throws NotChecked when there is none of any
   */
  editables(): Promise<readonly ShopRecord[]>
  /** As it is now. @throws SetupFailed */
  read(record: Pick<ShopRecord, 'collection' | 'id'>): Promise<ShopRecord>
}

export type RunParts = Omit<Run, 'lists' | 'unique'>

export function createRun(parts: RunParts): Run {
  const listOf = (name: CollectionName) => createChangeList(parts.shop, name, parts.signal)
  let last = 0
  return {
    ...parts,
    lists: { customers: listOf('customers'), products: listOf('products'), orders: listOf('orders') },
    unique: () => {
      last += 1
      return `${parts.mark}-${last}`
    },
  }
}

export function createWorld(
  run: Run,
  note: (sentence: string) => void,
): { readonly world: World; readonly ledger: Ledger } {
  const { client, ledger } = createLedger(run.shop)
  const { declared } = run

  async function make(collection: CollectionName, fields: Json = {}): Promise<ShopRecord> {
    const body = { ...(await bodyOf(collection)), ...fields }
    return created(await client.post(pathOf(collection), body), collection)
  }

  async function bodyOf(collection: CollectionName): Promise<Json> {
    if (collection === 'customers') return newCustomer(declared, run.unique())
    if (collection === 'products') return newProduct(run.unique())
    return newOrder(declared, run.unique(), (await buyer()).id, [newLine()])
  }

  let known: ShopRecord | null = null
  async function buyer(): Promise<ShopRecord> {
    if (known === null && declared.customers.create) known = await make('customers')
    const found = known ?? (await handmade('customers'))[0]
    if (found) return found
    throw new NotChecked(`${byHand(['customers'])}, to place orders for`)
  }

  async function handmade(collection: CollectionName): Promise<ShopRecord[]> {
    const list = run.lists[collection]
    await list.end()
    const records = (list.whole()?.marked ?? []).filter((json) => isEditable(collection, json))
    const ids = records.flatMap((json) => idOf(json) ?? [])
    return Promise.all(ids.map((id) => read({ collection, id })))
  }

  async function read({ collection, id }: Pick<ShopRecord, 'collection' | 'id'>): Promise<ShopRecord> {
    const answer = await client.get(pathOf(collection, id))
    assume(answer.status === 200, `GET of a record that is there answers 200`, answer)
    return recordIn(answer, collection)
  }

  async function editables(): Promise<ShopRecord[]> {
    const found: ShopRecord[] = []
    const without: CollectionName[] = []
    for (const collection of updatable(declared)) {
      const record = declared[collection].create ? await make(collection) : (await handmade(collection))[0]
      if (record && !declared[collection].create) ledger.borrow(record)
      if (record) found.push(record)
      else without.push(collection)
    }
    if (found.length === 0) throw new NotChecked(byHand(without))
    if (without.length > 0) note(`not tried on ${without.join(' and ')}: ${byHand(without)}`)
    return found
  }

  const world: World = {
    ...run,
    shop: client,
    note,
    notOffered,
    creatable: () => (run.given.readOnly ? [] : creatable(declared)),
    make,
    bodyOf,
    buyer,
    editables,
    read,
  }
  return { world, ledger }
}

function notOffered(reason: string): never {
  throw new NotOffered(reason)
}

const markedFields: Readonly<Record<CollectionName, string>> = {
  customers: 'the name of a customer',
  products: 'the sku of a product',
  orders: 'the purchaseOrderReference of an open order',
}

function byHand(collections: readonly CollectionName[]): string {
  const fields = collections.map((collection) => markedFields[collection]).join(', ')
  return `make by hand in the shop, beginning with ${markWord}: ${fields}`
}

/** What was made by hand for the kit, and not by an earlier run of it for something else. */
function isEditable(collection: CollectionName, json: Json): boolean {
  return collection !== 'orders' || json['status'] === 'open'
}

/** @throws SetupFailed; the rules `creating.*` say more about it */
export function created(answer: Answer, collection: CollectionName): ShopRecord {
  assume(answer.status === 201, `POST of a valid record answers 201`, answer)
  return recordIn(answer, collection)
}

/** @throws SetupFailed */
export function recordIn(answer: Answer, collection: CollectionName): ShopRecord {
  const { json } = answer
  assume(isJson(json), 'a record is answered as a JSON object', answer)
  const id = idOf(json)
  assume(id !== null, 'a record has an `id`', answer)
  return { collection, id, version: versionIn(answer), json }
}

export const etagVersion = (answer: Answer): string | null =>
  /^(?:W\/)?"(.*)"$/.exec(answer.headers['etag'] ?? '')?.[1] ?? null

function versionIn(answer: Answer): string {
  const version = isJson(answer.json) ? answer.json['version'] : undefined
  if (typeof version === 'string' || typeof version === 'number') return String(version)
  return etagVersion(answer) ?? ''
}
