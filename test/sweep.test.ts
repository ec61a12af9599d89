import { describe, expect, test } from 'vitest'
import type { Collection, ParsedRecord } from '../activities/connector.ts'
import type { Memory } from '../activities/memory/memory-client.ts'
import { toSideState } from '../activities/reading/side-state.ts'
import { type SweepResult, sweepOnce } from '../activities/watch/sweep.ts'
import type { MissingId } from '../flows/port.ts'
import { warehouses } from './fixtures/sixth-entity/definition.ts'
import { createMemorySystem } from './fixtures/sixth-entity/memory-system.ts'
import { linkedRow } from './support/pair-samples.ts'

const words = 'is not listed, and we may not look where it could be'
const untold = (id: string): ParsedRecord & { readonly kind: 'unreadable' } => ({
  kind: 'unreadable',
  id,
  path: 'Id',
  problem: words,
  rawText: words,
})

/** One sweep of a PowerOffice that lists nothing unless told, while the memory holds one link, of the record 12. */
async function sweepOf(options: {
  /** null: the memory knows nothing of the record. */
  readonly erpSeen: string | null
  readonly unlisted?: Collection['unlisted']
  readonly missing?: readonly MissingId[]
  /** The records are lists of another flow's, which holds a link of the record 12 with these flags. */
  readonly listOf?: { readonly flags: string }
  readonly listed?: readonly ParsedRecord[]
}): Promise<SweepResult> {
  const erp = createMemorySystem('erp')
  const address = { connection: 'demo', flow: warehouses.name }
  const directory = { generation: 1, shards: [] }
  const { erpSeen, listed, listOf } = options
  const memory: Pick<Memory, 'eachRow' | 'lookup'> = {
    eachRow: async (_address, _directory, visit) => {
      if (erpSeen !== null) visit(linkedRow({}, { erpSeen }))
    },
    lookup: async () => [linkedRow({}, { flags: listOf?.flags ?? '' })],
  }
  const collection = () => ({
    ...erp.collection(warehouses.name),
    ...(options.unlisted && { unlisted: options.unlisted }),
    ...(listed && { listAll: async () => [...listed] }),
  })
  return sweepOnce(
    {
      definition: {
        ...warehouses,
        ...(listOf && { listOf: { parent: 'salesOrders', order: { erp: 'code', shop: 'code' } } }),
      },
      systems: { erp: { ...erp, collection }, shop: createMemorySystem('shop') },
      memory: memory as Memory,
      address,
      directory,
      context: { signal: new AbortController().signal, priority: 'live' } as never,
      links: async () => ({ counterpart: () => null }),
      otherFlows: { directoryOf: async () => directory } as never,
    },
    {
      ...address,
      side: 'erp',
      cursor: '0',
      directory,
      loading: false,
      sweptAt: null,
      missing: [],
      room: null,
      rotation: null,
    },
    {
      inHand: async () => new Set(),
      missing: options.missing ?? [],
      graceMs: 1_000,
      sweepMs: 3_600_000,
      now: 10_000,
      rotation: null,
      mostKeys: 1_000,
    },
  )
}

describe('linked records that the list does not show', () => {
  test('E16: one is kept in mind by the first sweep, and told of by one that is a grace later', async () => {
    const first = await sweepOf({ erpSeen: 'seen' })
    expect(first).toMatchObject({ changed: [], missing: [{ id: '12', since: 10_000 }] })
    const second = await sweepOf({ erpSeen: 'seen', missing: [{ id: '12', since: 9_000 }] })
    expect(second.changed).toMatchObject([{ key: 'erp:12', why: 'missing' }])
  })

  test('E16: where the list is known to lack some, one is looked at by its id at once, and does not count as vanished', async () => {
    const { changed, missing } = await sweepOf({ erpSeen: 'seen', unlisted: untold })
    expect(changed).toMatchObject([{ key: 'erp:12', why: 'sweep' }])
    expect(missing).toEqual([])
  })

  test('and once that is remembered, no further sweep asks for it again', async () => {
    const state = toSideState(warehouses, createMemorySystem('erp'), untold('12'))
    const erpSeen = state.kind === 'unreadable' ? state.seen : ''
    expect(await sweepOf({ erpSeen, unlisted: untold })).toMatchObject({ changed: [], missing: [] })
  })
})

describe('lists of records that are linked in their own flow (E22)', () => {
  test('one that the memory does not know yet is told of', async () => {
    const { changed } = await sweepOf({ erpSeen: null, listed: [untold('12')], listOf: { flags: '' } })
    expect(changed).toMatchObject([{ key: 'erp:12', why: 'sweep' }])
  })

  test('that of an invoiced order is over: its row was dropped, and no sweep reads it whole again', async () => {
    const { changed } = await sweepOf({ erpSeen: null, listed: [untold('12')], listOf: { flags: 'f' } })
    expect(changed).toEqual([])
  })
})
