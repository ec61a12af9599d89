import { type CollectionName, isJson, type Json, pathOf, type ShopRecord } from './collections.ts'
import type { Declared } from './declared.ts'
import type { Ledger, Made } from './ledger.ts'
import type { ShopClient } from './shop-client.ts'
import { recordIn } from './world.ts'

/** A record that the kit could not take away again. */
export interface Left {
  readonly collection: CollectionName
  readonly id: string
  readonly state: 'archived' | 'cancelled' | 'as it was made' | 'not put back'
  readonly reason: string
}

/** So many at once: a shop is not a load test. */
const atOnce = 6

/**
 * Takes back what a rule made, orders first since customers and products are in use until then, and puts back what it borrowed.
 * Deletes where the shop lets it, else archives or cancels. Never throws: what could not be done is in the answer.
 */
export async function cleanUp(
  shop: ShopClient,
  declared: Declared,
  ledger: Pick<Ledger, 'made' | 'borrowed'>,
): Promise<Left[]> {
  const isOrder = ({ collection }: Made) => collection === 'orders'
  const orders = await inTurns(ledger.made.filter(isOrder), (made) => take(shop, declared, made))
  const others = await inTurns(
    ledger.made.filter((made) => !isOrder(made)),
    (made) => take(shop, declared, made),
  )
  const borrowed = await inTurns(ledger.borrowed, (record) => putBack(shop, record))
  return [...orders, ...others, ...borrowed]
}

async function take(shop: ShopClient, declared: Declared, made: Made): Promise<Left | null> {
  const { collection, id } = made
  try {
    // First at the version that was seen last, which spares a reading; then as it is now, once more when it changed in between.
    const first = made.version === null ? 412 : await remove(shop, declared, made, made.version)
    if (first === null) return null
    for (let tries = 1; ; tries += 1) {
      const read = await shop.get(pathOf(collection, id))
      if (isGone(read.status)) return null
      const record = recordIn(read, collection)
      const refusal = first === 412 || tries > 1 ? await remove(shop, declared, record, record.version) : first
      if (refusal === null) return null
      if (refusal === 412 && tries < 3) continue
      return await retire(shop, declared, record, refusal)
    }
  } catch (error) {
    return { collection, id, state: 'as it was made', reason: sentenceOf(error) }
  }
}

const isGone = (status: number) => status === 404 || status === 410

/** @returns null when it is gone, else the status of the refusal (403 where nothing was tried) */
async function remove(
  shop: ShopClient,
  declared: Declared,
  { collection, id }: Pick<Made, 'collection' | 'id'>,
  version: string,
) {
  // The contract has no word for deleting products and orders: they are the kit's own, so it asks.
  if (collection === 'customers' && !declared.customers.delete) return 403
  const { status } = await shop.remove(pathOf(collection, id), version)
  return (status >= 200 && status < 300) || isGone(status) ? null : status
}

async function retire(shop: ShopClient, declared: Declared, record: ShopRecord, refusal: number): Promise<Left> {
  const { collection, id, version, json } = record
  const left = { collection, id, reason: `DELETE was refused (${refusal})` }
  if (!declared[collection].update) return { ...left, state: 'as it was made' }
  if (collection !== 'orders') {
    const { status } = await shop.patch(pathOf(collection, id), version, { active: false })
    return { ...left, state: status === 200 ? 'archived' : 'as it was made' }
  }
  if (json['status'] === 'cancelled') return { ...left, state: 'cancelled' }
  if (json['status'] === 'invoiced' || !declared.orders.cancel) return { ...left, state: 'as it was made' }
  const { status } = await shop.patch(pathOf(collection, id), version, { status: 'cancelled' })
  return { ...left, state: status === 200 ? 'cancelled' : 'as it was made' }
}

/** What the shop sets itself, or what has routes of its own. */
const notWritten = new Set(['id', 'version', 'createdAt', 'changedAt', 'kind', 'lines', 'number', 'guest', 'published'])

async function putBack(shop: ShopClient, before: ShopRecord): Promise<Left | null> {
  const { collection, id } = before
  try {
    const now = recordIn(await shop.get(pathOf(collection, id)), collection)
    const changes = changesBack(before.json, now.json)
    if (Object.keys(changes).length === 0) return null
    const { status } = await shop.patch(pathOf(collection, id), now.version, changes)
    return status === 200 ? null : { collection, id, state: 'not put back', reason: `PATCH was refused (${status})` }
  } catch (error) {
    return { collection, id, state: 'not put back', reason: sentenceOf(error) }
  }
}

/** The merge patch that makes `now` what it was before. Pure. */
export function changesBack(before: Json, now: Json): Json {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) => !notWritten.has(name))
  const changed = names.filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(now[name] ?? null))
  return Object.fromEntries(changed.map((name) => [name, memberBack(before[name], now[name])]))
}

/** A patch merges objects: what was not there before must be named to go. */
function memberBack(before: unknown, now: unknown): unknown {
  return isJson(before) && isJson(now) ? changesBack(before, now) : (before ?? null)
}

async function inTurns<T>(all: readonly T[], each: (one: T) => Promise<Left | null>): Promise<Left[]> {
  const left: Left[] = []
  const waiting = [...all]
  const next = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const result = await each(one)
      if (result) left.push(result)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, next))
  return left
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
