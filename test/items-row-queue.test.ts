import { expect, test } from 'vitest'
import { createItemsRowQueue } from '../activities/upsert/items-row-queue.ts'
import type { LinkedRow } from '../flows/row.ts'
import { linkedRow } from './support/pair-samples.ts'

test('E22: rows of records under way together share one put, and each waits for it', async () => {
  const puts: (readonly LinkedRow[])[] = []
  const queue = createItemsRowQueue(async (rows) => {
    puts.push(rows)
  })
  const rows = ['1', '2', '3'].map((erpId) => linkedRow({}, { erpId }))
  await Promise.all(rows.map((row) => queue.put(row)))
  expect(puts).toEqual([rows])
  await queue.put(linkedRow({}, { erpId: '4' }))
  expect(puts).toHaveLength(2)
})

test('a put that fails is heard of by everybody who waited for it, and by nobody after', async () => {
  let isDown = true
  const queue = createItemsRowQueue(async () => {
    if (isDown) throw new Error('the memory does not answer')
  })
  const results = await Promise.allSettled([queue.put(linkedRow()), queue.put(linkedRow())])
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected'])
  isDown = false
  await expect(queue.put(linkedRow())).resolves.toBeUndefined()
})
