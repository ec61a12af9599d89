import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createFaultPlan } from '../sandbox/faults/fault-plan.ts'
import { openState } from '../sandbox/poweroffice/open-state.ts'
import { productGroupKind } from '../sandbox/poweroffice/product-groups/kind.ts'
import { effectiveProduct, vatOfAccount } from '../sandbox/poweroffice/products/effective.ts'
import { productKind } from '../sandbox/poweroffice/products/kind.ts'
import { moveReservation, moveStock } from '../sandbox/poweroffice/products/stock.ts'
import type { SandboxState } from '../sandbox/poweroffice/sandbox-state.ts'
import { createSettings } from '../sandbox/poweroffice/settings.ts'
import { createRecord, patchRecord } from '../sandbox/poweroffice/write-record.ts'
import { type ApiClient, rawRequest, resetSandbox, startApi } from './sandbox-poweroffice-support.ts'

// Products and product groups as a client meets them, their stock, and each of their switches with its alternatives.

let api: ApiClient

beforeAll(async () => {
  api = await startApi()
})
afterEach(() => resetSandbox(api.sandbox))
afterAll(() => api.sandbox.close())

interface Product {
  readonly Id: number
  readonly Code: string | null
  readonly Name: string
  readonly StockOnHand: number | null
  readonly StockAvailable: number | null
  readonly StockOnHandLastChangedDatetimeOffset: string | null
  readonly CreatedDateTimeOffset: string
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

let made = 0

async function newProduct(properties: Record<string, unknown> = {}): Promise<Product> {
  made += 1
  const answer = await api.post('/Products', { Name: `Vare ${made}`, Code: `V${made}`, ...properties })
  // The one POST that answers 200 (README.md).
  expect(answer.status).toBe(200)
  return answer.json as Product
}

async function newGroup(properties: Record<string, unknown> = {}): Promise<{ Id: number; Code: string }> {
  made += 1
  const answer = await api.post('/ProductGroups', { Name: `Gruppe ${made}`, Code: `G${made}`, ...properties })
  expect(answer.status).toBe(201)
  return answer.json as { Id: number; Code: string }
}

const replace = (path: string, value: unknown) => ({ op: 'replace', path, value })
const ids = (json: unknown) => (json as Product[]).map(({ Id: id }) => id)
const accountId = async (number: number) =>
  ((await api.get(`/GeneralLedgerAccounts?accountNos=${number}`)).json as { Id: number }[])[0]?.Id

describe('creating a product', () => {
  test('answers 200 with the whole record: defaults, default group, null for what is inherited', async () => {
    const product = await newProduct({ Code: 'KAFFE', Name: 'Kaffe, brent', Gtin: '7038010000010' })
    expect(product).toEqual({
      Code: 'KAFFE',
      CreatedDateTimeOffset: product.LastChangedDateTimeOffset,
      CreatedFromImportJournalId: null,
      Description: null,
      Gtin: '7038010000010',
      Id: expect.any(Number),
      IsArchived: false,
      IsStockItem: false,
      LastChangedDateTimeOffset: expect.stringMatching(/\.\d{7}Z$/),
      Name: 'Kaffe, brent',
      OptionalSalesAccount: null,
      OptionalSalesAccountId: null,
      ProductGroupCode: '1',
      ProductGroupId: expect.any(Number),
      ProductType: 'Product',
      StandardSalesAccount: null,
      StandardSalesAccountId: null,
      StockAvailable: null,
      StockOnHand: null,
      StockOnHandLastChangedDatetimeOffset: null,
      UnitCost: null,
      UnitPrice: null,
    })
    expect((await api.get(`/Products/${product.Id}`)).json).toEqual(product)
  })

  test('takes sales accounts by number or by Id, and the Id wins', async () => {
    const standard = await accountId(3000)
    const byNumber = await newProduct({ StandardSalesAccount: 3020, OptionalSalesAccount: 3010 })
    expect(byNumber).toMatchObject({
      StandardSalesAccount: 3020,
      StandardSalesAccountId: await accountId(3020),
      StandardSalesAccountAgricultureDepartment: 'None',
      OptionalSalesAccount: 3010,
      OptionalSalesAccountId: await accountId(3010),
    })
    expect(await newProduct({ StandardSalesAccountId: standard, StandardSalesAccount: 3030 })).toMatchObject({
      StandardSalesAccount: 3000,
      StandardSalesAccountId: standard,
    })
  })

  test('finds its group by code', async () => {
    const group = await newGroup()
    expect(await newProduct({ ProductGroupCode: group.Code })).toMatchObject({
      ProductGroupId: group.Id,
      ProductGroupCode: group.Code,
    })
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['a missing name', { Name: null }, 'The Name field is required.'],
    ['a name over 400 characters', { Name: 'x'.repeat(401) }, 'maximum length is 400'],
    ['a code over 100 characters', { Code: 'x'.repeat(101) }, 'maximum length is 100'],
    ['an unknown group', { ProductGroupCode: 'ukjent' }, "Product group with code = 'ukjent' not found."],
    ['an unknown account', { StandardSalesAccount: 3999 }, 'General ledger account with number = 3999 not found.'],
    ['an unknown unit', { UnitOfMeasureCode: 'KASSE' }, 'UnitOfMeasureCode'],
    ['a read-only property', { StockAvailable: 1 }, "Could not find member 'StockAvailable'"],
    ['stock of what is no stock item', { StockOnHand: 1 }, 'StockOnHand can only be set when IsStockItem is true.'],
  ])('refuses %s with 400, as no 404 is declared', async (_, properties, detail) => {
    const before = api.sandbox.products.count()
    const answer = await api.post('/Products', { Name: 'Feil', ...properties })
    expect([answer.status, (answer.json as { detail: string }).detail]).toEqual([400, expect.stringContaining(detail)])
    expect(api.sandbox.products.count()).toBe(before)
  })

  test('needs Product_Full', async () => {
    api.sandbox.settings.change({ missingPrivileges: ['Product_Full'] })
    expect((await api.post('/Products', { Name: 'Nei' })).status).toBe(403)
    expect((await api.post('/ProductGroups', { Name: 'Nei' })).status).toBe(403)
    expect((await api.get('/Products?codes=none')).status).toBe(204)
  })
})

describe('the list of products', () => {
  test('filters by codes, names, group codes, type and archive flag', async () => {
    const group = await newGroup({ Code: 'FILTER' })
    const inGroup = { ProductGroupCode: 'FILTER' }
    const one = await newProduct({ ...inGroup, Code: 'L-1', Name: 'Lue' })
    const two = await newProduct({
      ...inGroup,
      Code: 'L-2',
      Name: 'Levering',
      ProductType: 'Service',
      IsArchived: true,
    })
    expect(one['ProductGroupId']).toBe(group.Id)
    for (const [query, expected] of [
      ['codes=L-2,L-1,L-9', [one.Id, two.Id]],
      ['names=Levering', [two.Id]],
      ['productGroupCodes=FILTER,ingen', [one.Id, two.Id]],
      ['productGroupCodes=FILTER&type=service', [two.Id]],
      ['productGroupCodes=FILTER&isArchived=false', [one.Id]],
    ] as const) {
      expect([query, ids((await api.get(`/Products?${query}`)).json)]).toEqual([query, expected])
    }
    expect((await api.get('/Products?type=Thing')).status).toBe(400)
    expect((await api.get('/Products?isArchived=2')).status).toBe(400)
  })

  test('shows fields, orders and pages', async () => {
    await newProduct({ Code: 'SIDE-A' })
    await newProduct({ Code: 'SIDE-B' })
    const first = await api.get('/Products?codes=SIDE-A,SIDE-B&OrderBy=Code desc&Fields=Code&PageSize=1')
    expect(first.json).toEqual([{ Code: 'SIDE-B' }])
    const { nextPageLink } = JSON.parse(first.headers.get('x-pagination') ?? '') as { nextPageLink: string }
    expect((await api.get(nextPageLink.slice(api.sandbox.baseUrl.length))).json).toEqual([{ Code: 'SIDE-A' }])
  })

  test('tells changes of the product and changes of its stock apart', async () => {
    const product = await newProduct({ IsStockItem: true, StockOnHand: 5 })
    const last = await newProduct({ IsStockItem: true })
    const since = encodeURIComponent(last.LastChangedDateTimeOffset)
    const changedSince = async (key: string) => (await api.get(`/Products?${key}=${since}`)).json
    await api.patch(`/Products/${product.Id}`, [replace('/StockOnHand', 4)])
    expect(await changedSince('lastChangedDateTimeOffsetGreaterThan')).toBeUndefined()
    expect(ids(await changedSince('stockOnHandLastChangedDatetimeOffsetGreaterThan'))).toEqual([product.Id])
    await api.patch(`/Products/${product.Id}`, [replace('/Name', 'Nytt navn')])
    expect(ids(await changedSince('lastChangedDateTimeOffsetGreaterThan'))).toEqual([product.Id])
    expect(await changedSince('createdDateTimeOffsetGreaterThan')).toBeUndefined()
  })

  test('watermarkBoundary: the boundary itself may be included', async () => {
    const product = await newProduct({ IsStockItem: true })
    const since = encodeURIComponent(product.StockOnHandLastChangedDatetimeOffset ?? '')
    const path = `/Products?stockOnHandLastChangedDatetimeOffsetGreaterThan=${since}`
    expect((await api.get(path)).status).toBe(204)
    api.sandbox.settings.change({ watermarkBoundary: 'inclusive' })
    expect(ids((await api.get(path)).json)).toEqual([product.Id])
  })
})

describe('changing a product', () => {
  test('replaces what the patch names and moves LastChanged', async () => {
    const product = await newProduct({ UnitPrice: 99.5, StandardSalesAccount: 3020 })
    const operations = [replace('/UnitPrice', 120), replace('/Description', 'Ny'), replace('/UnitOfMeasureCode', 'KGM')]
    const changed = (await api.patch(`/Products/${product.Id}`, operations)).json as Product
    expect(changed.LastChangedDateTimeOffset > product.LastChangedDateTimeOffset).toBe(true)
    expect(changed).toEqual({
      ...product,
      UnitPrice: 120,
      Description: 'Ny',
      UnitOfMeasureCode: 'KGM',
      LastChangedDateTimeOffset: changed.LastChangedDateTimeOffset,
    })
  })

  test('gives an account and a group back to inheritance with null', async () => {
    const group = await newGroup()
    const product = await newProduct({ StandardSalesAccount: 3020, ProductGroupId: group.Id })
    const changed = await api.patch(`/Products/${product.Id}`, [
      replace('/StandardSalesAccountId', null),
      replace('/ProductGroupId', null),
    ])
    expect(changed.json).toMatchObject({
      StandardSalesAccount: null,
      StandardSalesAccountId: null,
      ProductGroupCode: '1',
    })
    expect(changed.json).not.toHaveProperty('StandardSalesAccountAgricultureDepartment')
  })

  test.each([
    ['/StandardSalesAccount', 3000, "path segment 'StandardSalesAccount' was not found"],
    ['/StockAvailable', 3, "path segment 'StockAvailable' was not found"],
    ['/UnitPrice', 'dyr', "The value 'dyr' is invalid for target location."],
    ['/ProductGroupId', 7, 'Product group with id = 7 not found.'],
    ['/Name', null, 'Name is required.'],
  ])('refuses %s with %s', async (path, value, detail) => {
    const product = await newProduct()
    const answer = await api.patch(`/Products/${product.Id}`, [replace(path, value)])
    expect(answer).toMatchObject({
      status: 400,
      json: { title: 'Product validation error(s)', detail: expect.stringContaining(detail) },
    })
    expect((await api.get(`/Products/${product.Id}`)).json).toEqual(product)
  })
})

describe('stock', () => {
  test('belongs to stock items, is available when nothing is reserved, and moves no change time but its own', async () => {
    const product = await newProduct({ IsStockItem: true, StockOnHand: 12.5 })
    expect(product).toMatchObject({
      StockOnHand: 12.5,
      StockAvailable: 12.5,
      StockOnHandLastChangedDatetimeOffset: product.LastChangedDateTimeOffset,
    })
    const counted = (await api.patch(`/Products/${product.Id}`, [replace('/StockOnHand', 9)])).json as Product
    const stockMoved = counted.StockOnHandLastChangedDatetimeOffset ?? ''
    expect(stockMoved > product.LastChangedDateTimeOffset).toBe(true)
    expect(counted).toEqual({
      ...product,
      StockOnHand: 9,
      StockAvailable: 9,
      StockOnHandLastChangedDatetimeOffset: stockMoved,
    })
  })

  test('is gone when the product stops being a stock item, and starts at nothing when it becomes one', async () => {
    const product = await newProduct({ IsStockItem: true, StockOnHand: 3 })
    const path = `/Products/${product.Id}`
    expect((await api.patch(path, [replace('/IsStockItem', false)])).json).toMatchObject({
      StockOnHand: null,
      StockAvailable: null,
    })
    expect((await api.patch(path, [replace('/StockOnHand', 3)])).status).toBe(400)
    expect((await api.patch(path, [replace('/IsStockItem', true)])).json).toMatchObject({
      StockOnHand: 0,
      StockAvailable: 0,
    })
  })

  test('stockOpOrder: IsStockItem must come before StockOnHand, or anywhere', async () => {
    const { Id: id } = await newProduct()
    const wrongOrder = [replace('/StockOnHand', 4), replace('/IsStockItem', true)]
    expect(await api.patch(`/Products/${id}`, wrongOrder)).toMatchObject({
      status: 400,
      json: { detail: 'StockOnHand can only be set when IsStockItem is true.' },
    })
    expect((await api.patch(`/Products/${id}`, wrongOrder.toReversed())).json).toMatchObject({ StockOnHand: 4 })
    const { Id: other } = await newProduct()
    api.sandbox.settings.change({ stockOpOrder: 'any' })
    expect((await api.patch(`/Products/${other}`, wrongOrder)).json).toMatchObject({ StockOnHand: 4 })
    const { Id: third } = await newProduct()
    expect((await api.patch(`/Products/${third}`, [replace('/StockOnHand', 4)])).status).toBe(400)
  })
})

describe('deleting a product', () => {
  test('leaves no trace, or answers 409 while it is in use', async () => {
    const { Id: id } = await newProduct()
    api.sandbox.products.setInUse(id, true)
    expect(await api.delete(`/Products/${id}`)).toMatchObject({
      status: 409,
      json: { title: 'Product conflict', detail: `Product with id = ${id} is in use and cannot be deleted.` },
    })
    api.sandbox.products.setInUse(id, false)
    expect((await api.delete(`/Products/${id}`)).status).toBe(200)
    expect((await api.get(`/Products/${id}`)).status).toBe(404)
  })
})

describe('product groups', () => {
  test('are created, found, listed, changed and deleted', async () => {
    const group = await newGroup({ Code: 'KLÆR', Name: 'Klær', UnitPrice: 10, StandardSalesAccount: 3030 })
    expect((await api.get(`/ProductGroups/${group.Id}`)).json).toEqual(group)
    expect(ids((await api.get('/ProductGroups?codes=KLÆR&names=Klær&type=Product&isArchived=false')).json)).toEqual([
      group.Id,
    ])
    const changed = await api.patch(`/ProductGroups/${group.Id}`, [replace('/StandardSalesAccountId', null)])
    expect(changed.json).toMatchObject({ StandardSalesAccount: null, UnitPrice: 10 })
    expect((await api.post('/ProductGroups', { Name: 'A', StandardSalesAccount: 3999 })).status).toBe(404)
    expect((await api.delete(`/ProductGroups/${group.Id}`)).status).toBe(200)
    expect((await api.get(`/ProductGroups/${group.Id}`)).status).toBe(404)
  })

  test('cannot be deleted while they have products, nor can the default group', async () => {
    const group = await newGroup()
    const product = await newProduct({ ProductGroupId: group.Id })
    expect((await api.delete(`/ProductGroups/${group.Id}`)).status).toBe(409)
    api.sandbox.products.remove(product.Id)
    expect((await api.delete(`/ProductGroups/${group.Id}`)).status).toBe(200)
    const standard = (await newProduct())['ProductGroupId']
    for (const { Id: id } of api.sandbox.products.all()) api.sandbox.products.remove(id)
    expect((await api.delete(`/ProductGroups/${Number(standard)}`)).status).toBe(409)
  })

  test('show a new code in their products', async () => {
    const group = await newGroup()
    const product = await newProduct({ ProductGroupId: group.Id })
    await api.patch(`/ProductGroups/${group.Id}`, [replace('/Code', 'OMDØPT')])
    expect((await api.get(`/Products/${product.Id}`)).json).toEqual({ ...product, ProductGroupCode: 'OMDØPT' })
    expect(ids((await api.get('/Products?productGroupCodes=OMDØPT')).json)).toEqual([product.Id])
  })
})

describe('switches of products', () => {
  test('productCodeUnique: refused, naming the holder, or accepted twice', async () => {
    const holder = await newProduct({ Code: 'LIK' })
    expect(await api.post('/Products', { Name: 'Lik', Code: 'LIK' })).toMatchObject({
      status: 400,
      json: {
        title: 'Product validation error(s)',
        detail: `Code is already in use. 'LIK' is used on Id = ${holder.Id}.`,
      },
    })
    const group = await newGroup()
    expect((await api.post('/ProductGroups', { Name: 'Lik', Code: group.Code })).status).toBe(400)
    api.sandbox.settings.change({ productCodeUnique: 'duplicates' })
    expect((await api.post('/Products', { Name: 'Lik', Code: 'LIK' })).status).toBe(200)
    expect((await api.get('/Products?codes=LIK')).json).toHaveLength(2)
    expect((await api.post('/ProductGroups', { Name: 'Lik', Code: group.Code })).status).toBe(201)
  })

  test('gtinLength: any, or thirteen digits only', async () => {
    await newProduct({ Gtin: '17038010000017' })
    api.sandbox.settings.change({ gtinLength: '13' })
    expect((await api.post('/Products', { Name: 'A', Gtin: '17038010000017' })).status).toBe(400)
    await newProduct({ Gtin: '7038010000010' })
  })

  test('codeAutoAssign: none, or the next free number', async () => {
    expect((await newProduct({ Code: null })).Code).toBeNull()
    await newProduct({ Code: '700' })
    api.sandbox.settings.change({ codeAutoAssign: 'nextFree' })
    expect((await newProduct({ Code: null })).Code).toBe('701')
  })

  test('unknownReferenceOnProductPost: 404 instead of 400', async () => {
    api.sandbox.settings.change({ unknownReferenceOnProductPost: '404' })
    expect((await rawRequest(api, 'POST', '/Products', { Name: 'A', ProductGroupCode: 'X' })).status).toBe(404)
  })

  test('unknownReferenceOnPost: 400 for product groups too', async () => {
    api.sandbox.settings.change({ unknownReferenceOnPost: '400' })
    expect((await api.post('/ProductGroups', { Name: 'A', StandardSalesAccount: 1 })).status).toBe(400)
  })

  test('writeStatus: 201 for all', async () => {
    api.sandbox.settings.change({ writeStatus: 'all201' })
    expect((await rawRequest(api, 'POST', '/Products', { Name: 'Alle 201' })).status).toBe(201)
  })

  test('extraProperties and timestamps reach products, the time of the stock included', async () => {
    const product = await newProduct({ IsStockItem: true, StandardSalesAccount: 3000 })
    api.sandbox.settings.change({ extraProperties: 'on', timestampZone: 'missing' })
    expect((await api.get(`/Products/${product.Id}`)).json).toMatchObject({
      PropertyFromTheFuture: expect.anything(),
      StandardSalesAccountAgricultureDepartment: 'CarrierPigeon',
      StockOnHandLastChangedDatetimeOffset: product.StockOnHandLastChangedDatetimeOffset?.slice(0, -1),
    })
  })

  test('patchOps, patchPathCasing and patchNullClears hold for products as for customers', async () => {
    const product = await newProduct({ UnitPrice: 5 })
    const path = `/Products/${product.Id}`
    expect((await api.patch(path, [replace('/unitPrice', 9)])).json).toEqual(product)
    api.sandbox.settings.change({ patchPathCasing: '400', patchOps: 'replaceOnly', patchNullClears: '400' })
    expect((await api.patch(path, [replace('/unitPrice', 9)])).status).toBe(400)
    expect((await api.patch(path, [{ op: 'add', path: '/UnitPrice', value: 9 }])).status).toBe(400)
    expect((await api.patch(path, [replace('/UnitPrice', null)])).status).toBe(400)
    expect((await api.get(path)).json).toEqual(product)
  })
})

describe('bulk inserts', () => {
  test('give back ids in order, settle references and ignore the rules', () => {
    const [group] = api.sandbox.productGroups.insert([{ Name: 'Mange', Code: 'MANGE' }])
    const list = Array.from({ length: 300 }, (_, index) => ({
      Name: `Mange ${index}`,
      Code: 'SAMME',
      ProductGroupCode: 'MANGE',
      StandardSalesAccount: 3020,
      IsStockItem: true,
      StockOnHand: index,
    }))
    const inserted = api.sandbox.products.insert(list)
    expect(inserted.map(({ Id: id }) => api.sandbox.products.get(id)?.StockOnHand)).toEqual(
      list.map((_, index) => index),
    )
    expect(api.sandbox.products.get(inserted[7]?.Id ?? 0)).toMatchObject({
      ProductGroupId: group?.Id,
      StandardSalesAccountId: expect.any(Number),
    })
    expect(() => api.sandbox.products.insert([{ Name: 'A' }, { Name: 'B', ProductGroupCode: '?' }])).toThrow(
      'not found',
    )
    expect(api.sandbox.products.all().filter(({ Name: name }) => name === 'A')).toEqual([])
  })
})

describe('what an order line gets', () => {
  function freshState(): SandboxState {
    return openState(':memory:', createSettings(), createFaultPlan([]))
  }

  test('is the product’s own value, else its group’s, else the company’s sales account', () => {
    const state = freshState()
    const group = createRecord(state, productGroupKind, {
      Name: 'Bøker',
      UnitPrice: 100,
      UnitCost: 40,
      UnitOfMeasureCode: 'EA',
      StandardSalesAccount: 3100,
      OptionalSalesAccount: 3010,
    })
    const accountOf = (number: number) => state.accounts.find({ sql: 'accountNo = ?', values: [number] })?.Id
    const own = { Name: 'Egen', ProductGroupId: group.Id, UnitPrice: 120, StandardSalesAccount: 3020 }
    expect(effectiveProduct(state, createRecord(state, productKind, own))).toEqual({
      unitPrice: 120,
      unitCost: 40,
      unitOfMeasureCode: 'EA',
      standardSalesAccountId: accountOf(3020),
      optionalSalesAccountId: accountOf(3010),
    })
    const inheriting = createRecord(state, productKind, { Name: 'Arver', ProductGroupId: group.Id })
    expect(effectiveProduct(state, inheriting)).toMatchObject({
      unitPrice: 100,
      standardSalesAccountId: accountOf(3100),
    })
    const ungrouped = effectiveProduct(state, createRecord(state, productKind, { Name: 'Uten' }))
    expect(ungrouped).toMatchObject({ unitPrice: null, standardSalesAccountId: accountOf(3000) })
    expect(vatOfAccount(state, ungrouped.standardSalesAccountId)).toMatchObject({ vatCode: '3', vatRate: 0.25 })
    state.database.close()
  })

  test.each([
    [3000, '3', 0.25],
    [3010, '5', 0],
    [3020, '31', 0.15],
    [3030, '33', 0.12],
    [3100, '5', 0],
    [1500, '0', 0],
  ])('has the VAT of its account: %i is code %s', (accountNo, vatCode, vatRate) => {
    const state = freshState()
    const account = state.accounts.find({ sql: 'accountNo = ?', values: [accountNo] })
    expect(vatOfAccount(state, account?.Id ?? 0)).toEqual({ vatId: expect.any(Number), vatCode, vatRate })
    state.database.close()
  })

  test('reserves and takes stock: available is on hand less reserved, exactly, whatever the order of events', () => {
    const state = freshState()
    const event = fc.record({
      kind: fc.constantFrom('reserve', 'move', 'count', 'unstock', 'restock'),
      hundredths: fc.integer({ min: -500, max: 500 }),
    })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const { Id: id } = createRecord(state, productKind, { Name: 'Lager', IsStockItem: true, StockOnHand: 10 })
        let [onHand, reserved]: [number | null, number] = [1000, 0]
        for (const { kind, hundredths } of events) {
          if (kind === 'reserve') {
            moveReservation(state, id, hundredths / 100)
            reserved += hundredths
          } else if (kind === 'move') {
            moveStock(state, id, hundredths / 100)
            onHand = onHand === null ? null : onHand + hundredths
          } else if (kind === 'count' && onHand !== null) {
            patchRecord(state, productKind, id, [replace('/StockOnHand', hundredths / 100)])
            onHand = hundredths
          } else if (kind === 'unstock' || kind === 'restock') {
            patchRecord(state, productKind, id, [replace('/IsStockItem', kind === 'restock')])
            onHand = kind === 'unstock' ? null : (onHand ?? 0)
          }
        }
        expect(state.products.get(id)).toMatchObject({
          StockOnHand: onHand === null ? null : onHand / 100,
          StockAvailable: onHand === null ? null : (onHand - reserved) / 100,
        })
      }),
      { numRuns: 60 },
    )
    state.database.close()
  })

  test('moves the time of the stock when goods leave and not when they are reserved; LastChanged in neither case', () => {
    const state = freshState()
    const before = createRecord(state, productKind, { Name: 'Tid', IsStockItem: true, StockOnHand: 10 })
    moveReservation(state, before.Id, 4)
    expect(state.products.get(before.Id)).toEqual({ ...before, StockAvailable: 6 })
    moveReservation(state, before.Id, -4)
    moveStock(state, before.Id, -4)
    const after = state.products.get(before.Id)
    expect(after).toEqual({
      ...before,
      StockOnHand: 6,
      StockAvailable: 6,
      StockOnHandLastChangedDatetimeOffset: after?.StockOnHandLastChangedDatetimeOffset,
    })
    const moved = after?.StockOnHandLastChangedDatetimeOffset ?? ''
    expect(moved > (before.StockOnHandLastChangedDatetimeOffset ?? '')).toBe(true)
    state.database.close()
  })
})
