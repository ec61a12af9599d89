import { check } from '../checks.ts'
import { type CollectionName, type Json, pathOf, type ShopRecord } from '../collections.ts'
import { idOf } from '../ledger.ts'
import type { Rule } from '../rule.ts'
import { newCustomer, newProduct, plainFields } from '../samples.ts'
import { created, type World } from '../world.ts'
import { patched } from './patching.ts'

/** Enough that several commit in the same moment. */
const writers = 24
const writersAtOnce = 8

export const changeRules: readonly Rule[] = [
  {
    id: 'changes.shown',
    level: 2,
    title: 'A written record is shown in the change list, and at once by the filters',
    why: 'The sync looks for its own record before it repeats a write; not finding it, it would write twice.',
    hint: 'Answer a write only after its transaction has committed, and read from the same database. A change list may be late by the longest transaction.',
    needs: ['writes'],
    run: async (world) => {
      for (const record of await written(world)) {
        const filtered = await world.shop.get(pathOf(record.collection), [['id', record.id]])
        check(
          showsVersion(itemsOf(filtered.json), record),
          `the ${record.collection} list with id=${record.id} shows the version that was just answered`,
          filtered,
        )
        const follower = record.follower
        const isShown = await follower.until((seen) => showsVersion(seen, record), world.patience.listMs)
        check(
          isShown,
          `the change list of ${record.collection} shows ${record.id} within ${world.patience.listMs / 1000} s`,
          follower.last(),
        )
      }
    },
  },
  {
    id: 'changes.latest-only',
    level: 2,
    title: 'A record that changed twice is shown once, at the place of its latest change',
    why: 'Old versions later in the list would overwrite newer ones.',
    hint: 'One row a record, moved to the end by each change; not a log of changes.',
    needs: ['updates'],
    run: async (world) => {
      for (const before of await world.editables()) {
        const { collection, id } = before
        const list = world.lists[collection]
        const start = await list.end()
        await patched(world, before, first(collection))
        const record = await patched(world, await world.read(before), second(collection))
        // Read anew each time: a list that is late may show the first change before it shows the second.
        let shown: Json[] = []
        const deadline = performance.now() + world.patience.listMs
        do {
          const { seen, until } = await list.follow({ from: start })
          await until(() => true, 0)
          shown = seen.filter((item) => idOf(item) === id)
        } while (!showsVersion(shown, record) && performance.now() < deadline)
        check(showsVersion(shown, record), `${id} at version ${record.version}`, null)
        check(shown.length === 1, `${id} once, not ${shown.length} times`, null)
      }
    },
  },
  {
    id: 'changes.while-paging',
    level: 2,
    title: 'A record that changes while somebody pages is shown again on a later page',
    why: 'The reader already passed its old place: the change would be lost until the next one.',
    hint: 'The cursor names a place in the order of changes, never a page number or an offset.',
    needs: ['creates', 'updates'],
    run: async (world) => {
      for (const collection of both(world)) {
        const list = world.lists[collection]
        const start = await list.end()
        const records = [await world.make(collection), await world.make(collection), await world.make(collection)]
        const reader = await list.follow({ from: start, limit: 2 })
        const own = records.map(({ id }) => id)
        await reader.until((seen) => seen.some((item) => own.includes(String(idOf(item)))), world.patience.listMs)
        const passed = records.find(({ id }) => reader.seen.some((item) => idOf(item) === id)) ?? records[0]
        if (!passed) continue
        const changed = await patched(world, passed, first(collection))
        const isComplete = (seen: readonly Json[]) =>
          showsVersion(seen, changed) && own.every((id) => seen.some((item) => idOf(item) === id))
        const isShown = await reader.until(isComplete, world.patience.listMs)
        check(isShown, `${own.join(', ')}, and ${changed.id} again at version ${changed.version}`, reader.last())
      }
    },
  },
  {
    id: 'changes.concurrent-writers',
    level: 3,
    title: 'A cursor never skips a record that is written while somebody reads, however many write at once',
    why: 'The classic loss: a transaction that began earlier commits later, behind the cursor, and its record is never synced.',
    hint: 'Hand out places in commit order, or show only what is older than the longest transaction; a time alone is not unique.',
    needs: ['creates'],
    run: async (world) => {
      for (const collection of world.creatable().filter((name) => name !== 'orders')) {
        await tryConcurrentWriters(world, collection)
      }
    },
  },
]

const first = (collection: CollectionName): Json => fieldWith(collection, 1)
const second = (collection: CollectionName): Json => fieldWith(collection, 2)

function fieldWith(collection: CollectionName, which: 1 | 2): Json {
  const [field] = plainFields[collection]
  return field ? { [field[0]]: field[which] } : {}
}

const both = (world: World) => world.creatable().filter((name) => world.declared[name].update)

/** One record of each collection that may be written, just written, with a follower of what came after. */
async function written(world: World) {
  const results = []
  for (const collection of world.creatable()) {
    const follower = await world.lists[collection].follow()
    results.push({ ...(await world.make(collection)), follower })
  }
  if (results.length > 0) return results
  for (const record of await world.editables()) {
    const follower = await world.lists[record.collection].follow()
    results.push({ ...(await patched(world, record, first(record.collection))), follower })
  }
  return results
}

function showsVersion(items: readonly Json[], { id, version }: ShopRecord): boolean {
  return items.some((item) => idOf(item) === id && String(item['version'] ?? version) === version)
}

function itemsOf(json: unknown): readonly Json[] {
  const items = (json as { items?: unknown } | undefined)?.items
  return Array.isArray(items) ? items : []
}

async function tryConcurrentWriters(world: World, collection: CollectionName): Promise<void> {
  const start = await world.lists[collection].end()
  const bodies = Array.from({ length: writers }, () =>
    collection === 'customers' ? newCustomer(world.declared, world.unique()) : newProduct(world.unique()),
  )
  const ids: string[] = []
  const write = async (): Promise<void> => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
      ids.push(created(await world.shop.post(pathOf(collection), body), collection).id)
    }
  }
  const isAllWritten = Promise.all(Array.from({ length: writersAtOnce }, write))
  const allSeen = (seen: readonly Json[]) => {
    const shown = new Set(seen.map(idOf))
    return ids.length === writers && ids.every((id) => shown.has(id))
  }
  const reader = await world.lists[collection].follow({ from: start, limit: 3 })
  await Promise.all([reader.until(allSeen, world.patience.listMs), isAllWritten])
  const shown = new Set(reader.seen.map(idOf))
  const skipped = ids.filter((id) => !shown.has(id))
  check(
    skipped.length === 0,
    `all ${writers} ${collection} that were created meanwhile; ${skipped.join(', ')} never came`,
    null,
  )
}
