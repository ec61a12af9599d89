import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { type MutatedRequest, mutateRequest, type SampleRequest } from './support/mutate-request.ts'
import { seededRandom } from './support/seeded-random.ts'
import { createRawClient } from './support/send-mutated.ts'

const sample: SampleRequest = {
  method: 'POST',
  path: '/v2/Customers/17?Fields=Id&PageSize=3',
  headers: { Authorization: 'Bearer abc', 'Content-Type': 'application/json' },
  body: { Name: 'Fjell AS', MailAddress: { City: 'Oslo', ZipCode: '0150' }, ContactGroupIds: [501, 502] },
}

function spoiled(seed: number, count: number): MutatedRequest[] {
  const dice = seededRandom(seed)
  return Array.from({ length: count }, () => mutateRequest(sample, dice))
}

test('the same seed spoils a request in the same ways, another seed in others', () => {
  expect(spoiled(7, 200)).toEqual(spoiled(7, 200))
  expect(spoiled(7, 200)).not.toEqual(spoiled(8, 200))
})

test('every kind of mutation changes what is sent, and spares the sample', () => {
  const before = structuredClone(sample)
  const changed = new Set<string>()
  const original = JSON.stringify([sample.method, sample.path, sample.headers, JSON.stringify(sample.body)])
  for (const { method, path, headers, body, mutations } of spoiled(1, 5_000)) {
    const now = JSON.stringify([method, path, headers, body?.toString()])
    if (mutations.length === 1 && now !== original) changed.add(String(mutations))
  }
  expect(sample).toEqual(before)
  expect([...changed].sort()).toMatchInlineSnapshot(`
    [
      "body: a property added",
      "body: a property left out",
      "body: a value replaced",
      "body: another encoding",
      "body: bytes put in",
      "body: cut",
      "body: none",
      "body: sent twice over",
      "body: something else",
      "header: content type",
      "header: hostile value",
      "header: left out",
      "header: very long",
      "method: another",
      "path: a segment added",
      "path: a segment left out",
      "path: a segment replaced",
      "path: other casing",
      "path: slashes",
      "query: a key added",
      "query: a key twice",
      "query: a value replaced",
      "query: no value",
      "query: very many",
    ]
  `)
})

test('whatever comes out can be sent, byte for byte', async () => {
  const arrived: { method: string; url: string; body: string }[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      arrived.push({
        method: request.method ?? '',
        url: request.url ?? '',
        body: Buffer.concat(parts).toString('base64'),
      })
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = createRawClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const sent = spoiled(3, 500)
  for (const one of sent) await client.send(one)
  client.close()
  server.close()
  expect(arrived).toEqual(
    sent.map(({ method, path, body }) => ({ method, url: path, body: (body ?? Buffer.alloc(0)).toString('base64') })),
  )
})
