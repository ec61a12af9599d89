import { expect, test } from 'vitest'
import type { Chunk } from '../activities/upsert/chunk.ts'
import { rememberingEarlier } from '../activities/upsert/repeated-chunk.ts'
import { withTriedWrites } from '../activities/upsert/tried-writes.ts'
import { VendorTrouble } from '../activities/vendor-trouble.ts'
import type { Decision } from '../flows/decision.ts'
import type { PutAnswer, PutItem } from '../flows/memory.ts'
import type { Trouble } from '../flows/port.ts'
import type { Reading } from '../flows/reading.ts'
import type { Row } from '../flows/row.ts'
import { decodeRow, encodeRow } from '../flows/row-codec.ts'
import { decidePair } from '../workflows/decide/decide-pair.ts'
import { context, differsOf, linkedRow, pairOf, sampleFlow } from './support/pair-samples.ts'

const base = { name: 'A', remark: 'A' }
const edited = { ...base, remark: 'R' }

/** An edit of PowerOffice's that goes to the webshop. */
function update(): Decision {
  const pair = { ...pairOf(edited, base, base), differs: differsOf(edited, base), rows: [linkedRow(base)] }
  const verdict = decidePair(sampleFlow, pair, context)
  if (verdict.kind !== 'reconcile') throw new Error(`decided otherwise: ${verdict.kind}`)
  return verdict
}

function create(): Decision {
  const from = (update() as Decision & { readonly erp: Reading }).erp
  return { kind: 'create', on: 'shop', from, rows: [] }
}

const trouble = (type: Trouble['type'], where: 'shop' | 'memory') =>
  new VendorTrouble({ type, where, message: 'No answer.' })
const noShop = () => Promise.reject(trouble('Unreachable', 'shop'))

interface MemoryLike {
  readonly isSilent?: boolean
  /** The row as it stands; default: as it was decided on. */
  readonly row?: Row | null
}

function chunkOf(decision: Decision, attempt: number, { isSilent = false, row }: MemoryLike = {}) {
  const noted: PutItem[] = []
  const put = async (_address: unknown, _directory: unknown, items: readonly PutItem[]) => {
    if (isSilent) throw trouble('MemoryUnavailable', 'memory')
    const present = row === undefined ? undefined : row && encodeRow(row)
    const answers = items.map((item): PutAnswer => {
      if (present !== undefined && item.expect !== present) return { kind: 'refused', row: present }
      noted.push(item)
      return { kind: 'done' }
    })
    return { answers }
  }
  const chunk = {
    definition: sampleFlow,
    input: { connection: 'default', flow: 'customers', decisions: [decision], directory: {} },
    context: { signal: new AbortController().signal },
    collections: { shop: { prepareCreate: () => ({ notes: [] }) } },
    isRepeated: attempt > 1,
    request: { memory: { put } },
  } as unknown as Omit<Chunk, 'targets'> // what noting needs of it
  const rows = () => noted.map(({ row }) => row !== null && decodeRow(row))
  return { chunk, rows }
}

test('E19: what an attempt that died may have written is noted though the next one finds a system down', async () => {
  const { chunk, rows } = chunkOf(update(), 2)
  await expect(rememberingEarlier(chunk, 2, noShop)).rejects.toBeInstanceOf(VendorTrouble)
  expect(rows()).toMatchObject([{ kind: 'linked', tried: ['', expect.any(String)] }])
})

test('E19: it is noted in the row as that attempt left it, and the decision is made anew', async () => {
  const left = { ...linkedRow(base), flags: 'o', erpSeen: '' }
  const { chunk, rows } = chunkOf(update(), 2, { row: left })
  const decisions = await withTriedWrites(chunk)
  expect(rows()).toEqual([{ ...left, tried: ['', expect.any(String)] }])
  expect(decisions).toEqual([null])
})

test.each([
  ['that is gone', null],
  ['that links another record', linkedRow(base, { shopId: 'c-999' })],
])('a row %s keeps no note of it', async (_which, row) => {
  const { chunk, rows } = chunkOf(update(), 2, { row })
  expect(await withTriedWrites(chunk)).toEqual([null])
  expect(rows()).toEqual([])
})

test('E18: what an attempt that died may have created is noted though the next one finds a system down', async () => {
  const { chunk, rows } = chunkOf(create(), 2)
  await expect(rememberingEarlier(chunk, 2, noShop)).rejects.toBeInstanceOf(VendorTrouble)
  expect(rows()).toMatchObject([{ kind: 'creating', gives: { hashes: expect.any(String) } }])
})

test('a first attempt that finds a system down has done nothing, and notes nothing', async () => {
  for (const decision of [update(), create()]) {
    const { chunk, rows } = chunkOf(decision, 1)
    await expect(rememberingEarlier(chunk, 1, noShop)).rejects.toBeInstanceOf(VendorTrouble)
    expect(rows()).toEqual([])
  }
})

test('while the memory is silent the attempt is repeated, and the third time the flow is told', async () => {
  const attemptOf = (attempt: number) => {
    const { chunk } = chunkOf(update(), attempt, { isSilent: true })
    return rememberingEarlier(chunk, attempt, () => Promise.reject(trouble('MemoryUnavailable', 'memory')))
  }
  for (const attempt of [1, 2]) await expect(attemptOf(attempt)).rejects.not.toBeInstanceOf(VendorTrouble)
  await expect(attemptOf(3)).rejects.toBeInstanceOf(VendorTrouble)
})
