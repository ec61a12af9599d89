import { expect, test } from 'vitest'
import type { ParsedRecord } from '../activities/connector.ts'
import { fetchPairs } from '../activities/live/fetch-pairs.ts'
import { createLiveWorlds } from '../activities/live/live-world.ts'
import type { WorldRequest } from '../activities/live/world-request.ts'
import { customers } from '../flows/customers.ts'
import { fieldNamed } from '../flows/flow-definition.ts'
import type { RecordKey } from '../flows/side.ts'
import { creatingRow } from './support/pair-samples.ts'

const address = { connection: 'default', flow: 'customers' } as const
const directory = { generation: 0, shards: [] }

function record(id: string, reference: string | null): ParsedRecord {
  return {
    kind: 'record',
    id,
    raw: {},
    version: '1',
    changedAt: null,
    groupChangedAt: {},
    reference,
    outOfScope: null,
  }
}

/** Records that have our reference alone, as orders have, and a process that looked at both systems before there were any. */
function requestOf(records: { readonly erp: readonly ParsedRecord[]; readonly shop: readonly ParsedRecord[] }) {
  const asked: string[] = []
  const collection = (side: 'erp' | 'shop') => ({
    hasUniqueReference: true,
    startCursor: async () => 'from here',
    listAll: async () => [],
    readMany: async (ids: readonly string[]) => {
      asked.push(...ids.map((id) => `${side}:${id}`))
      return new Map(records[side].filter(({ id }) => ids.includes(id)).map((each) => [each.id, each]))
    },
  })
  const system = (side: 'erp' | 'shop') => ({ side, clockOffsetMs: () => 0, collection: () => collection(side) })
  const systems = { erp: system('erp'), shop: system('shop') }
  const rows = [{ ...creatingRow('shop'), id: 'c-7' }]
  const memory = {
    eachRow: async () => undefined,
    lookup: async (_address: unknown, _directory: unknown, keys: readonly RecordKey[]) =>
      rows.filter((row) => keys.includes(`shop:${row.id}`)),
  }
  const context = { signal: new AbortController().signal, priority: 'live' }
  const definition = { ...customers, fields: [fieldNamed(customers, 'website')], matchKeys: [] }
  const request = { definition, systems, memory, address, directory, context, links: async () => [] }
  return { asked, request: request as unknown as WorldRequest } // what reading pairs needs of it
}

test('E18: a record that names one which this process has not heard of is matched with it, and its note is read', async () => {
  const { asked, request } = requestOf({ erp: [record('12', 'c-7')], shop: [record('c-7', null)] })
  const input = { ...address, directory, keys: ['erp:12' as const], linkByHand: [] }
  const [fetched] = await fetchPairs(createLiveWorlds(), request, input)
  expect(fetched?.pair).toMatchObject({
    match: { kind: 'matched', by: 'reference' },
    erp: { kind: 'present', reading: { id: '12' } },
    shop: { kind: 'present', reading: { id: 'c-7' } },
    rows: [{ kind: 'creating', id: 'c-7' }],
  })
  expect(asked).toEqual(['erp:12', 'shop:c-7'])
})

test('a record that names one which is gone has no counterpart, and one that names nobody asks for nothing', async () => {
  const { asked, request } = requestOf({ erp: [record('12', 'c-7'), record('13', null)], shop: [] })
  const input = { ...address, directory, keys: ['erp:12' as const, 'erp:13' as const], linkByHand: [] }
  const fetched = await fetchPairs(createLiveWorlds(), request, input)
  expect(fetched.map(({ pair }) => [pair.match.kind, pair.shop.kind])).toEqual([
    ['none', 'absent'],
    ['none', 'absent'],
  ])
  expect(asked).toEqual(['erp:12', 'erp:13', 'shop:c-7'])
})
