import type { Condition, EntityStore } from './entity-store.ts'

type Reads = Pick<EntityStore<unknown>, 'get' | 'find'>

/**
 * The same store, each record and each question of it read once. For bulk inserts, which ask the same few records over and over
 * and change none of them meanwhile; never for the store that is inserted into.
 */
export function rememberedReads<Store extends Reads>(store: Store): Store {
  const known = new Map<number, unknown>()
  const answered = new Map<string, unknown>()
  return {
    ...store,
    get: (id: number) => remembered(known, id, () => store.get(id)),
    find: (condition: Condition, exceptId?: number) =>
      remembered(answered, JSON.stringify([condition, exceptId]), () => store.find(condition, exceptId)),
  }
}

function remembered<Key>(known: Map<Key, unknown>, key: Key, read: () => unknown): unknown {
  if (!known.has(key)) known.set(key, read())
  return known.get(key)
}
