import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Collection } from '../../activities/connector.ts'
import type { PowerOfficeConnector } from '../../activities/poweroffice/connector.ts'
import { defaultOptions } from '../../flows/flow-options.ts'
import type { PowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import { alternatives, connectTo, settleDown, startSandbox } from './poweroffice-support.ts'
import { context, present, troubleOf, written } from './system-under-test.ts'

describe('products in PowerOffice', () => {
  let sandbox: PowerOfficeSandbox
  let connector: PowerOfficeConnector
  let products: Collection
  const accountId = (number: number) =>
    sandbox.accounts.all().find(({ AccountNo }) => AccountNo === number)?.Id ?? Number.NaN
  const insert = (product: Readonly<Record<string, unknown>>) =>
    String(sandbox.products.insert([{ Name: 'En vare', ...product }])[0]?.Id)
  const insertGroup = (group: Readonly<Record<string, unknown>>) =>
    Number(
      sandbox.productGroups.insert([{ Name: 'Kaffe', Code: `g-${sandbox.productGroups.count()}`, ...group }])[0]?.Id,
    )
  const read = async (id: string) => present((await products.readMany([id], context)).get(id))

  beforeAll(async () => {
    sandbox = await startSandbox()
  })
  afterAll(() => sandbox.close())
  beforeEach(async () => {
    for (const { Id } of sandbox.products.all()) sandbox.products.remove(Id)
    connector = connectTo(sandbox)
    products = connector.collection('products')
    await settleDown(sandbox)
  })

  describe('rule 10: what is inherited', () => {
    test('price, unit, rate and group name come from the group where the product has none of its own', async () => {
      const group = insertGroup({ UnitPrice: 12.5, UnitOfMeasureCode: 'KGM', StandardSalesAccountId: accountId(3020) })
      const { raw } = await read(insert({ Code: 'A-1', ProductGroupId: group }))
      expect(raw).toMatchObject({
        EffectiveUnitPrice: '12.5',
        UnitPrice: null,
        EffectiveUnitOfMeasureCode: 'KGM',
        VatPercent: '15',
        ProductGroupName: 'Kaffe',
      })
    })

    test('the product’s own go before the group’s, and 0 is a price', async () => {
      const group = insertGroup({ UnitPrice: 12.5, UnitOfMeasureCode: 'KGM', StandardSalesAccountId: accountId(3020) })
      const own = { UnitPrice: 0, UnitOfMeasureCode: 'LTR', StandardSalesAccountId: accountId(3100) }
      const { raw } = await read(insert({ Code: 'A-1', ProductGroupId: group, ...own }))
      expect(raw).toMatchObject({ EffectiveUnitPrice: '0', EffectiveUnitOfMeasureCode: 'LTR', VatPercent: '0' })
    })

    test('no price anywhere is none, and the company’s own account gives the ordinary rate', async () => {
      const { raw } = await read(insert({ Code: 'A-1' }))
      expect(raw).toMatchObject({ EffectiveUnitPrice: null, VatPercent: '25', ProductGroupName: 'Varer' })
    })

    test('without an account anywhere the product is listed, and the option to look at is named', async () => {
      const options = { ...defaultOptions, products: { ...defaultOptions.products, vatAccounts: { '25': 9999 } } }
      const id = insert({ Code: 'A-1' })
      const record = (await connectTo(sandbox, { options }).collection('products').readMany([id], context)).get(id)
      expect(record?.kind === 'unreadable' && record.problem).toContain('vatAccounts')
    })

    test.each([
      [3000, '25'],
      [3020, '15'],
      [3030, '12'],
      [3100, '0'],
      [1500, '0'],
    ])('the rate of account %i is exactly %s percent', async (account, percent) => {
      const { raw } = await read(insert({ Code: 'A-1', StandardSalesAccountId: accountId(account) }))
      expect(raw['VatPercent']).toBe(percent)
    })

    test('stock is shown of stock items only', async () => {
      const goods = await read(insert({ Code: 'A-1', IsStockItem: true, StockOnHand: 7.5 }))
      const service = await read(insert({ Code: 'A-2' }))
      expect([goods.raw['StockForShop'], service.raw['StockForShop']]).toEqual(['7.5', null])
      expect(goods.groupChangedAt['stock']).toBe(goods.raw['StockOnHandLastChangedDatetimeOffset'])
    })

    test('a group made a moment ago is known when a product names it', async () => {
      await read(insert({ Code: 'A-1' }))
      const group = insertGroup({ Name: 'Nylig', UnitPrice: 3 })
      const { raw } = await read(insert({ Code: 'A-2', ProductGroupId: group }))
      expect(raw).toMatchObject({ ProductGroupName: 'Nylig', EffectiveUnitPrice: '3' })
    })

    test('a group’s new price is seen when everything is listed', async () => {
      const group = insertGroup({ UnitPrice: 10 })
      const id = insert({ Code: 'A-1', ProductGroupId: group })
      expect((await read(id)).raw['EffectiveUnitPrice']).toBe('10')
      sandbox.productGroups.edit(group, { UnitPrice: 11 })
      const listed = (await products.listAll(context)).find((record) => record.id === id)
      expect(present(listed).raw['EffectiveUnitPrice']).toBe('11')
    })

    test('the lists are read once for many products', async () => {
      const ids = Array.from({ length: 6 }, (_, index) => insert({ Code: `A-${index}` }))
      await Promise.all(ids.map((id) => read(id)))
      const { byRoute } = sandbox.counts.report()
      expect([byRoute['GET /v2/ProductGroups'], byRoute['GET /v2/VatCodes']]).toEqual([1, 1])
    })

    test('a product whose group is not listed is listed itself, the others go on', async () => {
      const group = insertGroup({})
      const lost = insert({ Code: 'A-1', ProductGroupId: group })
      const fine = insert({ Code: 'A-2' })
      sandbox.productGroups.remove(group)
      const records = await products.listAll(context)
      expect(records.find(({ id }) => id === lost)).toMatchObject({ kind: 'unreadable', path: 'ProductGroupId' })
      expect(records.find(({ id }) => id === fine)).toMatchObject({ kind: 'record' })
    })
  })

  describe('changes', () => {
    test('a change of stock alone comes, although the product’s own time does not move', async () => {
      const id = insert({ Code: 'A-1', IsStockItem: true, StockOnHand: 5 })
      const before = await read(id)
      const { next } = await products.listChanges(await products.startCursor(context), context)
      const late = JSON.stringify({
        watermark: '2099-01-01T00:00:00.0000000Z',
        stock: (JSON.parse(next) as { stock: string }).stock,
      })
      sandbox.products.edit(Number(id), { StockOnHand: 4 })
      const changes = await products.listChanges(late, context)
      const seen = present(changes.records.find((record) => record.id === id))
      expect(seen.raw['StockForShop']).toBe('4')
      expect(seen.changedAt).toBe(before.changedAt)
      expect(JSON.parse(changes.next)).toMatchObject({
        watermark: '2099-01-01T00:00:00.0000000Z',
        stock: seen.raw['StockOnHandLastChangedDatetimeOffset'],
      })
    })

    test('a product that both lists tell of comes once', async () => {
      const cursor = await products.startCursor(context)
      const id = insert({ Code: 'A-1', IsStockItem: true, StockOnHand: 5 })
      const { records } = await products.listChanges(cursor, context)
      expect(records.map((record) => record.id)).toEqual([id])
    })
  })

  describe('writing', () => {
    const values = {
      Code: '007',
      Name: 'Kaffe',
      UnitPrice: '49.9',
      ProductType: 'Product',
      VatPercent: '15',
      IsArchived: false,
    }

    test('a new product gets the account of its rate, what the company sets once, and no cost', async () => {
      const options = {
        ...defaultOptions,
        createWith: { products: { IsStockItem: true, UnitCost: 3, StockOnHand: 9 } },
      }
      const collection = connectTo(sandbox, { options }).collection('products')
      const prepared = collection.prepareCreate(values, { id: 'p-1', creation: 1 })
      expect(prepared).toEqual({
        body: {
          IsStockItem: true,
          Code: '007',
          Name: 'Kaffe',
          UnitPrice: 49.9,
          ProductType: 'Product',
          IsArchived: false,
          StandardSalesAccount: 3020,
        },
        flags: '',
        notes: [],
        refusal: null,
      })
      const made = written(await collection.create(prepared.body, { id: 'p-1', creation: 1 }, context))
      expect(made.raw).toMatchObject({ Code: '007', EffectiveUnitPrice: '49.9', VatPercent: '15', IsStockItem: true })
      expect(made.reference).toBeNull()
    })

    test('without a rate PowerOffice’s own default decides', () => {
      const { VatPercent: _none, ...rest } = values
      expect(products.prepareCreate(rest, { id: 'p-1', creation: 1 }).body).not.toHaveProperty('StandardSalesAccount')
    })

    test.each([
      ['a rate without an account', { ...values, VatPercent: '11.11' }, '11.11 %'],
      ['no article number', { ...values, Code: null }, 'article number'],
      ['no name', { ...values, Name: ' ' }, 'name of a product'],
      ['an article number over a hundred characters', { ...values, Code: 'x'.repeat(101) }, '100 characters'],
    ])('%s is refused with a sentence', (_title, given, words) => {
      expect(products.prepareCreate(given, { id: 'p-1', creation: 1 }).refusal).toContain(words)
    })

    test('an earlier attempt is found by the article number, with every carrier of it', async () => {
      expect(products.hasUniqueReference).toBe(false)
      sandbox.settings.change({ productCodeUnique: 'duplicates' })
      const carriers = [insert({ Code: 'K,1' }), insert({ Code: 'K,1' })]
      insert({ Code: 'K' })
      const found = await products.findByCounterpart('p-1', context, { Code: 'K,1' })
      expect(found.map(({ id }) => id).toSorted()).toEqual(carriers.toSorted())
      expect(await products.findByCounterpart('p-1', context, { Code: '10-20' })).toEqual([])
      expect(await products.findByCounterpart('p-1', context, {})).toEqual([])
    })

    test('an inherited price stays inherited while another field is written', async () => {
      const group = insertGroup({ UnitPrice: 10 })
      const id = insert({ Code: 'A-1', ProductGroupId: group })
      const before = await read(id)
      const { body } = products.prepareUpdate(before.raw, { Name: 'Nytt navn' }, '')
      const after = written(await products.update(before, body, null, context))
      expect(after.raw).toMatchObject({ Name: 'Nytt navn', EffectiveUnitPrice: '10', UnitPrice: null })
      const priced = products.prepareUpdate(after.raw, { UnitPrice: '12' }, '')
      expect(written(await products.update(after, priced.body, null, context)).raw).toMatchObject({
        EffectiveUnitPrice: '12',
        UnitPrice: 12,
      })
    })

    test('rule 8: a price is not cleared into the group’s', async () => {
      const raw = { UnitPrice: 12, GroupUnitPrice: '10' }
      expect(products.prepareUpdate(raw, { UnitPrice: null }, '')).toMatchObject({
        body: {},
        notes: [{ field: 'price', kind: 'withheld' }],
      })
      expect(products.prepareUpdate({ UnitPrice: 12, GroupUnitPrice: null }, { UnitPrice: null }, '')).toMatchObject({
        body: { UnitPrice: null },
        notes: [],
      })
    })

    test('stock and cost are never written', () => {
      expect(
        products.prepareUpdate({}, { StockOnHand: 5, UnitCost: 2, StockForShop: '5', VatPercent: '25' }, '').body,
      ).toEqual({})
    })
  })

  test('E16: a property of which a composed one is made, on no row, stops everything and is named', async () => {
    const row = (Id: number) => ({
      Id,
      Code: 'x',
      Gtin: null,
      Name: 'x',
      Description: null,
      ProductType: 'Product',
      ProductGroupId: null,
      IsArchived: false,
      StockAvailable: null,
      StandardSalesAccountId: null,
    })
    const body = [1, 2, 3, 4, 5].map(row)
    sandbox.faults.plan({
      kind: 'status',
      status: 200,
      path: '/products',
      body,
      headers: { 'X-Pagination': '{"nextPageLink":""}' },
    })
    const trouble = await troubleOf(products.listAll(context))
    expect(trouble).toMatchObject({ type: 'ContractChanged' })
    expect(trouble.message).toContain('UnitPrice')
  })

  describe('roles', () => {
    test('a flow asks for its own roles only, and names what is missing', async () => {
      sandbox.settings.change({ missingPrivileges: ['GeneralLedgerAccount', 'GeneralLedgerAccount_Full'] })
      await expect(connector.checkHealth(context, 'customers')).resolves.toBeUndefined()
      const trouble = await troubleOf(connector.checkHealth(context, 'products'))
      expect(trouble).toMatchObject({ type: 'NotAuthorised' })
      expect(trouble.message).toContain('GeneralLedgerAccount')
      expect(await troubleOf(products.listAll(context))).toMatchObject({ type: 'NotAuthorised' })
    })
  })

  describe('the option vatAccounts', () => {
    test('nothing is wrong with the defaults', async () => {
      expect(await connector.checkVatAccounts(context)).toEqual([])
    })

    test('each account that is missing or has another rate is one sentence', async () => {
      const vatAccounts = { '25': 3000, '15': 3030, '12': 9999, tolv: 3030 }
      const options = { ...defaultOptions, products: { ...defaultOptions.products, vatAccounts } }
      const sentences = await connectTo(sandbox, { options }).checkVatAccounts(context)
      expect(sentences).toHaveLength(3)
      expect(sentences.join(' ')).toMatch(/9999 for 12 %.*no such account.*3030 for 15 %.*has 12 %.*number of percent/)
    })
  })

  test.each(alternatives)('a product is created, listed, changed and looked up alike (%o)', async (switches) => {
    sandbox.settings.change(switches)
    insert({ Code: 'En annen' })
    const cursor = await products.startCursor(context)
    const values = {
      Code: 'ÅØ-1',
      Name: 'Blåbær',
      Description: '',
      UnitPrice: '19.95',
      UnitOfMeasureCode: 'KGM',
      VatPercent: '15',
    }
    const { body } = products.prepareCreate(values, { id: 'p-1', creation: 1 })
    const made = written(await products.create(body, { id: 'p-1', creation: 1 }, context))
    expect(made.raw).toMatchObject({
      Code: 'ÅØ-1',
      EffectiveUnitPrice: '19.95',
      EffectiveUnitOfMeasureCode: 'KGM',
      VatPercent: '15',
    })
    const listed = (await products.listAll(context)).find(({ id }) => id === made.id)
    expect(present(listed).raw).toEqual(made.raw)
    expect((await products.listChanges(cursor, context)).records.map(({ id }) => id)).toContain(made.id)
    const edit = products.prepareUpdate(made.raw, { Name: 'Tyttebær', UnitPrice: '21', IsArchived: true }, '')
    const changed = written(await products.update(made, edit.body, null, context))
    expect(changed.raw).toMatchObject({ Name: 'Tyttebær', EffectiveUnitPrice: '21', IsArchived: true })
    const found = await products.findByCounterpart('p-1', context, body)
    expect(found.map(({ id }) => id)).toEqual([made.id])
  })
})
