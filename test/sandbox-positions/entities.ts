import { expect } from 'vitest'
import type { Shop } from '../sandbox-poweroffice-orders-fixtures.ts'
import { ask, fresh, newCustomer, type PositionChecks } from './position-checks.ts'

type EntitySwitch =
  | 'organizationNumberCheck'
  | 'numberSeriesEnd'
  | 'numberSeriesFull'
  | 'defaultInvoiceDelivery'
  | 'enumCasing'
  | 'emptyStringOptional'
  | 'unknownReferenceOnPost'
  | 'unknownReferenceOnProductPost'
  | 'departmentCodeUnique'
  | 'departmentIsActiveDefault'
  | 'productCodeUnique'
  | 'codeAutoAssign'
  | 'gtinLength'

const wrongNumber = '923609017'

const statusOf = async (shop: Shop, properties: Readonly<Record<string, unknown>>) =>
  (await newCustomer(shop, properties)).status

/** Of two records with one code. */
const twice = async (shop: Shop, path: string) => {
  const body = () => ({ Name: fresh('Lik'), Code: 'LIK' })
  await ask(shop, 'POST', path, body())
  return (await ask(shop, 'POST', path, body())).status
}

/** Of a customer beyond the end of the series. */
const whenFull = async (shop: Shop) => {
  shop.set({ numberSeriesEnd: 10_000 })
  const statuses: number[] = []
  while (statuses.length < 2) statuses.push(await statusOf(shop, {}))
  return statuses.at(-1)
}

const madeWith = async (shop: Shop, path: string, body: object) => (await ask(shop, 'POST', path, body)).json

const codes = async (shop: Shop) => [
  (await madeWith(shop, '/Departments', { Name: fresh('Kode') }))['Code'],
  (await madeWith(shop, '/Products', { Name: fresh('Kode') }))['Code'],
]

const unknownGroup = async (shop: Shop) =>
  (await ask(shop, 'POST', '/Products', { Name: fresh('Vare'), ProductGroupCode: 'FINNES IKKE' })).status

const gtin = async (shop: Shop, value: string) =>
  (await ask(shop, 'POST', '/Products', { Name: fresh('Vare'), Gtin: value })).status

export const entities: PositionChecks<EntitySwitch> = {
  organizationNumberCheck: {
    off: async (shop) => expect(await statusOf(shop, { OrganizationNumber: wrongNumber })).toBe(201),
    mod11: async (shop) => {
      expect(await statusOf(shop, { OrganizationNumber: wrongNumber })).toBe(400)
      const swedish = { City: 'Malmö', ZipCode: '211 20', CountryCode: 'SE' }
      expect(await statusOf(shop, { OrganizationNumber: wrongNumber, MailAddress: swedish })).toBe(201)
      expect(await statusOf(shop, { OrganizationNumber: '923 609 016' })).toBe(201)
    },
    mod11AndUnique: async (shop) => {
      expect(await statusOf(shop, { OrganizationNumber: wrongNumber })).toBe(400)
      expect(await statusOf(shop, { OrganizationNumber: '974760673' })).toBe(201)
      expect(await statusOf(shop, { OrganizationNumber: '974760673' })).toBe(400)
    },
  },
  numberSeriesEnd: {
    '19999': async (shop) => expect(await statusOf(shop, {})).toBe(201),
    '10000': async (shop) => expect(await whenFull(shop)).toBe(400),
  },
  numberSeriesFull: {
    '400': async (shop) => expect(await whenFull(shop)).toBe(400),
    '409': async (shop) => expect(await whenFull(shop)).toBe(409),
  },
  defaultInvoiceDelivery: {
    PdfByEmail: async (shop) => expect(await statusOf(shop, { EmailAddress: null })).toBe(400),
    accepted: async (shop) => expect(await statusOf(shop, { EmailAddress: null })).toBe(201),
  },
  enumCasing: {
    any: async (shop) => expect(await statusOf(shop, { InvoiceDeliveryType: 'print' })).toBe(201),
    exact: async (shop) => {
      expect(await statusOf(shop, { InvoiceDeliveryType: 'print' })).toBe(400)
      expect(await statusOf(shop, { InvoiceDeliveryType: 'Print' })).toBe(201)
    },
  },
  emptyStringOptional: {
    accepted: async (shop) => expect(await statusOf(shop, { PhoneNumber: '' })).toBe(201),
    '400': async (shop) => expect(await statusOf(shop, { PhoneNumber: '' })).toBe(400),
  },
  unknownReferenceOnPost: {
    '404': async (shop) => {
      expect(await statusOf(shop, { PaymentTermId: 99 })).toBe(404)
      expect((await ask(shop, 'POST', '/SalesOrders/Complete', { CustomerId: 7 })).status).toBe(404)
    },
    '400': async (shop) => {
      expect(await statusOf(shop, { PaymentTermId: 99 })).toBe(400)
      expect((await ask(shop, 'POST', '/SalesOrders/Complete', { CustomerId: 7 })).status).toBe(400)
    },
  },
  unknownReferenceOnProductPost: {
    '400': async (shop) => expect(await unknownGroup(shop)).toBe(400),
    '404': async (shop) => expect(await unknownGroup(shop)).toBe(404),
  },
  departmentCodeUnique: {
    unique: async (shop) => expect(await twice(shop, '/Departments')).toBe(400),
    duplicates: async (shop) => expect(await twice(shop, '/Departments')).toBe(201),
  },
  departmentIsActiveDefault: {
    false: async (shop) =>
      expect(await madeWith(shop, '/Departments', { Name: fresh('Av') })).toMatchObject({ IsActive: false }),
    true: async (shop) =>
      expect(await madeWith(shop, '/Departments', { Name: fresh('På') })).toMatchObject({ IsActive: true }),
  },
  productCodeUnique: {
    unique: async (shop) => expect(await twice(shop, '/Products')).toBe(400),
    duplicates: async (shop) => expect(await twice(shop, '/Products')).toBe(200),
  },
  codeAutoAssign: {
    off: async (shop) => expect(await codes(shop)).toEqual([null, null]),
    nextFree: async (shop) => expect(await codes(shop)).toEqual([expect.stringMatching(/^\d+$/), expect.any(String)]),
  },
  gtinLength: {
    any: async (shop) => expect(await gtin(shop, '96385074')).toBe(200),
    '13': async (shop) => expect([await gtin(shop, '96385074'), await gtin(shop, '7038010000010')]).toEqual([400, 200]),
  },
}
