import { afterEach, expect, test, vi } from 'vitest'
import { applyCreate } from '../activities/upsert/apply-create.ts'
import type { Chunk } from '../activities/upsert/chunk.ts'
import { creatingRow } from '../activities/upsert/creating-row.ts'
import { upsertChunk } from '../activities/upsert/upsert-records.ts'
import { customers } from '../flows/customers.ts'
import type { CreateDecision } from '../flows/decision.ts'
import { fieldNamed } from '../flows/flow-definition.ts'
import type { PutItem } from '../flows/memory.ts'
import { type CreatingRow, UNFINISHED_MS } from '../flows/row.ts'
import { salesOrders } from '../flows/sales-orders.ts'
import { plainReading } from './support/pair-samples.ts'

/** A record of PowerOffice that names a customer without a link. Its flow has one field more than that of customers. */
const source = plainReading('erp', '17', {
  content: { canonical: {}, written: {} },
  unlinked: [{ field: 'customer', flow: 'customers', key: 'erp:4' }],
})
/** The same without that customer, as it was edited after it had been sent. */
const edited = plainReading('erp', '17', { content: { canonical: {}, written: {} } })
const sentBefore: CreatingRow = { kind: 'creating', side: 'erp', id: '17', reference: '17', creation: 1, since: 0 }

const chunk = {
  definition: { ...customers, fields: [...customers.fields, fieldNamed(salesOrders, 'customer')] },
  input: { connection: 'default', flow: 'customers' },
  context: { signal: new AbortController().signal },
  collections: {},
  targets: { content: async () => source },
  pointer: '1.2',
  request: {
    address: { connection: 'default', flow: 'customers' },
    otherFlows: { awaitLinks: async () => true, directoryOf: async () => ({}) },
    memory: { lookup: async () => [] },
    links: async () => ({ counterpart: () => null }),
  },
} as unknown as Chunk // what waiting needs of it

const decided = (rows: CreateDecision['rows']): CreateDecision => ({ kind: 'create', on: 'shop', from: source, rows })

test('a record that names another without a link waits for it, and the memory says so', async () => {
  const done = await applyCreate(chunk, decided([]), null, false)
  expect(done.outcome).toMatchObject({ kind: 'parked', parked: { reason: 'waiting' } })
  expect(done.puts.map(({ row }) => row?.slice(0, 3))).toEqual(['["s'])
})

test('E18: what an earlier attempt gave is not forgotten when the record waits for another by now', async () => {
  const done = await applyCreate(chunk, decided([sentBefore]), null, true)
  expect(done.outcome).toMatchObject({ kind: 'parked', parked: { reason: 'waiting' } })
  expect(done.puts).toEqual([])
})

test.each([
  ['may still arrive', 60_000, true, []],
  ['must have arrived long ago', UNFINISHED_MS, true, ['["s']],
  ['was waited for, since the system knows no repeated request', 60_000, false, ['["s']],
])(
  'E18: what an earlier attempt gave is kept when the record is refused by now, where it %s',
  async (_words, agoMs, isKnownAgain, put) => {
    const refusing = {
      ...chunk,
      definition: customers,
      pulse: { assertAlive: () => undefined },
      collections: {
        shop: {
          prepareCreate: () => ({ body: {}, flags: '', notes: [], refusal: 'The name has more than 100 characters.' }),
          findByCounterpart: async () => [],
          hasUniqueReference: isKnownAgain,
          repeatsCreation: async () => isKnownAgain,
        },
      },
      targets: { content: async () => edited },
      request: {
        ...chunk.request,
        memory: { ...chunk.request.memory, put: async () => ({ answers: [{ kind: 'done' }] }) },
      },
    } as unknown as Chunk
    const decision: CreateDecision = { kind: 'create', on: 'shop', from: edited, rows: [] }
    const row: CreatingRow = { ...creatingRow(refusing, decision, edited), since: Date.now() - agoMs }
    const done = await applyCreate(refusing, { ...decision, rows: [row] }, null, true)
    expect(done.outcome).toMatchObject({ kind: 'parked', parked: { reason: 'refused' } })
    expect(done.puts.map((item) => item.row?.slice(0, 3))).toEqual(put)
  },
)

afterEach(() => {
  vi.restoreAllMocks()
})

test.each([
  [false, []],
  [true, ['["c']],
])(
  'E18: what a chunk did not come to in its time is noted when an earlier attempt may have made it (repeated: %s)',
  async (isRepeated, noted) => {
    // Ten seconds pass between any two looks at the clock: the time of an apply is up before it has begun anything.
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 10_000))
    const put: PutItem[] = []
    const memory = {
      lookup: async () => [],
      put: async (_address: unknown, _directory: unknown, items: readonly PutItem[]) => {
        put.push(...items)
        return { answers: items.map(() => ({ kind: 'done' })), wantSplit: [], linked: {} }
      },
    }
    const late = {
      ...chunk,
      isRepeated,
      input: { ...chunk.input, decisions: [decided([])] },
      pulse: { say: () => undefined },
      worlds: { learnRows: () => undefined },
      collections: { shop: { prepareCreate: () => ({ body: {}, flags: '', notes: [], refusal: null }) } },
      request: { ...chunk.request, memory },
    } as unknown as Chunk
    const answer = await upsertChunk(late, [decided([])])
    expect(answer).toMatchObject({ kind: 'outcomes', outcomes: [{ kind: 'deferred', erpId: '17' }] })
    expect(put.map(({ row }) => row?.slice(0, 3))).toEqual(noted)
  },
)
