import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { decodeCursor, encodeCursor } from '../sandbox/webshop/change-cursor.ts'
import { startWebshopSandbox } from '../sandbox/webshop/server.ts'
import { clientOf, type Json, readAll, type ShopClient, withShop } from './sandbox-webshop-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'webshop-feed-'))
afterAll(() => rmSync(folder, { recursive: true }))

const companies = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => ({ kind: 'company' as const, name: `Firma ${from + index}` }))
const idsOf = (items: readonly Json[]) => items.map((item) => item.id)
const edit = async (client: ShopClient, id: string, phone: string) => {
  const { body } = await client.get(`/api/customers/${id}`)
  return client.patch(id, body.version, { phone })
}

describe('the change feed', () => {
  test('an empty shop answers an empty page with a continuation that later finds the first record', async () => {
    await withShop({}, async (client, { insertCustomers }) => {
      const { body } = await client.get('/api/customers')
      expect(body).toEqual({ items: [], next: expect.any(String), hasMore: false, epoch: expect.any(String) })
      const ids = insertCustomers(companies(1))
      expect(idsOf((await client.get(`/api/customers?changedSince=${body.next}`)).body.items)).toEqual(ids)
    })
  })

  test('without a limit a page has 100, at most 500, in the order of the changes, and hasMore says when to go on', async () => {
    await withShop({}, async (client, { insertCustomers }) => {
      const ids = insertCustomers(companies(501))
      const usual = (await client.get('/api/customers')).body
      const largest = (await client.get('/api/customers?limit=500')).body
      expect([idsOf(usual.items), usual.hasMore]).toEqual([ids.slice(0, 100), true])
      expect([idsOf(largest.items), largest.hasMore]).toEqual([ids.slice(0, 500), true])
      const rest = (await client.get(`/api/customers?limit=1&changedSince=${largest.next}`)).body
      expect([idsOf(rest.items), rest.hasMore]).toEqual([ids.slice(500), false])
      const after = (await client.get(`/api/customers?changedSince=${rest.next}`)).body
      expect([after.items, after.hasMore, after.next]).toEqual([[], false, rest.next])
    })
  })

  test('an edited record moves to the end and appears once, as it is now', async () => {
    await withShop({}, async (client, { insertCustomers }) => {
      const [first = '', ...others] = insertCustomers(companies(3))
      await edit(client, first, '1')
      await edit(client, first, '2')
      const { items } = await readAll(client)
      expect(idsOf(items)).toEqual([...others, first])
      expect(items.at(-1).phone).toBe('2')
    })
  })

  test('a record that is edited or deleted while somebody pages is never missed', async () => {
    await withShop({}, async (client, { insertCustomers }) => {
      const ids = insertCustomers(companies(10))
      const seen = new Map<string, Json>()
      let cursor: string | undefined
      for (let page = 0; page < 40; page += 1) {
        const since = cursor === undefined ? '' : `&changedSince=${cursor}`
        const { body } = await client.get(`/api/customers?limit=2${since}`)
        for (const item of body.items) seen.set(item.id, item)
        cursor = body.next
        // One already read, one not yet read, and one at the edge of the page, before the next page is asked for.
        if (page < 6) for (const index of [0, page + 1, 9]) await edit(client, ids[index] ?? '', `${page}-${index}`)
        if (page === 7) await client.remove(ids[4] ?? '', (await client.get(`/api/customers/${ids[4]}`)).body.version)
        if (page > 7 && !body.hasMore) break
      }
      const truth = new Map((await readAll(client)).items.map((item: Json) => [item.id, item]))
      expect(seen).toEqual(truth)
      expect([truth.size, seen.get(ids[4] ?? '').deleted]).toEqual([10, true])
    })
  })

  test('law: whatever is written between pages, a reader that goes on until there is no more has the shop as it is', async () => {
    const step = fc.record({ write: fc.constantFrom('create', 'edit', 'delete', 'read'), at: fc.nat(30) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.integer({ min: 1, max: 4 }), async (steps, limit) => {
        await withShop({ settings: { webhooks: 'off' } }, async (client, { insertCustomers }) => {
          const alive = [...insertCustomers(companies(5))]
          const seen = new Map<string, Json>()
          let cursor: string | undefined
          const readPage = async () => {
            const since = cursor === undefined ? '' : `&changedSince=${cursor}`
            const { body } = await client.get(`/api/customers?limit=${limit}${since}`)
            for (const item of body.items) seen.set(item.id, item)
            cursor = body.next
            return body.hasMore as boolean
          }
          for (const [index, { write, at }] of steps.entries()) {
            const id = alive[at % Math.max(1, alive.length)]
            if (write === 'create') alive.push(...insertCustomers(companies(1)))
            else if (write === 'edit' && id) await edit(client, id, String(index))
            else if (write === 'delete' && id) {
              await client.remove(id, (await client.get(`/api/customers/${id}`)).body.version)
              alive.splice(alive.indexOf(id), 1)
            } else await readPage()
          }
          while (await readPage());
          expect(seen).toEqual(new Map((await readAll(client)).items.map((item: Json) => [item.id, item])))
        })
      }),
      { numRuns: 25, seed: 4020 },
    )
  })

  test('a written record is in the lists as soon as its write was answered', async () => {
    await withShop({}, async (client) => {
      const { next } = (await client.get('/api/customers')).body
      const { body } = await client.create({ kind: 'company', name: 'Ny', erpId: 'customer:1' })
      expect((await client.get(`/api/customers?changedSince=${next}`)).body.items).toEqual([body])
      expect((await client.get('/api/customers?erpId=customer:1')).body.items).toEqual([body])
    })
  })
})

describe('cursors', () => {
  test('a garbled, foreign or future cursor is 410', async () => {
    await withShop({}, async (client, { insertCustomers }) => {
      insertCustomers(companies(3))
      const { next } = (await client.get('/api/customers')).body
      const foreign = encodeCursor({ collection: 'orders', generation: 1, position: 1 })
      const future = encodeCursor({ collection: 'customers', generation: 1, position: 4 })
      const statuses = await Promise.all(
        ['', 'x', '12', `${next}A`, `${next}=`, next.slice(1), foreign, future, '%00', next].map(
          async (cursor) => (await client.get(`/api/customers?changedSince=${cursor}`)).status,
        ),
      )
      expect(statuses).toEqual([410, 410, 410, 410, 410, 410, 410, 410, 410, 200])
    })
  })

  test('a raised cursor generation makes the shop forget the cursors that it handed out', async () => {
    await withShop({}, async (client) => {
      const { next } = (await client.get('/api/customers')).body
      await client.admin('PATCH', '/settings', { cursorGeneration: 2 })
      const answer = await client.get(`/api/customers?changedSince=${next}`)
      expect([answer.status, answer.body.type]).toEqual([410, expect.stringMatching(/unknown-cursor$/)])
      const fresh = (await client.get('/api/customers')).body
      expect((await client.get(`/api/customers?changedSince=${fresh.next}`)).status).toBe(200)
    })
  })

  test('a new epoch shows in every list, cursors go on working, and both outlive a restart', async () => {
    const dataFile = join(folder, 'epoch.sqlite')
    const first = await startWebshopSandbox({ dataFile })
    const client = clientOf(first.baseUrl)
    const before = (await client.get('/api/customers')).body
    const drawn = (await client.admin('PATCH', '/settings', { epoch: 'new' })).body.epoch
    const after = (await client.get(`/api/customers?changedSince=${before.next}`)).body
    expect([after.epoch, drawn === before.epoch, drawn === 'new']).toEqual([drawn, false, false])
    await first.close()
    const second = await startWebshopSandbox({ dataFile })
    const restarted = (await clientOf(second.baseUrl).get(`/api/customers?changedSince=${before.next}`)).body
    await second.close()
    expect(restarted.epoch).toBe(drawn)
  })

  test('law: a cursor survives being written and read, and nothing else is read as one', () => {
    const position = fc.nat(1e9)
    fc.assert(
      fc.property(fc.constantFrom('customers', 'orders'), position, position, (collection, generation, at) => {
        const cursor = { collection, generation, position: at }
        expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor)
      }),
      { seed: 1 },
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        const decoded = decodeCursor(text)
        expect(decoded === undefined || encodeCursor(decoded) === text).toBe(true)
      }),
      { seed: 1 },
    )
  })
})

describe('filters', () => {
  test('one or several values of id, erpId, e-mail, organisation number, customer number and kind', async () => {
    await withShop({}, async (client, { insertCustomers }) => {
      const [a, b, c] = insertCustomers([
        { kind: 'company', name: 'A', email: 'Post@A.no', organizationNumber: '999', customerNumber: '1' },
        { kind: 'person', firstName: 'B', lastName: 'B', email: 'b@b.no', customerNumber: '1', erpId: 'customer:7,8' },
        { kind: 'department', name: 'C', organizationNumber: '999' },
      ])
      const found = async (query: string) => idsOf((await client.get(`/api/customers?${query}`)).body.items)
      expect({
        id: await found(`id=${c}&id=${a}&id=c-000099`),
        erpId: await found('erpId=customer:7,8'),
        email: await found('email=POST@a.NO&email=b@b.no'),
        partOfEmail: await found('email=post'),
        organizationNumber: await found('organizationNumber=999'),
        customerNumber: await found('customerNumber=1'),
        numberWithinKind: await found('customerNumber=1&kind=person'),
        kinds: await found('kind=person&kind=department'),
        commaSeparates: await found(`id=${a},${b}`),
      }).toEqual({
        id: [a, c],
        erpId: [b],
        email: [a, b],
        partOfEmail: [],
        organizationNumber: [a, c],
        customerNumber: [a, b],
        numberWithinKind: [b],
        kinds: [b, c],
        commaSeparates: [],
      })
    })
  })

  test('100 values are taken, 101 are 400', async () => {
    await withShop({}, async (client, { insertCustomers }) => {
      const ids = insertCustomers(companies(101))
      const query = (count: number) => ids.slice(0, count).map((id) => `id=${id}`)
      expect(idsOf((await client.get(`/api/customers?${query(100).join('&')}`)).body.items)).toEqual(ids.slice(0, 100))
      expect((await client.get(`/api/customers?${query(101).join('&')}`)).status).toBe(400)
    })
  })

  test('a filtered list that is cut says so, and its continuation is the beginning of the feed', async () => {
    await withShop({}, async (client, { insertCustomers }) => {
      const ids = insertCustomers(companies(3))
      const { body } = await client.get('/api/customers?kind=company&limit=2')
      expect([idsOf(body.items), body.hasMore]).toEqual([ids.slice(0, 2), true])
      expect(idsOf((await client.get(`/api/customers?changedSince=${body.next}`)).body.items)).toEqual(ids)
    })
  })

  test('a filter with changedSince, an unknown parameter, an empty value or a wrong limit is 400', async () => {
    await withShop({}, async (client) => {
      const { next } = (await client.get('/api/customers')).body
      const queries = [
        `changedSince=${next}&kind=company`,
        `changedSince=${next}&changedSince=${next}`,
        'orgNumber=1',
        'erpId=',
        'limit=0',
        'limit=501',
        'limit=ten',
        'limit=',
        'limit=1&limit=2',
      ]
      const statuses = await Promise.all(
        queries.map(async (query) => (await client.get(`/api/customers?${query}`)).status),
      )
      expect(statuses).toEqual(queries.map(() => 400))
    })
  })
})
