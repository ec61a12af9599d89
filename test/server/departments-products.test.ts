import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shopProduct } from '../support/orders.ts'
import { startWorld, until, type World } from '../support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld({ sweepMs: 1_000, graceMs: 300 })
  await world.startWorker()
  world.erp.departments.insert([
    { Code: '010', Name: 'Butikk', IsActive: true },
    { Code: '020', Name: 'Nettbutikk', IsActive: true },
    { Code: '030', Name: 'Nedlagt', IsActive: false },
  ])
  world.shop.insertCustomers([{ kind: 'department', name: 'BUTIKK', customerNumber: '010' }])
  world.shop.insertCustomers([{ kind: 'department', name: 'Bare her', customerNumber: '900' }])
  world.erp.products.insert([
    {
      Code: '007',
      Name: 'Hengelås',
      UnitPrice: 129,
      UnitOfMeasureCode: 'EA',
      Gtin: '7038010000010',
      StandardSalesAccount: 3000,
    },
    {
      Code: 'KG-1',
      Name: 'Spiker',
      UnitPrice: 45.5,
      UnitOfMeasureCode: 'KGM',
      StandardSalesAccount: 3020,
      IsStockItem: true,
      StockOnHand: 12.5,
    },
    { Code: 'UTEN', Name: 'Uten pris', StandardSalesAccount: 3000 },
    { Code: null, Name: 'Uten varenummer', UnitPrice: 1, StandardSalesAccount: 3000 },
  ])
  world.shop.insertProducts([
    { sku: '007', name: 'Hengelaas', priceExVat: '119', unit: 'stk', vatRate: '25', type: 'product', active: true },
  ])
  for (const flow of ['departments', 'products'] as const) await world.of(flow).start()
  for (const flow of ['departments', 'products'] as const) await world.of(flow).settled()
})
afterAll(async () => {
  await world.close()
})

const departmentsInShop = () => world.shop.customers.all().filter((record) => record.kind === 'department')
const inShop = (sku: string) => world.shop.products.all().find((product) => product.sku === sku)
const inErp = (code: string) => world.erp.products.all().find((product) => product.Code === code)

describe('departments', () => {
  test('are matched by code within their kind and created in the webshop only; an inactive one is not', () => {
    const codes = departmentsInShop().map((record) => [record.customerNumber, record.erpId !== null])
    expect(codes.sort()).toEqual([
      ['010', true],
      ['020', true],
      ['900', false],
    ])
    expect(world.erp.departments.count()).toBe(3)
  })

  test('one that exists in the webshop only is listed with what to do', async () => {
    const [entry] = await world.of('departments').inbox()
    expect(entry).toMatchObject({ reason: 'notCreated', pile: 'needsYou' })
    expect(entry?.detail).toContain('created in PowerOffice')
  })

  test('the name travels both ways, the code and whether it is active from PowerOffice', async () => {
    const record = departmentsInShop().find((one) => one.customerNumber === '020')
    world.shop.customers.edit(record?.id ?? '', { name: 'Nettbutikken' })
    await until('PowerOffice to follow', async () =>
      world.erp.departments.all().some((one) => one.Name === 'Nettbutikken'),
    )
    const department = world.erp.departments.all().find((one) => one.Code === '020')
    world.erp.departments.edit(Number(department?.Id), { Code: '0021', IsActive: false })
    await until('the webshop to follow', async () => {
      const now = world.shop.customers.get(record?.id ?? '')
      return now?.customerNumber === '0021' && now.active === false
    })
    expect(world.erp.departments.count()).toBe(3)
  })
})

describe('products', () => {
  test('rule 2: matched by SKU as text ("007"), the filled values of PowerOffice win at linking', () => {
    const product = inShop('007')
    expect(product).toMatchObject({ erpId: `product:${inErp('007')?.Id}`, name: 'Hengelås', gtin: '7038010000010' })
    expect(Number(product?.priceExVat)).toBe(129)
    // stk is EA: the same unit in other words is not written.
    expect(product?.unit).toBe('stk')
  })

  test('created in the webshop unpublished, with rate, unit and stock of the ERP; no price is "not for sale", never 0', () => {
    expect(inShop('KG-1')).toMatchObject({ vatRate: '15', unit: 'KGM', erpStock: '12.5', published: false })
    expect(inShop('UTEN')?.priceExVat).toBeNull()
  })

  test('one without an article number is not created in the webshop and is listed', async () => {
    const listed = await world.of('products').inbox()
    const id = world.erp.products.all().find((product) => product.Code === null)?.Id
    expect(listed.find((entry) => entry.erpId === String(id))).toMatchObject({ pile: 'needsYou' })
  })

  test('created in PowerOffice on the sales account of its VAT rate; a rate without an account is refused with that sentence', async () => {
    shopProduct(world, { sku: 'MAT-1', name: 'Brød', vatRate: '15', priceExVat: '39.20' })
    await until('PowerOffice to have it', async () => inErp('MAT-1') !== undefined)
    const created = inErp('MAT-1')
    const account = world.erp.accounts.all().find((one) => one.Id === created?.StandardSalesAccountId)
    expect(account?.AccountNo).toBe(3020)
    const oddId = shopProduct(world, { sku: 'RAR-1', vatRate: '11.11' })
    const entry = await until('the odd one to be listed', async () =>
      (await world.of('products').inbox()).find((one) => one.shopId === oddId),
    )
    expect(entry.detail).toContain('11.11')
  })

  test('rule 10: an inherited price is shown as effective, and becomes the product’s own only when a shop user changes it', async () => {
    const [group] = world.erp.productGroups.insert([
      { Code: 'G1', Name: 'Skruer', UnitPrice: 12.5, UnitOfMeasureCode: 'EA' },
    ])
    world.erp.products.insert([{ Code: 'ARV-1', Name: 'Skrue', ProductGroupId: group?.Id, StandardSalesAccount: 3000 }])
    await until('the webshop to have it', async () => Number(inShop('ARV-1')?.priceExVat) === 12.5)
    expect(inShop('ARV-1')?.category).toBe('Skruer')
    await world.of('products').settled()
    expect(inErp('ARV-1')?.UnitPrice ?? null).toBeNull()
    world.shop.products.edit(inShop('ARV-1')?.id ?? '', { priceExVat: '13' })
    await until('PowerOffice to follow', async () => inErp('ARV-1')?.UnitPrice === 13)
  })

  test('E21: stock edited in the webshop stands until PowerOffice’s value moves', async () => {
    const product = inShop('KG-1')
    world.shop.products.edit(product?.id ?? '', { erpStock: '3' })
    await world.of('products').settled()
    expect(inShop('KG-1')?.erpStock).toBe('3')
    world.erp.products.edit(Number(inErp('KG-1')?.Id), { StockOnHand: 20 })
    await until('the stock to follow', async () => inShop('KG-1')?.erpStock === '20')
  })

  test('deleted in the webshop: after approval it is archived in PowerOffice', async () => {
    const productId = shopProduct(world, { sku: 'BORT-1' })
    await until('PowerOffice to have it', async () => world.shop.products.get(productId)?.erpId?.startsWith('product:'))
    await world.of('products').settled()
    world.shop.products.remove(productId)
    const entry = await until('it to be listed', async () =>
      (await world.of('products').inbox()).find((one) => one.shopId === productId),
    )
    expect(inErp('BORT-1')?.IsArchived).not.toBe(true)
    await world.of('products').handle.executeUpdate('approveDelete', { args: [{ id: entry.id, by: 'a test' }] })
    await until('PowerOffice to archive it', async () => inErp('BORT-1')?.IsArchived === true)
  })

  test('rule 6: looking at everything again writes nothing', async () => {
    await world.resetCounts()
    for (const flow of ['departments', 'products'] as const) {
      const keys = (await world.of(flow).rows()).flatMap((row) => (row.kind === 'linked' ? [`erp:${row.erpId}`] : []))
      expect(keys.length).toBeGreaterThan(0)
      await world.of(flow).handle.signal('changed', { keys, why: 'a test looks at everything' })
      await world.of(flow).settled()
    }
    expect(world.erp.counts.report().writes).toBe(0)
    expect((await world.shopCounts()).writes).toBe(0)
  })
})
