import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ApiClient, rawRequest, resetSandbox, startApi } from './sandbox-poweroffice-support.ts'

// What customers, products and orders point to: accounts, VAT codes, terms, currencies.

let api: ApiClient

beforeAll(async () => {
  api = await startApi()
})
afterEach(() => resetSandbox(api.sandbox))
afterAll(() => api.sandbox.close())

interface Listed {
  readonly Id: number
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }]
const listed = async (path: string) => (await api.get(path)).json as Listed[]

describe('general ledger accounts', () => {
  test('are there for 25, 15, 12 and 0 % VAT, in an empty company too', async () => {
    const accounts = await listed('/GeneralLedgerAccounts?accountNos=3000-3999&OrderBy=AccountNo')
    expect(accounts.map((account) => [account['AccountNo'], account['VatCode']])).toEqual([
      [3000, '3'],
      [3010, '5'],
      [3020, '31'],
      [3030, '33'],
      [3100, '5'],
    ])
    const [series] = await listed('/SubLedgerNumberSeries?isDefault=true')
    const receivables = await api.get(`/GeneralLedgerAccounts/${Number(series?.['GeneralLedgerAccountId'])}`)
    expect(receivables.json).toMatchObject({ AccountNo: 1500, GeneralLedgerAccountType: 'Asset' })
  })

  test('are created, changed and deleted; type and VAT code follow from number and Id', async () => {
    const body = { AccountNo: 3050, Name: 'Salg, råfisk', IsActive: true, VatCode: '31' }
    const created = await api.post('/GeneralLedgerAccounts', body)
    const account = created.json as Listed
    expect([created.status, account]).toEqual([
      201,
      expect.objectContaining({
        GeneralLedgerAccountType: 'Income',
        AgricultureDepartment: 'None',
        VatCode: '31',
        VatCodeId: expect.any(Number),
        IsVatCodeLocked: false,
      }),
    ])
    const path = `/GeneralLedgerAccounts/${account.Id}`
    const [low] = (await listed('/VatCodes')).filter((code) => code['Code'] === '33')
    const changed = (await api.patch(path, replace('/VatCodeId', low?.Id))).json as Listed
    expect(changed).toMatchObject({ VatCode: '33', Name: 'Salg, råfisk' })
    expect(changed.LastChangedDateTimeOffset > account.LastChangedDateTimeOffset).toBe(true)
    const since = encodeURIComponent(account.LastChangedDateTimeOffset)
    const later = await listed(`/GeneralLedgerAccounts?lastChangedDateTimeOffsetGreaterThan=${since}&Fields=Id`)
    expect(later).toEqual([{ Id: account.Id }])
    expect((await api.delete(path)).status).toBe(200)
    expect((await api.get(path)).status).toBe(404)
  })

  test.each<[string, Record<string, unknown>, number]>([
    ['a number in use', { AccountNo: 3000 }, 400],
    ['no number', { AccountNo: null }, 400],
    ['an unknown VAT code', { VatCode: '99' }, 404],
    ['an unknown department', { DepartmentCode: 'X' }, 404],
  ])('refuse %s', async (_, properties, status) => {
    const before = api.sandbox.accounts.count()
    const body = { AccountNo: 3900, Name: 'Feil', IsActive: true, ...properties }
    expect((await api.post('/GeneralLedgerAccounts', body)).status).toBe(status)
    expect(api.sandbox.accounts.count()).toBe(before)
  })

  test('with the same number in two agriculture departments are told apart by it', async () => {
    const farming = { AccountNo: 3000, Name: 'Salg, jordbruk', IsActive: true, AgricultureDepartment: 'Farming' }
    const { Id: id } = (await api.post('/GeneralLedgerAccounts', farming)).json as Listed
    const sales = { StandardSalesAccount: 3000, StandardSalesAccountAgricultureDepartment: 'farming' }
    expect((await api.post('/Products', { Name: 'Melk', ...sales })).json).toMatchObject({ StandardSalesAccountId: id })
    const [standard] = await listed('/GeneralLedgerAccounts?accountNos=3000&agricultureDepartments=None')
    expect((await api.post('/Products', { Name: 'Ost', StandardSalesAccount: 3000 })).json).toMatchObject({
      StandardSalesAccountId: standard?.Id,
    })
  })

  test('cannot be deleted while products, groups, series or the company itself sell through them', async () => {
    const accounts = await listed('/GeneralLedgerAccounts')
    const idOf = (number: number) => accounts.find((account) => account['AccountNo'] === number)?.Id
    await api.post('/Products', { Name: 'Bok', StandardSalesAccount: 3020 })
    for (const number of [3000, 3010, 3020, 1500]) {
      expect([number, (await api.delete(`/GeneralLedgerAccounts/${idOf(number)}`)).status]).toEqual([number, 409])
    }
    expect((await api.delete(`/GeneralLedgerAccounts/${idOf(4000)}`)).status).toBe(200)
  })

  test('need roles of their own', async () => {
    api.sandbox.settings.change({ missingPrivileges: ['GeneralLedgerAccount_Full'] })
    expect((await api.post('/GeneralLedgerAccounts', {})).status).toBe(403)
    expect((await api.get('/GeneralLedgerAccounts?accountNos=1')).status).toBe(204)
  })
})

describe('VAT codes', () => {
  test('have SAF-T codes with rates from 0 to 1 and dates without a time', async () => {
    const codes = await listed('/VatCodes')
    const rates = Object.fromEntries(codes.map((code) => [code['Code'], code['Rate']]))
    expect(rates).toMatchObject({ '3': 0.25, '31': 0.15, '33': 0.12, '5': 0 })
    expect(codes[0]).toMatchObject({ ValidFrom: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), ValidTo: null })
    api.sandbox.settings.change({ dateOnlyFields: 'withTime' })
    expect((await listed('/VatCodes'))[0]).toMatchObject({ ValidFrom: expect.stringMatching(/T00:00:00$/) })
  })

  test('leave expired ones out unless asked, and are filtered by activity', async () => {
    const codesOf = async (query: string) => (await listed(`/VatCodes?${query}`)).map((code) => code['Code'])
    expect(await codesOf('')).not.toContain('C33')
    expect(await codesOf('includeExpired=false')).not.toContain('C33')
    expect(await codesOf('includeExpired=true')).toContain('C33')
    expect(await codesOf('isActive=false')).toEqual(['6'])
    expect(await codesOf('isActive=true')).not.toContain('6')
    expect((await api.get('/VatCodes?includeExpired=maybe')).status).toBe(400)
  })

  test('cannot be written', async () => {
    expect((await api.post('/VatCodes', {})).status).toBe(404)
  })
})

describe('currencies', () => {
  test('are listed by code and activity', async () => {
    expect((await api.get('/Currencies?currencyCode=nok')).json).toEqual([
      { Code: 'NOK', IsActive: true, Notation: 'kr' },
    ])
    expect((await api.get('/Currencies?isActive=false&Fields=Code')).json).toEqual([{ Code: 'GBP' }])
    expect((await api.get('/Currencies?currencyCode=XXX')).status).toBe(204)
    expect((await api.get('/Currencies?PageSize=2&OrderBy=Code desc&Fields=Code')).json).toEqual([
      { Code: 'USD' },
      { Code: 'SEK' },
    ])
    api.sandbox.settings.change({ listOrder: 'lastChanged' })
    expect((await api.get('/Currencies')).status).toBe(200)
  })
})

describe.each([
  { path: '/PaymentTerms', noun: 'Payment term', body: { Name: '45 dager', CreditDays: 45 }, deleted: 201 },
  { path: '/DeliveryTerms', noun: 'Delivery term', body: { Name: 'FCA' }, deleted: 200 },
])('$path', ({ path, noun, body, deleted }) => {
  test('are created, found, changed and deleted', async () => {
    const { status, json } = await api.post(path, body)
    const term = json as Listed
    expect([status, term]).toEqual([201, expect.objectContaining({ ...body, IsDefault: false })])
    expect((await api.get(`${path}/${term.Id}`)).json).toEqual(term)
    expect(await listed(path)).toContainEqual(term)
    const changed = (await api.patch(`${path}/${term.Id}`, replace('/Name', 'Omdøpt'))).json as Listed
    expect(changed).toMatchObject({ ...body, Name: 'Omdøpt' })
    expect((await rawRequest(api, 'PATCH', `${path}/${term.Id}`, replace('/Id', 3))).status).toBe(400)
    // Payment terms answer 201, oddly, and so says the description.
    expect((await api.delete(`${path}/${term.Id}`)).status).toBe(deleted)
    expect(await api.get(`${path}/${term.Id}`)).toMatchObject({
      status: 404,
      json: { detail: `${noun} with id = ${term.Id} not found.` },
    })
  })

  test('have one default at a time', async () => {
    const defaults = async () => (await listed(path)).filter((term) => term['IsDefault']).map(({ Id: id }) => id)
    const before = await defaults()
    expect(before).toHaveLength(1)
    const { Id: id } = (await api.post(path, { ...body, Name: 'Standard', IsDefault: true })).json as Listed
    expect(await defaults()).toEqual([id])
    await api.patch(`${path}/${before[0]}`, replace('/IsDefault', true))
    expect(await defaults()).toEqual(before)
  })

  test('need a name of at most 128 characters', async () => {
    expect((await api.post(path, { ...body, Name: null })).status).toBe(400)
    expect((await api.post(path, { ...body, Name: 'x'.repeat(129) })).status).toBe(400)
    const [term] = await listed(path)
    expect((await api.patch(`${path}/${term?.Id}`, replace('/Name', null))).status).toBe(400)
  })
})

describe('terms of customers', () => {
  const customer = (properties: Record<string, unknown>) =>
    api.post('/Customers', { Name: 'Vilkår AS', InvoiceDeliveryType: 'Print', ...properties })

  test('are looked up by days and name, default to the company’s payment term, and free text is kept', async () => {
    expect((await customer({})).json).toMatchObject({ PaymentTerm: 14, PaymentTermId: 1, DeliveryTermId: null })
    const { Id: id } = (await api.post('/PaymentTerms', { Name: '60 dager', CreditDays: 60 })).json as Listed
    expect((await customer({ PaymentTerm: 60 })).json).toMatchObject({ PaymentTerm: 60, PaymentTermId: id })
    expect((await customer({ DeliveryTerm: 'DDP' })).json).toMatchObject({ DeliveryTerm: 'DDP', DeliveryTermId: 2 })
    expect((await customer({ DeliveryTerm: 'hentes' })).json).toMatchObject({
      DeliveryTerm: 'hentes',
      DeliveryTermId: null,
    })
    expect(await customer({ PaymentTerm: 61 })).toMatchObject({
      status: 404,
      json: { detail: 'Payment term with days = 61 not found.' },
    })
    expect((await customer({ DeliveryTermId: 99 })).status).toBe(404)
  })

  test('cannot be deleted while a customer has them, and show what changes in them', async () => {
    const { Id: id } = (await api.post('/PaymentTerms', { Name: '90 dager', CreditDays: 90 })).json as Listed
    const { Id: customerId } = (await customer({ PaymentTermId: id })).json as Listed
    expect((await api.delete(`/PaymentTerms/${id}`)).status).toBe(409)
    await api.patch(`/PaymentTerms/${id}`, replace('/CreditDays', 91))
    expect((await api.get(`/Customers/${customerId}`)).json).toMatchObject({ PaymentTerm: 91 })
    await api.patch(`/Customers/${customerId}`, replace('/PaymentTermId', null))
    expect((await api.get(`/Customers/${customerId}`)).json).toMatchObject({ PaymentTerm: 14, PaymentTermId: 1 })
    expect((await api.delete(`/PaymentTerms/${id}`)).status).toBe(201)
  })

  test('unknownReferenceOnPost: 400', async () => {
    api.sandbox.settings.change({ unknownReferenceOnPost: '400' })
    expect((await customer({ PaymentTerm: 61 })).status).toBe(400)
    expect(
      (await api.post('/GeneralLedgerAccounts', { AccountNo: 3901, Name: 'A', IsActive: true, VatCode: '99' })).status,
    ).toBe(400)
  })
})
