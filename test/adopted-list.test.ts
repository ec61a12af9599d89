import { beforeEach, describe, expect, test, vi } from 'vitest'
import { adoptedList } from '../activities/upsert/adopted-list.ts'
import type { Chunk } from '../activities/upsert/chunk.ts'
import { announcedAnew } from '../activities/upsert/creating-row.ts'
import { readWholeNow } from '../activities/upsert/whole-record.ts'
import type { CreateDecision, ReconcileDecision } from '../flows/decision.ts'
import type { PutItem } from '../flows/memory.ts'
import type { ItemReading } from '../flows/reading.ts'
import { decodeRow } from '../flows/row-codec.ts'
import { salesOrderLines } from '../flows/sales-order-lines.ts'
import { salesOrders } from '../flows/sales-orders.ts'
import { plainReading } from './support/pair-samples.ts'

vi.mock(import('../activities/upsert/whole-record.ts'), async (original) => ({
  ...(await original()),
  readWholeNow: vi.fn(),
}))

const put: PutItem[] = []
const request = {
  definition: salesOrders,
  memory: {
    put: async (_address: unknown, _directory: unknown, items: readonly PutItem[]) => {
      put.push(...items)
      return { answers: items.map(() => ({ kind: 'done' })), wantSplit: [], linked: {} }
    },
  },
}
const chunk = {
  definition: salesOrders,
  input: { connection: 'default', flow: 'orders' },
  context: { signal: new AbortController().signal },
  collections: { shop: { prepareCreate: () => ({ body: {}, flags: '', notes: [], refusal: null }) } },
  pointer: '1.2',
  request,
} as unknown as Chunk // what announcing and adopting need of it

const order = plainReading('erp', '17', { hashes: salesOrders.fields.map(() => 'same').join('') })

/** A line of which every field shows the same four characters. */
const lineOf = (id: string, shown: string): ItemReading => ({
  id,
  hashes: salesOrderLines.fields.map(() => shown).join(''),
  seen: shown,
  reference: null,
  content: { canonical: {}, written: {} },
})

/** The create is sent with each of these lists in turn, and none of the requests is answered. */
async function sentWith(...attempts: readonly (readonly ItemReading[])[]): Promise<CreateDecision['rows']> {
  let decision: CreateDecision = { kind: 'create', on: 'shop', from: order, rows: [] }
  for (const items of attempts) {
    const after = await announcedAnew(chunk, decision, order, items, true)
    expect(after).toBeDefined()
    decision = after ?? decision
  }
  // As the memory keeps it.
  return [decodeRow(put.at(-1)?.row ?? '')]
}

/** Which lines belong together once the order is found in the webshop with these. */
async function pairsOf(rows: CreateDecision['rows'], found: readonly ItemReading[]): Promise<readonly string[][]> {
  vi.mocked(readWholeNow).mockResolvedValue({ kind: 'present', whole: { items: found } } as never)
  const shop = plainReading('shop', 'o-1')
  const decision = { kind: 'reconcile', how: 'adopt', erp: order, shop, rows } as unknown as ReconcileDecision
  const list = await adoptedList(chunk, decision)
  return (list?.items ?? []).map(({ erpId, shopId }) => [erpId, shopId])
}

beforeEach(() => {
  put.length = 0
})

describe('E18, E22: an order whose create was sent more than once, with other lines each time', () => {
  const [a, b] = [lineOf('a', 'aaaa'), lineOf('b', 'bbbb')]

  test('is known by the lines of the attempt that arrived: what was added since is new, and not removed', async () => {
    expect(await pairsOf(await sentWith([a], [a, b]), [lineOf('1', 'aaaa')])).toEqual([['a', '1']])
  })

  test('is known by the lines of the attempt that arrived: what was removed since is removed', async () => {
    const pairs = await pairsOf(await sentWith([a, b], [a]), [lineOf('1', 'aaaa'), lineOf('2', 'bbbb')])
    expect(pairs).toEqual([
      ['a', '1'],
      ['b', '2'],
    ])
  })

  test('is known by the latest, where that is what arrived, and a line that is not there was removed', async () => {
    const c = lineOf('c', 'cccc')
    expect(await pairsOf(await sentWith([a], [a, b]), [lineOf('1', 'aaaa'), lineOf('2', 'bbbb')])).toEqual([
      ['a', '1'],
      ['b', '2'],
    ])
    expect(await pairsOf(await sentWith([a], [a, b, c]), [lineOf('1', 'aaaa'), lineOf('2', 'bbbb')])).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', '?3'],
    ])
  })

  test('is known by what was sent long before, however often the latest was sent again', async () => {
    const rows = await sentWith([a], [a, b], [a, b], [a, b], [a, b], [a, b])
    expect(await pairsOf(rows, [lineOf('1', 'aaaa')])).toEqual([['a', '1']])
  })
})
