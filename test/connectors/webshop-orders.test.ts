import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Collection, JsonObject, NewItem } from '../../activities/connector.ts'
import { longestList } from '../../activities/mapping/longest-list.ts'
import type { WebshopConnector } from '../../activities/webshop/connector.ts'
import { type CompanyOptions, defaultOptions } from '../../flows/flow-options.ts'
import type { BulkOrder } from '../../sandbox/webshop/bulk-orders.ts'
import type { WebshopSandbox } from '../../sandbox/webshop/server.ts'
import { admin, context, present, troubleOf, written } from './system-under-test.ts'
import { connectTo, startSandbox } from './webshop-under-test.ts'

describe('orders of the webshop', () => {
  let sandbox: WebshopSandbox
  let connector: WebshopConnector
  let orders: Collection
  let lines: Collection
  let customerId: string
  let productId: string
  beforeAll(async () => {
    sandbox = await startSandbox()
    customerId = sandbox.insertCustomers([{ kind: 'company', name: 'Kunde AS' }])[0] ?? ''
    productId = sandbox.insertProducts([{ sku: '007', name: 'Sko' }])[0] ?? ''
  })
  afterAll(() => sandbox.close())
  beforeEach(async () => {
    await admin(sandbox.baseUrl, 'DELETE', '/faults')
    await admin(sandbox.baseUrl, 'DELETE', '/counts')
    await settings({ createOrders: true, updateOrders: true, cancelOrders: true, decimalsAs: 'text' })
    connector = connectTo(sandbox)
    orders = connector.collection('salesOrders')
    lines = connector.collection('salesOrderLines')
  })
  const settings = (change: Readonly<Record<string, unknown>>) => admin(sandbox.baseUrl, 'PATCH', '/settings', change)
  const insert = (order: Partial<BulkOrder> = {}) => sandbox.insertOrders([{ customerId, ...order }])[0] ?? ''
  const read = async (id: string, collection = orders) => present((await collection.readMany([id], context)).get(id))
  const withOptions = (change: {
    readonly customers?: Partial<CompanyOptions['customers']>
    readonly salesOrders?: Partial<CompanyOptions['salesOrders']>
  }) =>
    connectTo(sandbox, {
      options: {
        ...defaultOptions,
        customers: { ...defaultOptions.customers, ...change.customers },
        salesOrders: { ...defaultOptions.salesOrders, ...change.salesOrders },
      },
    })
  const answerOnce = (path: string, body: unknown) =>
    admin(sandbox.baseUrl, 'POST', '/faults', { kind: 'status', status: 200, path, body })
  const counts = async () =>
    (await admin(sandbox.baseUrl, 'GET', '/counts')) as { byRoute: Record<string, number>; writes: number }

  const sko = (position: number) =>
    ({
      kind: 'product',
      description: 'Sko',
      productId,
      quantity: '2',
      unit: 'EA',
      unitPriceExVat: '100',
      discountPercent: '10',
      vatRate: '25',
      position,
    }) as const
  const frakt = (position: number) =>
    ({ kind: 'shipping', description: 'Frakt', unitPriceExVat: '80', quantity: '1', vatRate: '25', position }) as const

  describe('reading', () => {
    test('a refund names the order that it takes back, and an order that is cancelled gets no invoice any more', async () => {
      const credited = insert({ status: 'cancelled' })
      const refund = await read(insert({ creditsOrderId: credited }))
      expect(refund).toMatchObject({ credits: credited, invoice: { isExpected: true } })
      const record = await read(credited)
      expect(record.credits).toBeUndefined()
      expect(record.invoice).toEqual({ number: null, isExpected: false })
    })

    test('the header is nested as in the contract, the lines are in order of their positions, the totals are the shop’s', async () => {
      const id = insert({
        number: '5001',
        orderedAt: '2026-03-01T22:30:00.000Z',
        purchaseOrderReference: 'PO-1',
        deliveryAddress: { line1: 'Gata 1', line2: null, zip: '0150', city: 'Oslo', country: 'NO' },
        payment: { status: 'paid', method: 'card', reference: 'pay-1' },
        lines: [frakt(20), sko(10)],
      })
      const record = await read(id)
      expect(record).toMatchObject({
        reference: null,
        outOfScope: null,
        isLocked: false,
        totals: { net: '260.00', gross: '325.00' },
        invoice: { number: null, isExpected: true },
        raw: {
          number: '5001',
          status: 'open',
          customerId,
          departmentId: null,
          currency: 'NOK',
          orderedAt: '2026-03-01T22:30:00.000Z',
          purchaseOrderReference: 'PO-1',
          deliveryAddress: { line1: 'Gata 1', line2: null, zip: '0150', city: 'Oslo', country: 'NO' },
          payment: { status: 'paid', method: 'card', reference: 'pay-1' },
          invoiceBalance: null,
        },
      })
      expect(record.items).toEqual([
        { id: expect.any(String), reference: null, raw: sko(10) },
        {
          id: expect.any(String),
          reference: null,
          raw: { ...frakt(20), productId: null, unit: null, discountPercent: null },
        },
      ])
      expect((await read(id, lines)).items).toEqual(record.items)
    })

    test('numbers and texts are the same amounts', async () => {
      const id = insert({ lines: [sko(1)], invoiceBalance: '10.50' })
      const asText = await read(id)
      await settings({ decimalsAs: 'numbers' })
      const asNumbers = await read(id)
      expect(asNumbers.items?.[0]?.raw).toMatchObject({ quantity: '2', unitPriceExVat: '100', vatRate: '25' })
      expect(asNumbers.raw['invoiceBalance']).toBe('10.5')
      expect(asText.raw['invoiceBalance']).toBe('10.50')
    })

    test.each([
      ['open', false],
      ['confirmed', false],
      ['invoiced', true],
      ['cancelled', true],
    ] as const)('an order that is %s is locked: %s', async (status, isLocked) => {
      expect(await read(insert({ status }), lines)).toMatchObject({ isLocked })
    })

    const whole = {
      id: 'o-77',
      version: 3,
      changedAt: '2026-01-01T00:00:00.000Z',
      erpId: null,
      number: 77,
      status: 'parked',
      customerId: 12,
      currency: 'NOK',
      orderedAt: '2026-01-01T00:00:00.000Z',
      totalExVat: 1,
      totalIncVat: 1.25,
      lines: [],
    }

    test('an unknown status is handed on, ids and versions may be numbers, what is not mapped is dropped at the door', async () => {
      await answerOnce('/orders/o-77', { ...whole, customerNote: 'ring på' })
      const record = await read('o-77')
      expect(record).toMatchObject({ version: '3', raw: { status: 'parked', customerId: '12', number: '77' } })
      expect(record.raw).not.toHaveProperty('customerNote')
      expect(record.items).toEqual([])
    })

    test.each([
      ['a line', { lines: [{ id: 'line one', kind: 'text', description: 'A' }] }, 'lines.0.id'],
      ['the customer', { customerId: 'kunde/1' }, 'customerId'],
      ['a number beyond what JSON can hold', { customerId: 2 ** 53 + 2 }, 'customerId'],
      ['two lines alike', { lines: ['', ''].map(() => ({ id: 'l-1', kind: 'text', description: 'A' })) }, 'lines'],
    ])('an id that cannot be trusted makes that order unreadable: %s', async (_title, change, path) => {
      await answerOnce('/orders?', {
        items: [
          { ...whole, ...change },
          { ...whole, id: 'o-78' },
        ],
        ...page,
      })
      const records = await orders.listAll(context)
      expect(records[0]).toMatchObject({ kind: 'unreadable', id: 'o-77', path })
      expect(records[1]).toMatchObject({ kind: 'record', id: 'o-78' })
    })
    const page = { next: 'n', hasMore: false, epoch: 'e' }
    const amounts = { quantity: null, unit: null, unitPriceExVat: null, discountPercent: null, vatRate: null }
    const bareLine = { kind: 'text', productId: null, description: 'A', ...amounts }

    test.each(['salesOrders', 'salesOrderLines'] as const)(
      'an order that does not say its lines is unreadable in %s, never one without lines; a list of which none says them stops it (E16)',
      async (flow) => {
        const { lines: _gone, ...rest } = whole
        const collection = connector.collection(flow)
        const unreadable = { kind: 'unreadable', id: 'o-77', path: 'lines' }
        for (const shown of [rest, { ...rest, lines: null }]) {
          await answerOnce('/orders?', { items: [{ ...whole, id: 'o-76' }, shown], ...page })
          expect(await collection.listAll(context)).toMatchObject([{ kind: 'record', id: 'o-76' }, unreadable])
          await answerOnce('/orders/o-77', shown)
          expect((await collection.readMany(['o-77'], context)).get('o-77')).toMatchObject(unreadable)
        }
        const five = Array.from({ length: 5 }, (_, index) => ({ ...rest, id: `o-${index}` }))
        await answerOnce('/orders?', { items: five, ...page })
        const trouble = await troubleOf(collection.listAll(context))
        expect(trouble).toMatchObject({ type: 'ContractChanged', where: 'shop' })
        expect(trouble.message).toContain('property lines on any order')
      },
    )

    test.each([
      ['a total that is none', { totalIncVat: '1e400' }, 'totalIncVat: is not a decimal number'],
      [
        'more lines than travel',
        { lines: Array.from({ length: longestList + 1 }, (_, at) => ({ ...bareLine, id: `l-${at}` })) },
        'lines: has 1001 lines, more than the 1000 that travel',
      ],
      [
        'lines that are nothing',
        { lines: Array.from({ length: 9 }, () => ({})) },
        'lines.0.id: is absent where text or a number is expected',
      ],
    ])('what would end the work on others makes that order unreadable: %s', async (_title, change, problem) => {
      await answerOnce('/orders/o-77', { ...whole, ...change })
      const read = (await orders.readMany(['o-77'], context)).get('o-77')
      if (read?.kind !== 'unreadable') throw new Error('it was read')
      expect(`${read.path}: ${read.problem}`).toBe(problem)
    })

    test('an order that says by its own address that it is another one is unreadable, and no end of the flow', async () => {
      await answerOnce('/orders/o-77', { ...whole, id: 'o-78' })
      const read = (await orders.readMany(['o-77'], context)).get('o-77')
      expect(read).toMatchObject({ kind: 'unreadable', id: 'o-77', path: 'id' })
    })

    test('a property that no line carries any more stops both flows and is named', async () => {
      const { unitPriceExVat: _gone, ...bare } = { ...sko(1), id: 'l-1' }
      const five = Array.from({ length: 5 }, (_, index) => ({ ...bare, id: `l-${index}` }))
      await answerOnce('/orders?', { items: [{ ...whole, lines: five }], ...page })
      expect((await troubleOf(orders.listAll(context))).message).toContain('unitPriceExVat on any line')
    })

    test('both flows’ looks at the changes are one request when they come at once', async () => {
      const cursor = await orders.startCursor(context)
      const id = insert()
      await admin(sandbox.baseUrl, 'DELETE', '/counts')
      const [headers, lists] = await Promise.all([
        orders.listChanges(cursor, context),
        lines.listChanges(cursor, context),
      ])
      expect([headers, lists].map(({ records }) => records.map((record) => record.id))).toEqual([[id], [id]])
      expect((await counts()).byRoute).toEqual({ 'GET /api/orders': 1 })
    })
  })

  describe('what takes part', () => {
    const paid = { status: 'paid', method: null, reference: null } as const
    const refunded = { ...paid, status: 'refunded' } as const

    test.each([
      ['placed', {}, null],
      ['paid', {}, 'notPlaced'],
      ['paid', { payment: paid }, null],
      ['paid', { payment: refunded }, null],
      ['paid', { status: 'confirmed' }, null],
      ['paid', { status: 'cancelled' }, 'notPlaced'],
      ['confirmed', { payment: paid }, 'notPlaced'],
      ['confirmed', { status: 'confirmed' }, null],
      ['confirmed', { status: 'invoiced' }, null],
    ] as const)('with push %s an order %j is out of scope: %s', async (push, order, outOfScope) => {
      const id = insert(order)
      const connected = withOptions({ salesOrders: { push } })
      expect((await read(id, connected.collection('salesOrders'))).outOfScope).toBe(outOfScope)
      expect((await read(id, connected.collection('salesOrderLines'))).outOfScope).toBe(outOfScope)
    })

    test.each([
      ['2026-02-28T22:59:59Z', 'beforeSince'],
      ['2026-02-28T23:00:00Z', null],
      ['2026-03-02T00:00:00Z', null],
    ])('with since 2026-03-01 an order of %s, by the day in Oslo, is out of scope: %s', async (orderedAt, expected) => {
      const since = withOptions({ salesOrders: { since: '2026-03-01' } }).collection('salesOrders')
      expect((await read(insert({ orderedAt }), since)).outOfScope).toBe(expected)
    })

    test('an order that names its counterpart always takes part', async () => {
      const id = insert({ orderedAt: '2020-01-01T00:00:00Z', status: 'cancelled', erpId: 'order:9001' })
      const strict = withOptions({ salesOrders: { push: 'confirmed', since: '2026-03-01' } }).collection('salesOrders')
      expect(await read(id, strict)).toMatchObject({ outOfScope: null, reference: '9001' })
    })
  })

  describe('guests', () => {
    const insertGuest = () => sandbox.insertCustomers([{ kind: 'person', firstName: 'Gjest', guest: true }])[0] ?? ''

    test('stand with their orders on the one customer that is for all of them', async () => {
      const ofGuest = insert({ customerId: insertGuest() })
      const ofCustomer = insert()
      const collective = withOptions({ customers: { guests: 'collective:c-felles' } }).collection('salesOrders')
      const found = await collective.readMany([ofGuest, ofCustomer], context)
      expect(present(found.get(ofGuest)).raw['customerId']).toBe('c-felles')
      expect(present(found.get(ofCustomer)).raw['customerId']).toBe(customerId)
    })

    test('their orders are left out as they are, and by default taken like others', async () => {
      const guest = insertGuest()
      const id = insert({ customerId: guest })
      const leftOut = withOptions({ customers: { guests: 'leave-out' } }).collection('salesOrders')
      expect((await read(id, leftOut)).outOfScope).toBe('guest')
      expect(await read(id)).toMatchObject({ outOfScope: null, raw: { customerId: guest } })
    })

    test('each customer is asked for once', async () => {
      const ids = Array.from({ length: 5 }, () => insert({ customerId: insertGuest() }))
      const collective = withOptions({ customers: { guests: 'collective:c-felles' } }).collection('salesOrders')
      await admin(sandbox.baseUrl, 'DELETE', '/counts')
      await collective.readMany(ids, context)
      await collective.readMany(ids, context)
      expect((await counts()).byRoute['GET /api/customers']).toBe(1)
    })
  })

  describe('creating', () => {
    const header = { currency: 'NOK', orderedAt: '2026-03-01', status: 'open', erpOrderNumber: '10017' }
    const item = (description: string, values: JsonObject = {}): NewItem => ({
      values: { kind: 'text', description, productId: null, ...values },
      counterpartId: `line of ${description}`,
    })
    const create = (erpId: string, items: readonly NewItem[], values: JsonObject = {}, creation = 1) => {
      const counterpart = { id: erpId, creation }
      const prepared = orders.prepareCreate({ ...header, customerId, ...values }, counterpart, items)
      expect(prepared.refusal).toBeNull()
      return orders.create(prepared.body, counterpart, context)
    }

    test('an order is made with its lines in one request, which the answer shows in the order sent', async () => {
      await settings({ positionsFrom: 1 })
      const { position: _rank, ...product } = sko(0)
      const made = written(
        await create('601', [item('Øverst'), { values: product, counterpartId: 'b' }, item('Nederst')]),
      )
      expect(made).toMatchObject({ reference: '601', raw: { erpId: 'order:601', customerId, erpOrderNumber: '10017' } })
      expect(made.items?.map(({ raw }) => [raw['description'], raw['position']])).toEqual([
        ['Øverst', 0],
        ['Sko', 1],
        ['Nederst', 2],
      ])
      expect((await counts()).writes).toBe(1)
    })

    test('a day of PowerOffice is that day in Oslo', async () => {
      const made = written(await create('602', [item('En')]))
      expect(made.raw['orderedAt']).toBe('2026-03-01T12:00:00.000Z')
    })

    test('the same creation again is the first answer again', async () => {
      const first = written(await create('603', [item('En')]))
      expect(written(await create('603', [item('En')])).id).toBe(first.id)
      expect(await create('603', [item('To')])).toMatchObject({ kind: 'uncertain' })
      expect(await create('603', [item('En')], {}, 2)).toMatchObject({
        kind: 'taken',
        byReference: true,
        existingId: first.id,
      })
    })

    test.each([
      ['customer', { customerId: null }, []],
      ['currency', { currency: null }, []],
      ['day', { orderedAt: null }, []],
      ['description of line 2', {}, [item('En'), item('')]],
      ['kind of line 1', {}, [item('En', { kind: null })]],
    ] as const)('an order without %s is refused before it is sent', (what, values, items) => {
      const all = { ...header, customerId, ...values }
      const { refusal } = orders.prepareCreate(all, { id: '604', creation: 1 }, items)
      expect(refusal).toContain(what.split(' of ')[0])
      expect(refusal).toContain(what.split(' of ')[1] ?? '')
    })

    test('lines are not created by themselves', async () => {
      expect(lines.prepareCreate({}, { id: '605', creation: 1 }).refusal).toContain('with their order')
      expect(await lines.create({}, { id: '605', creation: 1 }, context)).toMatchObject({ kind: 'refused' })
      expect((await counts()).writes).toBe(0)
    })

    test('a shop that takes no orders is not sent any', async () => {
      await settings({ createOrders: false })
      expect(await create('606', [item('En')])).toMatchObject({ kind: 'refused', status: 403 })
      expect((await counts()).writes).toBe(0)
    })
  })

  describe('updating', () => {
    test('an invoice reaches the order in one document, and afterwards only its balance and our reference do', async () => {
      const before = await read(insert({ status: 'confirmed', lines: [sko(1)] }))
      const invoice = {
        status: 'invoiced',
        invoiceNumber: '20001',
        invoiceDueDate: '2026-04-01',
        invoiceBalance: '225',
      }
      const prepared = orders.prepareUpdate(before.raw, invoice, '')
      expect(prepared.body).toEqual(invoice)
      const invoiced = written(await orders.update(before, prepared.body, '701', context))
      expect(invoiced).toMatchObject({ isLocked: true, reference: '701', raw: { invoiceNumber: '20001' } })
      expect((await counts()).writes).toBe(1)
      const refused = await orders.update(invoiced, { purchaseOrderReference: 'Sent' }, null, context)
      expect(refused).toMatchObject({ kind: 'refused', status: 409 })
      const paid = written(await orders.update(invoiced, { invoiceBalance: '0' }, null, context))
      expect(paid.raw['invoiceBalance']).toBe('0.00')
    })

    test('an order that was edited meanwhile is stale, whichever of its lines it was', async () => {
      const id = insert({ lines: [sko(1)] })
      const before = await read(id)
      sandbox.orders.editLine(id, before.items?.[0]?.id ?? '', { quantity: '3' })
      expect(await orders.update(before, { purchaseOrderReference: 'PO' }, null, context)).toEqual({ kind: 'stale' })
    })

    test('what the shop sets itself is never patched, and a required property is not cleared (rule 8)', () => {
      const values = {
        number: '1',
        orderedAt: '2026-01-01',
        payment: { reference: 'x' },
        deliveryAddress: null,
        customerId: null,
        departmentId: null,
      }
      expect(orders.prepareUpdate({}, values, '')).toMatchObject({
        body: { departmentId: null },
        notes: [{ field: 'customer', kind: 'withheld' }],
      })
    })

    test('a shop that does not cancel orders is not asked to, and takes other edits', async () => {
      await settings({ cancelOrders: false })
      const before = await read(insert())
      const answer = await orders.update(before, { status: 'cancelled' }, null, context)
      expect(answer).toMatchObject({ kind: 'refused', detail: expect.stringContaining('cancel') })
      expect((await counts()).writes).toBe(0)
      written(await orders.update(before, { status: 'confirmed' }, null, context))
    })

    test('orders are not removed by the sync', () => {
      expect(orders.remove).toBeUndefined()
    })
  })
})
