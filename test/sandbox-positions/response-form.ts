import { expect } from 'vitest'
import type { Shop } from '../sandbox-poweroffice-orders-fixtures.ts'
import { ask, fresh, newCustomer, type PositionChecks, replace } from './position-checks.ts'

type FormSwitch =
  | 'responseKeyCasing'
  | 'departmentKeyCasing'
  | 'departmentPatchBody'
  | 'errorKeyCasing'
  | 'errorsDictionary'
  | 'dateOnlyFields'
  | 'timestampFraction'
  | 'timestampZone'
  | 'extraProperties'
  | 'writeStatus'

const address = { MailAddress: { City: 'Oslo', ZipCode: '0155' } }

const departmentCasing = async (shop: Shop) => {
  const posted = await ask(shop, 'POST', '/Departments', { Name: fresh('Avdeling') })
  const id = posted.json['Id'] ?? posted.json['id']
  const read = await ask(shop, 'GET', `/Departments/${id}`)
  return [posted, read].map(({ json }) => Object.keys(json).find((key) => key.toLowerCase() === 'id'))
}

const dateOf = async (shop: Shop) => (await newCustomer(shop, { CustomerSince: '2022-08-05' })).json['CustomerSince']

/** The change time as it is shown, beside the one that is stored. */
const times = async (shop: Shop) => {
  const { json } = await newCustomer(shop)
  const stored = shop.api.sandbox.customers.get(Number(json['Id']))?.LastChangedDateTimeOffset ?? ''
  return { shown: String(json['LastChangedDateTimeOffset']), stored }
}

const createStatuses = async (shop: Shop) => [
  (await newCustomer(shop)).status,
  (await ask(shop, 'POST', '/Products', { Name: fresh('Vare') })).status,
]

const malformed = async (shop: Shop) => (await newCustomer(shop, { Navn: 'x' })).json

export const responseForm: PositionChecks<FormSwitch> = {
  responseKeyCasing: {
    pascal: async (shop) => {
      const { json } = await newCustomer(shop, address)
      expect(json).toMatchObject({ Id: expect.any(Number), MailAddress: { City: 'Oslo' } })
    },
    camelNested: async (shop) => {
      const { json } = await newCustomer(shop, address)
      expect(json).toMatchObject({ Id: expect.any(Number), MailAddress: { city: 'Oslo' } })
    },
    camel: async (shop) => {
      const { json } = await newCustomer(shop, address)
      expect(json).toMatchObject({ id: expect.any(Number), mailAddress: { city: 'Oslo' } })
      const { json: listed } = await shop.api.get('/Customers?Fields=Id')
      expect(listed).toContainEqual({ id: json['id'] })
    },
  },
  departmentKeyCasing: {
    asOthers: async (shop) => expect(await departmentCasing(shop)).toEqual(['Id', 'Id']),
    camelOnGetById: async (shop) => expect(await departmentCasing(shop)).toEqual(['Id', 'id']),
    camelOnPost: async (shop) => expect(await departmentCasing(shop)).toEqual(['id', 'Id']),
  },
  departmentPatchBody: {
    dto: async (shop) => {
      const answer = await shop.api.patch(`/Departments/${shop.department.Id}`, [replace('/Name', fresh('Med'))])
      expect([answer.status, answer.json]).toEqual([200, expect.objectContaining({ Id: shop.department.Id })])
    },
    empty: async (shop) => {
      const name = fresh('Uten')
      const answer = await shop.api.patch(`/Departments/${shop.department.Id}`, [replace('/Name', name)])
      expect([answer.status, answer.text]).toEqual([200, ''])
      expect(shop.api.sandbox.departments.get(shop.department.Id)?.Name).toBe(name)
    },
  },
  errorKeyCasing: {
    lower: async (shop) => expect((await ask(shop, 'GET', '/Customers/7')).json).toMatchObject({ status: 404 }),
    pascal: async (shop) => expect((await ask(shop, 'GET', '/Customers/7')).json).toMatchObject({ Status: 404 }),
  },
  errorsDictionary: {
    absent: async (shop) => expect(await malformed(shop)).not.toHaveProperty('errors'),
    present: async (shop) => expect(await malformed(shop)).toMatchObject({ errors: { Navn: [expect.any(String)] } }),
  },
  dateOnlyFields: {
    date: async (shop) => expect(await dateOf(shop)).toBe('2022-08-05'),
    withTime: async (shop) => expect(await dateOf(shop)).toBe('2022-08-05T00:00:00'),
    withTimeZ: async (shop) => expect(await dateOf(shop)).toBe('2022-08-05T00:00:00Z'),
  },
  timestampFraction: {
    seven: async (shop) => expect((await times(shop)).shown).toMatch(/:\d\d\.\d{7}Z$/),
    trimmed: async (shop) => expect((await times(shop)).shown).toMatch(/:\d\d(\.\d*[1-9])?Z$/),
    noneWhenZero: async (shop) => {
      const { shown, stored } = await times(shop)
      expect(shown).toBe(stored.replace('.0000000', ''))
    },
  },
  timestampZone: {
    Z: async (shop) => expect((await times(shop)).shown).toMatch(/Z$/),
    '+00:00': async (shop) => {
      const { shown, stored } = await times(shop)
      expect(shown).toBe(stored.replace('Z', '+00:00'))
    },
    '+02:00': async (shop) => {
      const { shown, stored } = await times(shop)
      expect(shown).toMatch(/\.\d{7}\+02:00$/)
      expect(Date.parse(shown)).toBe(Date.parse(stored))
    },
    missing: async (shop) => {
      const { shown, stored } = await times(shop)
      expect(shown).toBe(stored.slice(0, -1))
    },
  },
  extraProperties: {
    off: async (shop) => expect((await newCustomer(shop)).json).not.toHaveProperty('PropertyFromTheFuture'),
    on: async (shop) =>
      expect((await newCustomer(shop, { ReminderDeliveryType: 'Print' })).json).toMatchObject({
        PropertyFromTheFuture: expect.anything(),
        ReminderDeliveryType: 'CarrierPigeon',
      }),
  },
  writeStatus: {
    documented: async (shop) => expect(await createStatuses(shop)).toEqual([201, 200]),
    all201: async (shop) => expect(await createStatuses(shop)).toEqual([201, 201]),
    all200: async (shop) => expect(await createStatuses(shop)).toEqual([200, 200]),
  },
}
