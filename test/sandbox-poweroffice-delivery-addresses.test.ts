import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type ApiClient, resetSandbox, startApi } from './sandbox-poweroffice-support.ts'

// Delivery addresses of contacts: records of their own below a customer.

let api: ApiClient

beforeAll(async () => {
  api = await startApi()
})
afterEach(() => resetSandbox(api.sandbox))
afterAll(() => api.sandbox.close())

interface Address {
  readonly Id: number
  readonly ContactId: number
  readonly IsPrimary: boolean
  readonly LastChangedDateTimeOffset: string
}

const place = { AddressLine1: 'Kaia 3', City: 'Svolvær', ZipCode: '8300' }
const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }]
const ids = (json: unknown) => (json as Address[]).map(({ Id: id }) => id)

let made = 0

async function newContact(): Promise<{ Id: number; LastChangedDateTimeOffset: string }> {
  made += 1
  const body = { Name: `Mottaker ${made} AS`, InvoiceDeliveryType: 'Print' }
  return (await api.post('/Customers', body)).json as { Id: number; LastChangedDateTimeOffset: string }
}

async function newAddress(contactId: number, properties: Record<string, unknown> = {}): Promise<Address> {
  const answer = await api.post(`/ContactDeliveryAddresses/${contactId}`, { ...place, ...properties })
  expect(answer.status).toBe(201)
  return answer.json as Address
}

test('an address is created below its contact, found there and nowhere else, and leaves the customer as it was', async () => {
  const [contact, other] = [await newContact(), await newContact()]
  const address = await newAddress(contact.Id, { ExternalCode: 'LAGER' })
  expect(address).toEqual({
    ...place,
    AddressLine2: null,
    ContactId: contact.Id,
    CountryCode: 'NO',
    CreatedDateTimeOffset: address.LastChangedDateTimeOffset,
    ExternalCode: 'LAGER',
    Id: expect.any(Number),
    IsPrimary: true,
    LastChangedDateTimeOffset: expect.stringMatching(/\.\d{7}Z$/),
  })
  expect((await api.get(`/ContactDeliveryAddresses/${contact.Id}/${address.Id}`)).json).toEqual(address)
  expect((await api.get(`/ContactDeliveryAddresses/${other.Id}/${address.Id}`)).status).toBe(404)
  expect((await api.get(`/Customers/${contact.Id}`)).json).toEqual(contact)
})

test('the first address of a contact is primary, asked or not; a later one only when asked, and then it alone', async () => {
  const { Id: contactId } = await newContact()
  const first = await newAddress(contactId, { IsPrimary: false })
  const second = await newAddress(contactId)
  expect([first.IsPrimary, second.IsPrimary]).toEqual([true, false])
  const third = await newAddress(contactId, { IsPrimary: true })
  const primary = async () => {
    const { json } = await api.get(`/ContactDeliveryAddresses?contactIds=${contactId}`)
    return ids((json as Address[]).filter((address) => address.IsPrimary))
  }
  expect(await primary()).toEqual([third.Id])
  await api.delete(`/ContactDeliveryAddresses/${contactId}/${third.Id}`)
  expect(await primary()).toEqual([first.Id])
  api.sandbox.deliveryAddresses.edit(second.Id, { IsPrimary: true })
  expect(await primary()).toEqual([second.Id])
})

test.each<[string, Record<string, unknown>, string]>([
  ['no city', { City: null }, 'City field is required'],
  ['no zip code', { ZipCode: '' }, 'ZipCode field is required'],
  ['a line over 200 characters', { AddressLine1: 'x'.repeat(201) }, 'maximum length is 200'],
  ['a country that is no code', { CountryCode: 'Norge' }, 'CountryCode must be a code'],
  ['the contact in the body', { ContactId: 1 }, "Could not find member 'ContactId'"],
])('refuses %s', async (_, properties, detail) => {
  const { Id: contactId } = await newContact()
  const answer = await api.post(`/ContactDeliveryAddresses/${contactId}`, { ...place, ...properties })
  expect([answer.status, (answer.json as { detail: string }).detail]).toEqual([400, expect.stringContaining(detail)])
  expect((await api.get(`/ContactDeliveryAddresses?contactIds=${contactId}`)).status).toBe(204)
})

test('an external code is unique within its contact', async () => {
  const [{ Id: contactId }, { Id: otherId }] = [await newContact(), await newContact()]
  const holder = await newAddress(contactId, { ExternalCode: 'A1' })
  await newAddress(otherId, { ExternalCode: 'A1' })
  expect(await api.post(`/ContactDeliveryAddresses/${contactId}`, { ...place, ExternalCode: 'A1' })).toMatchObject({
    status: 400,
    json: { detail: `ExternalCode is already in use. 'A1' is used on Id = ${holder.Id}.` },
  })
})

test('an unknown contact is 404, in the address and in the filter', async () => {
  expect(await api.post('/ContactDeliveryAddresses/7', place)).toMatchObject({
    status: 404,
    json: { detail: 'Contact with id = 7 not found.' },
  })
  expect(await api.get('/ContactDeliveryAddresses?contactIds=7,8')).toMatchObject({
    status: 404,
    json: { detail: 'Could not find contact(s) with id = 7, 8.' },
  })
  expect((await api.get('/ContactDeliveryAddresses?contactIds=seven')).status).toBe(400)
})

test('a patch replaces what it names and moves the address’s own time', async () => {
  const { Id: contactId } = await newContact()
  const address = await newAddress(contactId)
  const path = `/ContactDeliveryAddresses/${contactId}/${address.Id}`
  const changed = (await api.patch(path, replace('/City', 'Kabelvåg'))).json as Address
  expect(changed).toEqual({
    ...address,
    City: 'Kabelvåg',
    LastChangedDateTimeOffset: changed.LastChangedDateTimeOffset,
  })
  expect(changed.LastChangedDateTimeOffset > address.LastChangedDateTimeOffset).toBe(true)
  expect((await api.patch(path, replace('/City', null))).status).toBe(400)
  expect((await api.patch(path, replace('/IsPrimary', false))).status).toBe(400)
})

test('the list is over all contacts and filters by contact, external code and times', async () => {
  const [{ Id: one }, { Id: two }] = [await newContact(), await newContact()]
  const first = await newAddress(one, { ExternalCode: 'L-1' })
  const second = await newAddress(two, { ExternalCode: 'L-2' })
  for (const [query, expected] of [
    [`contactIds=${one},${two}`, [first.Id, second.Id]],
    ['externalCodes=L-2', [second.Id]],
    [`lastChangedDateTimeOffsetGreaterThan=${encodeURIComponent(first.LastChangedDateTimeOffset)}`, [second.Id]],
    [`createdDateTimeOffsetGreaterThan=${encodeURIComponent(first.LastChangedDateTimeOffset)}`, [second.Id]],
  ] as const) {
    expect([query, ids((await api.get(`/ContactDeliveryAddresses?${query}`)).json)]).toEqual([query, expected])
  }
})

test('addresses go with their contact, and stay while they are in use', async () => {
  const { Id: contactId } = await newContact()
  const address = await newAddress(contactId)
  api.sandbox.deliveryAddresses.setInUse(address.Id, true)
  expect((await api.delete(`/ContactDeliveryAddresses/${contactId}/${address.Id}`)).status).toBe(409)
  expect((await api.delete(`/Customers/${contactId}`)).status).toBe(200)
  expect(api.sandbox.deliveryAddresses.get(address.Id)).toBeNull()
})

test('any of the roles of the four areas will do', async () => {
  const { Id: contactId } = await newContact()
  api.sandbox.settings.change({ missingPrivileges: ['ContactDeliveryAddress', 'ContactDeliveryAddress_Full'] })
  await newAddress(contactId)
  api.sandbox.settings.change({ missingPrivileges: ['ContactDeliveryAddress_Full', 'Customer_Full'] })
  expect((await api.post(`/ContactDeliveryAddresses/${contactId}`, place)).status).toBe(403)
  expect((await api.get(`/ContactDeliveryAddresses?contactIds=${contactId}`)).status).toBe(200)
})
