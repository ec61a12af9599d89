import { expect, test } from 'vitest'
import type { RequestContext } from '../activities/connector.ts'
import type { HttpClient } from '../activities/http/http-client.ts'
import { createDeliveryAddresses } from '../activities/poweroffice/delivery-addresses.ts'
import { createSimulatedClock } from './connectors/simulated-clock.ts'
import { troubleOf } from './connectors/system-under-test.ts'

const context: RequestContext = { signal: new AbortController().signal, priority: 'live' }
const sound = { AddressLine1: 'Kaia 4', AddressLine2: null, ZipCode: '5003', City: 'Bergen', CountryCode: 'NO' }

/** Addresses of one customer as PowerOffice would answer them by id, or in one list. */
function addressesOf(answers: Readonly<Record<number, { readonly status?: number; readonly json: unknown }>>) {
  const client = {
    read: async ({ path }: { readonly path: string }) => {
      const id = Number(/\/(\d+)$/.exec(path)?.[1])
      const { status = 200, json } = Number.isNaN(id)
        ? { json: Object.values(answers).map((answer) => answer.json) }
        : (answers[id] ?? { status: 404, json: null })
      return {
        kind: 'answer',
        status,
        json,
        isJson: true,
        text: '',
        headers: { 'x-pagination': '{"NextPageLink":""}' },
      }
    },
  } as unknown as HttpClient // what reading needs of it
  const addresses = createDeliveryAddresses(client, createSimulatedClock(), { timeoutMs: 1_000 })
  const keys = (ids: readonly number[]) => ids.map((addressId) => ({ customerId: 7, addressId }))
  return (ids: readonly number[]) => addresses.lookUp(keys(ids), context, 'whole')
}

const row = (id: unknown) => ({ Id: id, ContactId: 7, ...sound })

test('a delivery address that cannot be read is the matter of the orders that name it, and of no others', async () => {
  const lookUp = addressesOf({
    1: { json: row(1) },
    2: { json: ['no address'] },
    3: { json: row(99) },
    4: { status: 409, json: { title: 'locked' } },
  })
  const found = await lookUp([1, 2, 3, 4, 5])
  expect(found.get(1)).toEqual(sound)
  expect(found.get(5)).toBeNull()
  for (const id of [2, 3, 4])
    expect(found.get(id)).toEqual({ problem: expect.any(String), rawText: expect.any(String) })
})

test('nor is one in a list of all taken for one that is gone', async () => {
  const lookUp = addressesOf({
    ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((id) => [id, { json: row(id) }])),
    7: { json: { ...row(7), City: { name: 'Bergen' } } },
  })
  const found = await lookUp([1, 2, 3, 4, 5, 6, 7, 8])
  expect(found.get(6)).toEqual(sound)
  expect(found.get(7)).toMatchObject({ problem: expect.stringContaining('cannot be read') })
  expect(found.get(8)).toBeNull()
})

test('one after the other is a change of the interface, which the developer must see', async () => {
  const lookUp = addressesOf(Object.fromEntries([1, 2, 3, 4, 5].map((id) => [id, { json: 'moved' }])))
  expect(await troubleOf(lookUp([1, 2, 3, 4, 5]))).toMatchObject({ type: 'ContractChanged' })
})
