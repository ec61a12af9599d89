import { afterEach, describe, expect, test } from 'vitest'
import type { Field, Lookup } from '../sandbox/pages/field.ts'
import { readForm } from '../sandbox/pages/read-form.ts'
import { errorsOf } from '../sandbox/poweroffice/pages/explain.ts'
import { startPowerOfficeSandbox } from '../sandbox/poweroffice/server.ts'
import { startWebshopSandbox } from '../sandbox/webshop/server.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function startShop() {
  const shop = await startWebshopSandbox()
  closing.push(() => shop.close())
  return shop
}

async function startErp() {
  const erp = await startPowerOfficeSandbox({ port: 0, dataFile: ':memory:', seed: 'none' })
  closing.push(() => erp.close())
  return erp
}

function post(url: string, values: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(values), headers, redirect: 'manual' })
}

describe('reading a form', () => {
  const people: Lookup = {
    plural: 'customers',
    suggest: () => [],
    find: (typed) => (typed.startsWith('7') ? { value: '7', label: 'Åse' } : undefined),
    search: (words) =>
      words.includes('å')
        ? [
            { value: '7', label: 'Åse' },
            { value: '8', label: 'Åge' },
          ]
        : [],
  }
  const fields: readonly Field[] = [
    { name: 'name', label: 'Name', kind: 'text', required: true, maxLength: 10 },
    { name: 'price', label: 'Price', kind: 'decimal' },
    { name: 'note', label: 'Note', kind: 'long' },
    { name: 'email', label: 'E-mail', kind: 'email' },
    { name: 'active', label: 'Active', kind: 'yesNo' },
    { name: 'day', label: 'Day', kind: 'date' },
    { name: 'who', label: 'Who', kind: 'record', lookup: people },
  ]
  const current = {
    name: ' Fjord ',
    price: '1.50',
    note: 'a\nb',
    email: ' x@y.no',
    active: 'yes',
    day: '',
    who: '7 Åse',
  }
  const was = Object.fromEntries(Object.entries(current).map(([name, value]) => [`was:${name}`, value]))

  test('gives nothing when a page is sent back as a browser made of it', () => {
    const sent = { ...was, ...current, note: 'a\r\nb', email: 'x@y.no' }
    expect(readForm(fields, sent, current)).toMatchObject({ given: {}, errors: { fields: {} } })
  })

  test('gives only what the person changed, whatever the record has become meanwhile', () => {
    const meanwhile = { ...current, name: 'Fjord 2', price: '2' }
    const { given } = readForm(fields, { ...was, ...current, price: '1 000,5', active: '' }, meanwhile)
    expect(given).toEqual({ price: '1000.5', active: false })
  })

  test('leaves alone what a hand-made request does not send', () => {
    expect(readForm(fields, { name: 'Ny' }, current).given).toEqual({ name: 'Ny' })
  })

  test('gives null for what was emptied, and says what is needed', () => {
    const { given, errors } = readForm(fields, { ...was, ...current, name: ' ', price: '' }, current)
    expect(given).toEqual({ price: null })
    expect(errors.fields).toEqual({ name: 'Name is needed.' })
  })

  test('says what is wrong with each, and keeps it as typed', () => {
    const typed = { name: 'Æ'.repeat(11), price: '1e5', day: '2026-02-30', who: 'nobody' }
    const { values, errors } = readForm(fields, typed, null)
    expect(values).toMatchObject(typed)
    expect(errors.fields).toEqual({
      name: 'Name has 11 characters; 10 is the most.',
      price: 'Price must be a number such as 499.90, with at most twelve digits before the point and six after.',
      day: 'Day must be a date such as 2026-11-23.',
      who: 'No customers match: type a number or a part of the name.',
    })
  })

  test('offers a choice where several records are meant', () => {
    const { errors, choices } = readForm(fields, { name: 'x', who: 'å' }, null)
    expect(errors.fields).toEqual({ who: '2 customers match: choose one.' })
    expect(choices['who']?.map(({ value }) => value)).toEqual(['7', '8'])
  })
})

describe('PowerOffice’s refusals', () => {
  const fields: readonly Field[] = ['Name', 'FirstName', 'MailAddress.City', 'EmailAddress'].map((name) => ({
    name,
    label: `the ${name}`,
    kind: 'text',
  }))

  test('stand beside the first property that they name, a part of an address included', () => {
    expect(errorsOf('MailAddress needs City and ZipCode.', fields).fields).toEqual({
      'MailAddress.City': 'MailAddress needs the MailAddress.City and ZipCode.',
    })
  })

  test('name nothing within what was typed', () => {
    expect(errorsOf("'Name' is used by 'Name AS'.", fields)).toEqual({
      general: ["'Name' is used by 'Name AS'."],
      fields: {},
    })
  })
})

describe('forms', () => {
  test('of other origins are refused, and those of the pages themselves taken', async () => {
    const [shop, erp] = [await startShop(), await startErp()]
    for (const [origin, path, name] of [
      [shop.baseUrl, '/departments/new', 'name'],
      [erp.origin, '/departments/new', 'Name'],
    ] as const) {
      for (const stranger of ['http://evil.example', 'null', 'http://127.0.0.1:1']) {
        expect((await post(origin + path, { [name]: 'Fremmed' }, { origin: stranger })).status).toBe(403)
      }
      expect((await post(origin + path, { [name]: 'Egen' }, { origin })).status).toBe(303)
    }
    expect([shop.customers.count(), erp.departments.count()]).toEqual([1, 1])
    const change = { method: 'PATCH', body: '{"latencyMs":1}', headers: { origin: 'http://evil.example' } }
    expect((await fetch(`${erp.origin}/sandbox/settings`, change)).status).toBe(403)
    expect(erp.settings.current().latencyMs).toBe(0)
  })

  test('are no requests of the sync', async () => {
    const [shop, erp] = [await startShop(), await startErp()]
    await post(`${shop.baseUrl}/departments/new`, { name: 'Salg' })
    await post(`${erp.origin}/departments/new`, { Name: 'Salg' })
    expect(await (await fetch(`${shop.baseUrl}/sandbox/counts`)).json()).toMatchObject({ byRoute: {}, writes: 0 })
    expect(erp.counts.report()).toMatchObject({ byRoute: {}, writes: 0 })
  })

  test('of a page made before the sync wrote leave alone what the sync wrote', async () => {
    const shop = await startShop()
    const [id = ''] = shop.insertCustomers([{ kind: 'company', name: 'Fjord', phone: '1' }])
    shop.customers.edit(id, { name: 'Fjord AS', customerNumber: '10001' })
    const page = {
      name: 'Fjord',
      'was:name': 'Fjord',
      phone: '2',
      'was:phone': '1',
      customerNumber: '',
      'was:customerNumber': '',
    }
    expect((await post(`${shop.baseUrl}/customers/${id}`, page)).status).toBe(303)
    expect(shop.customers.get(id)).toMatchObject({ name: 'Fjord AS', customerNumber: '10001', phone: '2' })
  })

  test('make no page fail, whatever is in them', async () => {
    const [shop, erp] = [await startShop(), await startErp()]
    const [customerId] = shop.insertCustomers([{ kind: 'company', name: 'Fjord' }])
    const [customer] = erp.insertCustomers([{ Name: 'Fjord' }])
    const paths = ['/customers/new', '/customers/%00', '/customers/%E0%A4%A', '/customers/__proto__', '/nothing']
    const ofShop = [
      '/orders/new',
      '/orders/x/lines/new',
      `/customers/${customerId}`,
      '/orders/x/cancel',
      '/products/new',
    ]
    const ofErp = [
      '/sales-orders/new',
      '/sales-orders/x/invoice',
      `/customers/${customer?.Id}`,
      '/outgoing-invoices/x/payment',
      '/customers/1e99',
    ]
    const bodies = [
      '',
      'a=%E0%A4%A',
      '__proto__=1&constructor=2&was:__proto__=3',
      'name=%00%01&Name=%00&customerId=%00&CustomerId=-1&kind=__proto__&IsPerson=yes',
      `name=${'x'.repeat(30_000)}&Name=${'x'.repeat(30_000)}`,
      'line1.quantity=1e400&line1.product=%F0%9F%98%80&line1.Quantity=NaN&freight.amount=-1&amount=999999999999999',
      'Number=9007199254740993&Allowance=999999999999&DepartmentId=999999999999999&PaymentTermId=x',
    ]
    const types = [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'multipart/form-data',
      'text/plain',
      '',
    ]
    const statuses = new Map<number, number>()
    const failed: unknown[] = []
    for (const url of [
      ...[...paths, ...ofShop].map((path) => shop.baseUrl + path),
      ...[...paths, ...ofErp].map((path) => erp.origin + path),
    ]) {
      for (const body of bodies) {
        for (const type of types) {
          const { status } = await fetch(url, {
            method: 'POST',
            body,
            headers: { 'content-type': type },
            redirect: 'manual',
          })
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          if (status >= 500) failed.push([url, body, type, status])
        }
      }
      for (const query of [
        '?page=-1&q=%00',
        '?page=1e9&kind=__proto__&show=x',
        '?done=__proto__&customer=%27',
        '?q=%25%5F%27%22',
      ]) {
        expect((await fetch(url + query)).status).toBeLessThan(500)
      }
    }
    expect(failed).toEqual([])
    expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(20 * 7 * 5)
    expect(statuses.get(422)).toBeGreaterThan(100)
  })
})

describe('lists', () => {
  test('come in pages of fifty, the latest change first, and keep search and choice on the way', async () => {
    const shop = await startShop()
    shop.insertCustomers(
      Array.from({ length: 120 }, (_, index) => ({ kind: 'company' as const, name: `Fjord ${index}` })),
    )
    const page = async (query: string) => {
      const text = await (await fetch(`${shop.baseUrl}/customers?${query}`)).text()
      return { names: [...text.matchAll(/>(Fjord \d+)</g)].map(([, name]) => name), text }
    }
    const first = await page('q=fjord&kind=company')
    expect([first.names[0], first.names.length]).toEqual(['Fjord 119', 50])
    expect(first.text).toContain('href="/customers?q=fjord&amp;kind=company&amp;page=2"')
    const last = await page('q=fjord&kind=company&page=3')
    expect([last.names.at(-1), last.names.length]).toEqual(['Fjord 0', 20])
    expect(last.text).not.toContain('page=4')
  })
})
