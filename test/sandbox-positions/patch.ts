import { expect } from 'vitest'
import type { Shop } from '../sandbox-poweroffice-orders-fixtures.ts'
import { ask, fresh, newCustomer, type PositionChecks, patchedCustomer, replace } from './position-checks.ts'

type PatchSwitch =
  | 'patchContentType'
  | 'patchOps'
  | 'patchTestOp'
  | 'patchNestedPaths'
  | 'patchPathCasing'
  | 'patchNullClears'
  | 'stockOpOrder'

const sentAsJson = async (shop: Shop) => {
  const { json } = await newCustomer(shop)
  const options = {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify([replace('/LegalName', 'Ny')]),
  }
  return (await shop.api.request('PATCH', `/Customers/${json['Id']}`, options)).status
}

const added = async (shop: Shop) =>
  (await patchedCustomer(shop, [{ op: 'add', path: '/LegalName', value: 'x' }])).status

/** A test that does not hold, and an edit that would. */
const failedTest = async (shop: Shop) => {
  const answer = await patchedCustomer(shop, [
    { op: 'test', path: '/Name', value: 'noe annet' },
    replace('/LegalName', 'x'),
  ])
  return [answer.status, answer.json['LegalName']]
}

const nested = (shop: Shop) =>
  patchedCustomer(shop, [replace('/MailAddress/City', 'Moss')], { MailAddress: { City: 'Oslo', ZipCode: '0155' } })

const camelCased = async (shop: Shop) => {
  const answer = await patchedCustomer(shop, [replace('/legalName', 'x')])
  return [answer.status, answer.json['LegalName']]
}

const cleared = async (shop: Shop) => {
  const answer = await patchedCustomer(shop, [replace('/PhoneNumber', null)], { PhoneNumber: '22334455' })
  return [answer.status, answer.json['PhoneNumber']]
}

const stockFirst = async (shop: Shop) => {
  const { json } = await ask(shop, 'POST', '/Products', { Name: fresh('Vare') })
  const operations = [replace('/StockOnHand', 4), replace('/IsStockItem', true)]
  return (await ask(shop, 'PATCH', `/Products/${json['Id']}`, operations)).status
}

export const patches: PositionChecks<PatchSwitch> = {
  patchContentType: {
    strict: async (shop) => expect(await sentAsJson(shop)).toBe(415),
    jsonAccepted: async (shop) => expect(await sentAsJson(shop)).toBe(200),
  },
  patchOps: {
    all: async (shop) => expect(await added(shop)).toBe(200),
    replaceOnly: async (shop) => {
      expect(await added(shop)).toBe(400)
      expect((await patchedCustomer(shop, [replace('/LegalName', 'x')])).status).toBe(200)
    },
  },
  patchTestOp: {
    enforced: async (shop) => expect(await failedTest(shop)).toEqual([400, undefined]),
    ignored: async (shop) => expect(await failedTest(shop)).toEqual([200, 'x']),
    refused: async (shop) => {
      expect(await failedTest(shop)).toEqual([400, undefined])
      const { json } = await newCustomer(shop)
      const holds = [{ op: 'test', path: '/Name', value: json['Name'] }]
      expect((await ask(shop, 'PATCH', `/Customers/${json['Id']}`, holds)).status).toBe(400)
    },
  },
  patchNestedPaths: {
    accepted: async (shop) =>
      expect(await nested(shop)).toMatchObject({ status: 200, json: { MailAddress: { City: 'Moss' } } }),
    '400': async (shop) => expect((await nested(shop)).status).toBe(400),
  },
  patchPathCasing: {
    ignored: async (shop) => expect(await camelCased(shop)).toEqual([200, null]),
    insensitive: async (shop) => expect(await camelCased(shop)).toEqual([200, 'x']),
    '400': async (shop) => expect((await camelCased(shop))[0]).toBe(400),
  },
  patchNullClears: {
    yes: async (shop) => expect(await cleared(shop)).toEqual([200, null]),
    '400': async (shop) => expect((await cleared(shop))[0]).toBe(400),
    ignored: async (shop) => expect(await cleared(shop)).toEqual([200, '22334455']),
  },
  stockOpOrder: {
    isStockItemFirst: async (shop) => expect(await stockFirst(shop)).toBe(400),
    any: async (shop) => expect(await stockFirst(shop)).toBe(200),
  },
}
