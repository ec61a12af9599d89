import { beforeEach, describe, expect, test, vi } from 'vitest'
import { applyReconcile } from '../activities/upsert/apply-reconcile.ts'
import type { Chunk } from '../activities/upsert/chunk.ts'
import { rowWithTried } from '../activities/upsert/tried-writes.ts'
import { writeSide } from '../activities/upsert/write-side.ts'
import type { ReconcileDecision } from '../flows/decision.ts'
import type { LinkedRow } from '../flows/row.ts'
import { decodeRow } from '../flows/row-codec.ts'
import { decidePair } from '../workflows/decide/decide-pair.ts'
import {
  context,
  differsOf,
  hashesOf,
  linkedRow,
  pairOf,
  reading,
  sampleFlow,
  type Values,
} from './support/pair-samples.ts'

vi.mock(import('../activities/upsert/write-side.ts'), async (original) => ({
  ...(await original()),
  writeSide: vi.fn(),
}))

const base = { name: 'A', remark: 'A' }

function decided(erp: Values, shop: Values, row: LinkedRow): ReconcileDecision {
  const [left, right] = [
    { ...base, ...erp },
    { ...base, ...shop },
  ]
  const pair = { ...pairOf(left, right, base), differs: differsOf(left, right), rows: [row] }
  const verdict = decidePair(sampleFlow, pair, context)
  if (verdict.kind !== 'reconcile') throw new Error(`decided otherwise: ${verdict.kind}`)
  return verdict
}

const chunk = {
  definition: sampleFlow,
  isRepeated: false,
  pointer: '1.9',
  targets: { content: async (known: unknown) => known },
} as unknown as Chunk // what carrying over needs of it, but for the writes

async function rowAfter(decision: ReconcileDecision): Promise<LinkedRow> {
  const { puts } = await applyReconcile(chunk, decision)
  const row = decodeRow(puts.at(-1)?.row ?? '')
  if (row.kind !== 'linked') throw new Error(`remembered otherwise: ${row.kind}`)
  return row
}

describe('E19: PowerOffice’s P was written to the webshop and landed, unheard of; then PowerOffice wrote Q', () => {
  const noted = rowWithTried(sampleFlow, decided({ name: 'P' }, {}, linkedRow(base))) as LinkedRow
  const decision = decided({ name: 'Q' }, { name: 'P', remark: 'W' }, noted)

  beforeEach(() => {
    vi.mocked(writeSide).mockReset()
  })

  test('a write of Q that does not arrive, with another field carried over to PowerOffice first, leaves P agreed on: R is carried over next', async () => {
    const erpAfter = reading('erp', { ...base, name: 'Q', remark: 'W' })
    vi.mocked(writeSide).mockImplementation(async (_chunk, { side }) =>
      side === 'erp'
        ? { kind: 'done', after: erpAfter, wrote: true, flags: '', notes: [], withheld: [], replaced: [] }
        : { kind: 'stale' },
    )
    const row = await rowAfter(decision)
    expect(row.base).toBe(hashesOf({ name: 'P', remark: 'W' }))
    expect(decided({ name: 'R', remark: 'W' }, { name: 'P', remark: 'W' }, row)).toMatchObject({
      writeErp: [],
      writeShop: ['name'],
      notes: [],
    })
  })

  test('a write of Q that the webshop refuses leaves P agreed on as well', async () => {
    const refused = decided({ name: 'Q' }, { name: 'P' }, noted)
    vi.mocked(writeSide).mockResolvedValue({ kind: 'refused', detail: 'no' })
    expect((await rowAfter(refused)).base).toBe(hashesOf({ ...base, name: 'P' }))
  })
})
