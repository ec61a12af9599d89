import { describe, expect, test } from 'vitest'
import type { PutReport } from '../activities/memory/memory-client.ts'
import type { Chunk } from '../activities/upsert/chunk.ts'
import { createPutQueue } from '../activities/upsert/put-queue.ts'
import type { Outcome } from '../flows/outcome.ts'

/** So many records make one put. */
const RECORDS = 250

/** A queue whose puts are all done; what else each is answered with comes from `reports`, in order. */
function queueOver(reports: readonly Pick<PutReport, 'wantSplit' | 'linked' | 'linkedAt'>[]) {
  const open = [...reports]
  const settled: Outcome[] = []
  const memory = {
    put: async (_address: unknown, _directory: unknown, items: readonly unknown[]) => ({
      answers: items.map(() => ({ kind: 'done' })),
      ...(open.shift() ?? { wantSplit: [], linked: {} }),
    }),
  }
  const chunk = { input: {}, context: {}, request: { memory, address: {} }, worlds: { learnRows: () => undefined } }
  const queue = createPutQueue(chunk as unknown as Chunk, (_index, outcome) => settled.push(outcome))
  const addMany = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++)
      await queue.add(index, { outcome: { kind: 'created' }, puts: [{ key: 'erp:1', expect: null, row: '["l"]' }] })
  }
  return { queue, settled, addMany }
}

describe('E4: a chunk that has put rows', () => {
  test('tells of a leaf that its last put there found too large, and how many links each leaf holds since when', async () => {
    const { queue, settled, addMany } = queueOver([
      { wantSplit: [], linked: { 0: 250 }, linkedAt: { 0: 10 } },
      { wantSplit: [0], linked: { 0: 260, 4: 7 }, linkedAt: { 0: 20, 4: 20 } },
    ])
    await addMany(RECORDS + 10)
    expect(await queue.flush()).toEqual({ split: [0], linked: { 0: 260, 4: 7 }, linkedAt: { 0: 20, 4: 20 } })
    expect(settled).toHaveLength(RECORDS + 10)
  })

  test('does not tell of a leaf that was split after an earlier put had found it too large', async () => {
    const { queue, addMany } = queueOver([
      { wantSplit: [0, 4], linked: { 0: 250, 4: 7 }, linkedAt: { 0: 10, 4: 20 } },
      { wantSplit: [], linked: { 0: 260 }, linkedAt: { 0: 20 } },
    ])
    await addMany(RECORDS + 10)
    expect(await queue.flush()).toEqual({ split: [4], linked: { 0: 260, 4: 7 }, linkedAt: { 0: 20, 4: 20 } })
  })
})
