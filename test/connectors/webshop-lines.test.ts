import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Collection, ItemAnswer, ItemEdit, ParsedItem, ParsedRecord } from '../../activities/connector.ts'
import { positionAt } from '../../activities/webshop/line-places.ts'
import type { WebshopSandbox } from '../../sandbox/webshop/server.ts'
import { admin, context, present } from './system-under-test.ts'
import { connectTo, startSandbox } from './webshop-under-test.ts'

type Order = ParsedRecord & { readonly kind: 'record' }

describe('the lines of an order of the webshop', () => {
  let sandbox: WebshopSandbox
  let lines: Collection
  let customerId: string
  beforeAll(async () => {
    sandbox = await startSandbox()
    customerId = sandbox.insertCustomers([{ kind: 'company', name: 'Kunde AS' }])[0] ?? ''
  })
  afterAll(() => sandbox.close())
  beforeEach(async () => {
    await admin(sandbox.baseUrl, 'DELETE', '/faults')
    await admin(sandbox.baseUrl, 'DELETE', '/counts')
    await settings({ editOrderLines: true, idempotency: true })
    lines = connectTo(sandbox).collection('salesOrderLines')
  })
  const settings = (change: Readonly<Record<string, unknown>>) => admin(sandbox.baseUrl, 'PATCH', '/settings', change)
  const counts = async () => (await admin(sandbox.baseUrl, 'GET', '/counts')) as { writes: number }
  const insert = (...descriptions: string[]) => {
    const list = descriptions.map((description) => ({ kind: 'text', description }) as const)
    return sandbox.insertOrders([{ customerId, lines: list }])[0] ?? ''
  }
  const read = async (id: string) => present((await lines.readMany([id], context)).get(id))
  const edit = async (order: Order, change: ItemEdit): Promise<ItemAnswer> => {
    if (!lines.editItem) throw new Error('lines are edited one by one')
    return lines.editItem(order, change, context)
  }
  const done = (answer: ItemAnswer) => {
    if (answer.kind !== 'done') throw new Error(`not done: ${JSON.stringify(answer)}`)
    return answer
  }
  const add = (description: string, counterpartId: string, position = 99): ItemEdit & { kind: 'add' } => ({
    kind: 'add',
    values: { kind: 'text', description, quantity: null },
    counterpartId,
    position,
  })
  const descriptionsOf = (order: Order) => order.items?.map((item) => item.raw['description'])

  describe('adding', () => {
    test('an answer that is lost leaves it uncertain, and the same edit again finds the line that was made', async () => {
      const id = insert('A')
      const before = await read(id)
      await admin(sandbox.baseUrl, 'POST', '/faults', { kind: 'reset', method: 'POST', path: '/lines', when: 'after' })
      expect(await edit(before, add('B', '9101'))).toMatchObject({ kind: 'uncertain' })
      const between = await read(id)
      expect(descriptionsOf(between)).toEqual(['A', 'B'])
      const again = done(await edit(between, add('B', '9101')))
      expect(again).toMatchObject({
        item: { id: between.items?.[1]?.id },
        version: between.version,
        isEarlier: true,
      })
      expect(descriptionsOf(await read(id))).toEqual(['A', 'B'])
    })

    test('a line that was made before and removed here since is told of, and made again under the next key by who wants it', async () => {
      const id = insert('A')
      const first = done(await edit(await read(id), add('B', '9102')))
      sandbox.orders.removeLine(id, first.item?.id ?? '')
      expect(await edit(await read(id), add('B', '9102'))).toEqual({
        kind: 'removedSince',
        creation: 1,
        id: first.item?.id,
      })
      const second = done(await edit(await read(id), { ...add('B', '9102'), creation: 2 }))
      expect(second.item?.id).not.toBe(first.item?.id)
      const now = await read(id)
      expect(now.items?.map((item) => item.id)).toContain(second.item?.id)
      expect(second.version).toBe(now.version)
    })

    test('the same line with other content, after one that landed, is told from a new one and never a second line', async () => {
      const id = insert('A')
      done(await edit(await read(id), add('B', '9103')))
      expect(await edit(await read(id), add('C', '9103'))).toEqual({ kind: 'keyUsed', creation: 1 })
      expect(descriptionsOf(await read(id))).toEqual(['A', 'B'])
    })

    test('a line that is known to be another than what the first keys made begins with the next', async () => {
      const id = insert('A')
      done(await edit(await read(id), add('B', '9107')))
      done(await edit(await read(id), { ...add('C', '9107'), creation: 2 }))
      expect(descriptionsOf(await read(id))).toEqual(['A', 'B', 'C'])
    })

    test('goes to the end whatever its place, so that a repeated request is the same request', async () => {
      const id = insert('A', 'B')
      done(await edit(await read(id), add('C', '9104', 0)))
      expect(descriptionsOf(await read(id))).toEqual(['A', 'B', 'C'])
    })

    test('the lines of two orders do not share a key', async () => {
      const [one, two] = [insert('A'), insert('A')]
      const first = done(await edit(await read(one), add('B', '9105')))
      const second = done(await edit(await read(two), add('B', '9105')))
      expect(second.item?.id).not.toBe(first.item?.id)
    })

    test('what the shop refuses is an answer with its reason', async () => {
      const wrong: ItemEdit = {
        kind: 'add',
        values: { kind: 'product', description: 'B', productId: 'p-none' },
        counterpartId: '9106',
        position: 0,
      }
      expect(await edit(await read(insert('A')), wrong)).toMatchObject({
        kind: 'refused',
        status: 422,
        detail: expect.stringContaining('/productId'),
      })
    })
  })

  test('an order that somebody edited meanwhile is stale, for each kind of edit', async () => {
    const id = insert('A', 'B')
    const before = await read(id)
    sandbox.orders.edit(id, { customerReference: 'Ring først' })
    const line = before.items?.[0]
    const edits: ItemEdit[] = [
      add('C', '9201'),
      { kind: 'change', id: line?.id ?? '', current: line?.raw ?? {}, values: { description: 'D' }, position: null },
      { kind: 'remove', id: line?.id ?? '' },
    ]
    expect(await Promise.all(edits.map((each) => edit(before, each)))).toEqual(edits.map(() => ({ kind: 'stale' })))
    expect(descriptionsOf(await read(id))).toEqual(['A', 'B'])
  })

  test('a locked order refuses, in the shop’s words', async () => {
    const id = insert('A')
    sandbox.orders.edit(id, { status: 'cancelled' })
    const order = await read(id)
    expect(order.isLocked).toBe(true)
    expect(await edit(order, { kind: 'remove', id: order.items?.[0]?.id ?? '' })).toMatchObject({
      kind: 'refused',
      status: 409,
    })
  })

  test('a shop that does not offer it is not sent any', async () => {
    await settings({ editOrderLines: false })
    const order = await read(insert('A'))
    expect(await edit(order, add('B', '9301'))).toMatchObject({ kind: 'refused', status: 403 })
    expect(lines.canUpdate).toBe(false)
    expect((await counts()).writes).toBe(0)
  })

  test('a change clears what is empty, never touches the kind, and nothing to change is no request', async () => {
    const [id = ''] = sandbox.insertOrders([
      { customerId, lines: [{ kind: 'shipping', description: 'Frakt', quantity: '1', unitPriceExVat: '80' }] },
    ])
    const order = await read(id)
    const line = order.items?.[0] ?? { id: '', raw: {}, reference: null }
    const change = { kind: 'change', id: line.id, current: line.raw } as const
    const values = { kind: 'payment', unitPriceExVat: '79.5', quantity: null }
    const changed = done(await edit(order, { ...change, values, position: null }))
    expect(changed.item?.raw).toMatchObject({ kind: 'shipping', unitPriceExVat: '79.50', quantity: null })
    expect(changed.version).toBe((await read(id)).version)
    await admin(sandbox.baseUrl, 'DELETE', '/counts')
    expect(done(await edit(order, { ...change, values: {}, position: 0 })).version).toBe(order.version)
    expect((await counts()).writes).toBe(0)
  })

  test('a shop that does not tell the version with a line is asked for it', async () => {
    const id = insert('A')
    const order = await read(id)
    const line = order.items?.[0]
    const body = { id: line?.id, ...line?.raw, description: 'B' }
    await admin(sandbox.baseUrl, 'POST', '/faults', { kind: 'status', status: 200, method: 'PATCH', body })
    const change: ItemEdit = {
      kind: 'change',
      id: line?.id ?? '',
      current: line?.raw ?? {},
      values: { description: 'B' },
      position: null,
    }
    expect(done(await edit(order, change)).version).toBe(order.version)
  })

  describe('places', () => {
    const itemsAt = (positions: readonly (number | null)[]): ParsedItem[] =>
      positions.map((position, index) => ({ id: `l-${index}`, raw: { position }, reference: null }))

    test.each([
      ['from 1', [1, 2, 3], [1, 2, 3]],
      ['by tens', [10, 20, 30], [10, 20, 30]],
      ['with two alike', [1, 2, 2], [1, 2, 3]],
      ['with none', [null, null, null], [0, 1, 2]],
    ])('lines that are numbered %s go on being numbered so', (_title, positions, expected) => {
      expect(positions.map((_, place) => positionAt(place, itemsAt(positions)))).toEqual(expected)
    })

    test('lines that are each given a place stand in that order afterwards, however they were numbered', () => {
      const positions = fc.array(fc.option(fc.integer({ min: -5, max: 20 })), { minLength: 1, maxLength: 8 })
      fc.assert(
        fc.property(positions, (numbers) => {
          const items = itemsAt(numbers.toSorted((a, b) => (a ?? 99) - (b ?? 99)))
          const given = items.map((_, place) => positionAt(place, items))
          expect(given).toEqual([...new Set(given)].toSorted((a, b) => a - b))
        }),
      )
    })
  })
})
