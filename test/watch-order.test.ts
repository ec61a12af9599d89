import { describe, expect, test } from 'vitest'
import type { ParsedRecord } from '../activities/connector.ts'
import type { Memory } from '../activities/memory/memory-client.ts'
import { toSideState } from '../activities/reading/side-state.ts'
import { createOwnCreates } from '../activities/watch/own-creates.ts'
import type { WakeCalls } from '../activities/watch/wake-calls.ts'
import { watchSide } from '../activities/watch/watch-side.ts'
import type { WatchInput } from '../flows/port.ts'
import type { Row } from '../flows/row.ts'
import type { RecordKey } from '../flows/side.ts'
import { warehouses } from './fixtures/sixth-entity/definition.ts'
import { createMemorySystem, type MemorySystem } from './fixtures/sixth-entity/memory-system.ts'
import { linkedRow } from './support/pair-samples.ts'

/** A watch of a webshop that is an array, with a flow and a memory that answer what the test says, and a log of who was asked. */
function startWatch(answers: {
  readonly inHand: readonly (readonly RecordKey[])[]
  /** What the memory holds each time it is asked; undefined: no row. */
  readonly seen: readonly (string | undefined)[]
  /** The flow is one of lists, whose records' flow has linked nothing and says this of its hand each time. */
  readonly parentsHand?: readonly (readonly RecordKey[])[]
  readonly records?: readonly string[]
  /** Ids of records that stand as this process created them. */
  readonly ownCreates?: readonly string[]
  /** A first load is under way, which has listed everything as it is. */
  readonly isLoading?: boolean
  /** What happens at the first rest. */
  readonly meanwhile?: (shop: MemorySystem) => void
}) {
  const shop = createMemorySystem('shop')
  for (const id of answers.records ?? ['c-7']) shop.edit(id, { code: 'N', name: 'Nord', active: true })
  const asked: string[] = []
  const rows = (seen: string | undefined): Row[] =>
    seen === undefined ? [] : [linkedRow({}, { erpSeen: '', shopSeen: seen })]
  const hands = [...answers.inHand]
  const parentsHands = [...(answers.parentsHand ?? [])]
  const listOf = { parent: 'customers', order: { erp: 'SortOrder', shop: 'position' } } as const
  const definition = answers.parentsHand ? { ...warehouses, listOf } : warehouses
  const memories = [...answers.seen]
  const collection = shop.collection(warehouses.name)
  const memory: Pick<Memory, 'lookup'> = {
    lookup: async ({ flow }, _directory, keys) => {
      if (flow !== warehouses.name || keys.length === 0) return []
      asked.push('memory')
      return rows(memories.shift())
    },
  }
  const wakeCalls: WakeCalls = {
    wake: () => false,
    attend: () => ({
      sleep: async () => {
        if (!asked.includes('rest')) answers.meanwhile?.(shop)
        asked.push('rest')
        now += 500
        return false
      },
      leave: () => undefined,
    }),
  }
  let now = 1_000
  const { signal } = new AbortController()
  const address = { connection: 'demo', flow: warehouses.name }
  const directory = { generation: 1, shards: [] }
  const systems = {
    erp: createMemorySystem('erp'),
    shop: {
      ...shop,
      collection: () => ({
        ...collection,
        listChanges: (...args: Parameters<typeof collection.listChanges>) => {
          asked.push('fetch')
          return collection.listChanges(...args)
        },
      }),
    },
  }
  const input: WatchInput = {
    ...address,
    side: 'shop',
    cursor: '0',
    directory,
    loading: answers.isLoading === true,
    sweptAt: null,
    missing: [],
    room: null,
    rotation: null,
  }
  const running = watchSide(
    {
      request: {
        definition,
        systems,
        memory: memory as Memory,
        address,
        directory,
        context: { signal, priority: 'live' } as never,
        links: async () => ({ counterpart: () => null }),
        otherFlows: { directoryOf: async () => directory } as never,
      },
      wakeCalls,
      pulse: {
        activityId: '1',
        attempt: 1,
        signal,
        say: () => undefined,
        assertAlive: () => undefined,
        stop: () => undefined,
      },
      inHand: async () => {
        asked.push('hand')
        return new Set(hands.shift() ?? [])
      },
      inParentsHand: async () => {
        asked.push('parent')
        return new Set(parentsHands.shift() ?? [])
      },
      isListedByLoad: () => answers.isLoading === true,
      feedMatching: () => undefined,
      isAsCreated: (id) => answers.ownCreates?.includes(id) ?? false,
      pollMs: 60_000,
      sweepMs: 3_600_000,
      graceMs: 1_000,
      clock: () => now,
    },
    input,
  )
  return { running, asked }
}

async function seenInShop(): Promise<string> {
  const shop = createMemorySystem('shop')
  shop.edit('c-7', { code: 'N', name: 'Nord', active: true })
  const [record] = await shop.collection(warehouses.name).listAll({} as never)
  const state = record && toSideState(warehouses, shop, record)
  if (state?.kind !== 'present') throw new Error('the record is readable')
  return state.reading.seen
}

describe('the order in which a watch drops (E11)', () => {
  test('E11: it fetches, then asks what is in hand, then the memory', async () => {
    const { running, asked } = startWatch({ inHand: [[]], seen: ['other'] })
    expect((await running).changed).toMatchObject([{ key: 'shop:c-7', why: 'changed' }])
    expect(asked).toEqual(['fetch', 'hand', 'memory'])
  })

  test('E11: a record in hand is not asked about until it is free, and then it is judged by the row that was put', async () => {
    const seen = await seenInShop()
    const { running, asked } = startWatch({ inHand: [['shop:c-7'], ['erp:9', 'shop:c-7'], []], seen: [seen] })
    // Our own write, as its row tells: nothing to say, so the watch comes back after its hour.
    expect(await running).toMatchObject({ changed: [], dropped: 1, cursor: '1' })
    expect(asked.slice(0, 7)).toEqual(['fetch', 'hand', 'rest', 'hand', 'rest', 'hand', 'memory'])
    expect(asked.filter((name) => name === 'memory')).toHaveLength(1)
  })

  test('E11: a watch that answers while it still holds records gives back the cursor it came with', async () => {
    const { running } = startWatch({ inHand: [['shop:c-7']], seen: ['other'], records: ['c-7', 'c-8'] })
    expect(await running).toMatchObject({ changed: [{ key: 'shop:c-8' }], cursor: '0' })
  })

  test('E11: a record that people put back to what it was, before our write in between was listed, is judged by the row of that write', async () => {
    const seen = await seenInShop()
    const { running } = startWatch({
      inHand: [],
      seen: [seen, 'as we wrote it'],
      meanwhile: (shop) => {
        shop.edit('c-7', { name: 'Ours' })
        shop.edit('c-7', { name: 'Nord' })
      },
    })
    expect(await running).toMatchObject({ changed: [{ key: 'shop:c-7' }], dropped: 1 })
  })

  test('E11: a list whose record is being linked is held until that is over, and then judged by the row that was put', async () => {
    const { running, asked } = startWatch({
      inHand: [],
      seen: [undefined, undefined, 'as it was made'],
      parentsHand: [['shop:c-7'], []],
    })
    expect((await running).changed).toMatchObject([{ key: 'shop:c-7' }])
    expect(asked).toEqual(['fetch', 'hand', 'memory', 'parent', 'rest', 'hand', 'memory', 'parent', 'memory'])
  })

  test('E11: a list whose record nobody links is passed by', async () => {
    const { running } = startWatch({ inHand: [], seen: [], parentsHand: [] })
    expect(await running).toMatchObject({ changed: [], dropped: 1 })
  })

  test('E13: what a first load has listed is its own business until it has a row; put back to that after the load wrote it, it counts as edited', async () => {
    const undecided = startWatch({ inHand: [], seen: [], isLoading: true })
    expect(await undecided.running).toMatchObject({ changed: [], dropped: 1 })
    const written = startWatch({ inHand: [], seen: ['as the load wrote it'], isLoading: true })
    expect(await written.running).toMatchObject({ changed: [{ key: 'shop:c-7' }] })
  })

  test('E11: a record that stands as this process created it is passed by without a question', async () => {
    const { running, asked } = startWatch({ inHand: [], seen: [], ownCreates: ['c-7'] })
    expect(await running).toMatchObject({ changed: [], dropped: 1, cursor: '1' })
    expect(asked.slice(0, 2)).toEqual(['fetch', 'rest'])
    expect(asked).not.toContain('hand')
  })
})

describe('what this process created (own-creates.ts)', () => {
  const address = { connection: 'demo', flow: warehouses.name }
  const record = (id: string, version: string | null): ParsedRecord => ({
    kind: 'record',
    id,
    version,
    raw: {},
    changedAt: null,
    groupChangedAt: {},
    reference: null,
    outOfScope: null,
  })

  test('it is known again at the version it was answered with, and at no other', () => {
    const own = createOwnCreates()
    own.note(address, record('c-7', '1-a'))
    expect(own.isAsCreated(address, 'c-7', '1-a')).toBe(true)
    expect(own.isAsCreated(address, 'c-7', '2-b')).toBe(false)
    expect(own.isAsCreated(address, 'c-8', '1-a')).toBe(false)
    expect(own.isAsCreated({ ...address, connection: 'other' }, 'c-7', '1-a')).toBe(false)
  })

  test('a system without versions is never taken for unchanged', () => {
    const own = createOwnCreates()
    own.note(address, record('c-7', null))
    expect(own.isAsCreated(address, 'c-7', '')).toBe(false)
    expect(own.isAsCreated(address, 'c-7', 'null')).toBe(false)
  })
})
