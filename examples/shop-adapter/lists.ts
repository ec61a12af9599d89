import { Problem } from './problem.ts'
import type { Collection, JsonObject } from './records.ts'
import type { Store } from './store.ts'

/** A list in change order, or what the filters name. */
export function list(store: Store, collection: Collection, query: URLSearchParams): JsonObject {
  const limit = Number(query.get('limit') ?? 100)
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    throw new Problem(400, 'bad-request', 'limit must be a whole number from 1 to 500.')
  const cursor = query.get('changedSince')
  const names = [...new Set(query.keys())].filter((name) => name !== 'limit' && name !== 'changedSince')
  const strange = names.find((name) => !store.filters[collection].includes(name))
  // A mistyped filter that answered everything would lead the sync to wrong matches.
  if (strange !== undefined) throw new Problem(400, 'bad-request', `There is no filter ${strange}.`)
  if (cursor !== null && names.length > 0)
    throw new Problem(400, 'bad-request', 'changedSince does not combine with filters.')
  // Repeated, not separated by commas: commas stand in e-mail addresses and numbers of all kinds.
  const wanted = new Map(names.map((name) => [name, query.getAll(name)] as const))
  if ([...wanted.values()].some((values) => values.length > 100))
    throw new Problem(400, 'bad-request', 'A filter takes up to 100 values.')
  const page =
    wanted.size > 0
      ? store.filtered(collection, wanted, limit)
      : store.changedAfter(collection, cursor === null ? 0 : positionOf(store, collection, cursor), limit)
  const next = Buffer.from(`${collection}:${store.epoch}:${page.position}`).toString('base64url')
  return { items: page.items, next, hasMore: page.hasMore, epoch: store.epoch }
}

/** @throws Problem 410: the reader begins anew, which is always safe; an answer from a wrong place is not. */
function positionOf(store: Store, collection: Collection, cursor: string): number {
  const [of, epoch, position] = Buffer.from(cursor, 'base64url').toString().split(':')
  const isOurs = of === collection && epoch === store.epoch && /^\d+$/.test(position ?? '')
  if (!isOurs || Number(position) > store.highestPosition())
    throw new Problem(410, 'unknown-cursor', 'This cursor is not known here (any more): begin from the beginning.')
  return Number(position)
}
