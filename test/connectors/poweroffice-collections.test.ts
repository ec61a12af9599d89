import type { ParsedRecord } from '../../activities/connector.ts'
import type { PowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import { describeCollection } from './connector-suite.ts'
import { isArchivedIsTrue, settingNames, startSandbox, underTest } from './poweroffice-support.ts'
import type { RunningSystem } from './system-under-test.ts'

const rawOf = (record: ParsedRecord, name: string) => (record.kind === 'record' ? record.raw[name] : undefined)

describeCollection('PowerOffice', {
  settingNames,
  flow: 'departments',
  recordPath: '/departments',
  // Neither departments nor products have a field for our reference: an earlier attempt is found by its code.
  offers: { reference: false },
  start: async () => {
    const sandbox = await startSandbox()
    return {
      ...underTest(sandbox, 'Department_Full'),
      insert: (names) =>
        sandbox.departments
          .insert(names.map((name) => ({ Name: name, Code: uniqueCode(), IsActive: true })))
          .map(({ Id }) => String(Id)),
      rename: (id, name) => void sandbox.departments.edit(Number(id), { Name: name }),
      remove: (id) => sandbox.departments.remove(Number(id)),
      values: (name, key) => ({ Name: name, Code: key }),
      refusedBody: { Code: 'uten-navn' },
      refusedPatch: { Name: '' },
      archive: {
        patch: (isArchived) => ({ IsActive: !isArchived }),
        isIn: (record) => rawOf(record, 'IsActive') === false,
      },
      nameIn: (record) => rawOf(record, 'Name'),
      namePatch: (name) => ({ Name: name }),
    }
  },
})

describeCollection('PowerOffice', {
  settingNames,
  flow: 'products',
  recordPath: '/products',
  offers: { reference: false },
  start: async () => {
    const sandbox = await startSandbox()
    return {
      ...underTest(sandbox, 'Product_Full'),
      insert: (names) =>
        sandbox.products.insert(names.map((name) => ({ Name: name, Code: uniqueCode() }))).map(({ Id }) => String(Id)),
      rename: (id, name) => void sandbox.products.edit(Number(id), { Name: name }),
      remove: (id) => sandbox.products.remove(Number(id)),
      values: (name, key) => ({ Code: key, Name: name, UnitPrice: '99.5', VatPercent: '25', IsArchived: false }),
      refusedBody: { Code: 'uten-navn' },
      refusedPatch: { Name: '' },
      archive: isArchivedIsTrue,
      nameIn: (record) => rawOf(record, 'Name'),
      namePatch: (name) => ({ Name: name }),
    }
  },
})

let lastCode = 0
const uniqueCode = () => `K-${++lastCode}`

/** Orders of one customer; each has two lines, of one product. */
function ordersUnderTest(sandbox: PowerOfficeSandbox): Omit<RunningSystem, 'item'> {
  const customer = Number(sandbox.insertCustomers([{ Name: 'Kunde AS', IsPerson: false }])[0]?.Id)
  const account = sandbox.accounts.all().find(({ AccountNo }) => AccountNo === 3000)?.Id
  const [inserted] = sandbox.products.insert([
    { Code: 'SKO', Name: 'Sko', UnitPrice: 100, StandardSalesAccountId: account ?? null },
  ])
  const product = Number(inserted?.Id)
  const line = (description: string) => ({
    ProductId: product,
    Description: description,
    Quantity: 1,
    ProductUnitPrice: 100,
  })
  const itemValues = (description: string) => lineValues(product, description)
  return {
    ...underTest(sandbox, 'SalesOrders_Full'),
    unknownId: '00000000-0000-4000-8000-000000000000',
    insert: (names) =>
      names.map(
        (name) =>
          sandbox.salesOrders.create({
            CustomerId: customer,
            CurrencyCode: 'NOK',
            PurchaseOrderReference: name,
            SalesOrderLines: [line('Første'), line('Andre')],
          }).order.Id,
      ),
    rename: (id, name) => void sandbox.salesOrders.edit(id, { PurchaseOrderReference: name }),
    remove: (id) => sandbox.salesOrders.remove(id),
    values: (name) => ({
      CustomerId: String(customer),
      CurrencyCode: 'NOK',
      SalesOrderDate: '2026-03-01',
      SalesOrderStatus: 'Draft',
      PurchaseOrderReference: name,
    }),
    newItems: ['Sko', 'Hatt'].map((name, index) => ({ values: itemValues(name), counterpartId: `${7_000 + index}` })),
    refusedBody: { CustomerId: 999_999_999, CurrencyCode: 'NOK', SalesOrderLines: [] },
    refusedPatch: { SalesOrderDate: 'no date' },
    nameIn: (record) => rawOf(record, 'PurchaseOrderReference'),
    namePatch: (name) => ({ PurchaseOrderReference: name }),
  }
}

const lineValues = (product: number, description: string) => ({
  Kind: 'product',
  ProductId: String(product),
  Description: description,
  Quantity: '1',
  ProductUnitPrice: '100',
  VatPercent: '25',
})

describeCollection('PowerOffice', {
  settingNames,
  flow: 'salesOrders',
  recordPath: '/salesorders',
  createPath: '/salesorders/complete',
  offers: { archive: false },
  start: async () => ordersUnderTest(await startSandbox()),
})

describeCollection('PowerOffice', {
  settingNames,
  flow: 'salesOrderLines',
  recordPath: '/salesorders',
  offers: { create: false, update: false, archive: false, items: true },
  start: async () => {
    const sandbox = await startSandbox()
    const running = ordersUnderTest(sandbox)
    const product = Number(sandbox.products.all()[0]?.Id)
    return {
      ...running,
      item: {
        values: (name) => lineValues(product, name),
        namePatch: (name) => ({ Description: name }),
        nameIn: (item) => item.raw['Description'],
      },
    }
  },
})
