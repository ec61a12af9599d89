import type { Client } from '@temporalio/client'
import { expect, test } from 'vitest'
import { createMemory } from '../activities/memory/memory-client.ts'
import type { Directory } from '../flows/directory.ts'
import type { PutItem } from '../flows/memory.ts'

const address = { connection: 'default', flow: 'customers' } as const
const directory: Directory = {
  generation: 1,
  shards: [
    { side: 'erp', low: '', number: 0 },
    { side: 'shop', low: '', number: 1 },
  ],
}
const written: PutItem = { key: 'erp:17', expect: null, row: '["l","17","c-1"]' }
const removed: PutItem = { key: 'shop:c-1', expect: '["c","s","c-1"]', row: null }

/** A server whose leaves say what they are asked, and answer when they are told to. */
function leaves() {
  const asked: string[] = []
  const answers: (() => void)[] = []
  const client = {
    connection: { withDeadline: (_until: number, ask: () => Promise<unknown>) => ask() },
    workflow: {
      getHandle: (id: string) => ({
        executeUpdate: (_name: string, { args }: { args: [PutItem[]] }) => {
          asked.push(
            `${id}: ${args[0].map(({ key, row }) => `${row === null ? 'take out' : 'put'} ${key}`).join(', ')}`,
          )
          const result = { answers: args[0].map(() => ({ kind: 'done' })), linked: 1, wantsSplit: false }
          return new Promise((resolve) => answers.push(() => resolve(result)))
        },
      }),
    },
  } as unknown as Client // what a put needs of it
  const answer = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve))
    for (const one of answers.splice(0)) one()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { client, asked, answer }
}

test('E5: a row is taken out of one leaf only when the row that follows it stands in another', async () => {
  const { client, asked, answer } = leaves()
  const put = createMemory(client).put(address, directory, [removed, written], new AbortController().signal)
  await new Promise((resolve) => setImmediate(resolve))
  expect(asked).toEqual(['default.customers.links.0: put erp:17'])
  await answer()
  expect(asked).toEqual(['default.customers.links.0: put erp:17', 'default.customers.links.1: take out shop:c-1'])
  await answer()
  expect((await put).answers).toEqual([{ kind: 'done' }, { kind: 'done' }])
})

test('E8: rows of long lists are as many updates as payloads need, in their order', async () => {
  const { client, asked, answer } = leaves()
  const long = 'x'.repeat(300_000)
  const items = ['17', '18', '19'].map(
    (id): PutItem => ({ key: `erp:${id}`, expect: null, row: `["l","${id}","${long}"]` }),
  )
  const put = createMemory(client).put(address, directory, items, new AbortController().signal)
  await new Promise((resolve) => setImmediate(resolve))
  expect(asked).toEqual(['default.customers.links.0: put erp:17, put erp:18'])
  await answer()
  expect(asked.slice(1)).toEqual(['default.customers.links.0: put erp:19'])
  await answer()
  expect((await put).answers).toHaveLength(3)
})

test('E5: what one leaf holds is one update', async () => {
  const { client, asked, answer } = leaves()
  const items: PutItem[] = [{ ...removed, key: 'erp:18' }, written]
  const put = createMemory(client).put(address, directory, items, new AbortController().signal)
  await answer()
  expect(asked).toEqual(['default.customers.links.0: put erp:17, take out erp:18'])
  await put
})
