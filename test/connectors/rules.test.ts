import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prepareCustomerCreate, prepareCustomerUpdate } from '../../activities/poweroffice/customer-rules.ts'
import { createReferences } from '../../activities/poweroffice/reference.ts'
import { formatTicks, parseTicks } from '../../activities/poweroffice/timestamp.ts'
import {
  prepareCustomerCreate as prepareShopCreate,
  prepareCustomerUpdate as prepareShopUpdate,
} from '../../activities/webshop/customer-rules.ts'

const oslo = { AddressLine1: 'Gata 1', AddressLine2: null, ZipCode: '0150', City: 'Oslo', CountryCode: 'NO' }
const company = { IsPerson: false, Name: 'Nordlys AS', EmailAddress: 'post@nordlys.no' }

describe('a new customer in PowerOffice', () => {
  test('carries our reference, and nothing that is empty or given out there', () => {
    const values = { ...company, PhoneNumber: null, WebsiteUrl: '', Number: 10_001, IsActive: true, IsArchived: false }
    expect(prepareCustomerCreate(values, 'p:c-1')).toEqual({
      body: { ...company, IsArchived: false, ExternalImportReference: 'p:c-1' },
      flags: '',
      notes: [],
      refusal: null,
    })
  })

  test('gets Print without any e-mail, and says with a flag that it was us', () => {
    const { body, flags } = prepareCustomerCreate({ IsPerson: false, Name: 'A' }, 'p:c-1')
    expect([body['InvoiceDeliveryType'], flags]).toEqual(['Print', 'p'])
  })

  test('an e-mail for invoices alone is enough', () => {
    const prepared = prepareCustomerCreate({ IsPerson: false, Name: 'A', InvoiceEmailAddress: 'f@a.no' }, 'p:c-1')
    expect([prepared.body['InvoiceDeliveryType'], prepared.flags]).toEqual([undefined, ''])
  })

  test.each([
    [{ FirstName: 'Madonna', LastName: null }],
    [{ FirstName: null, LastName: 'Madonna' }],
    [{ LastName: 'Madonna' }],
  ])('a person with one name only has it as last name and a dash as first (%o)', (names) => {
    const { body, notes } = prepareCustomerCreate({ IsPerson: true, ...names }, 'p:c-1')
    expect(body).toMatchObject({ FirstName: '-', LastName: 'Madonna' })
    expect(notes).toMatchObject([{ field: 'personName', kind: 'adjusted' }])
  })

  test.each([
    ['a person without any name', { IsPerson: true, FirstName: ' ', LastName: null }, 'p:c-1', 'name of a person'],
    ['a company without a name', { IsPerson: false, Name: null }, 'p:c-1', 'name of a company'],
    ['a reference over fifty characters', company, `p:${'x'.repeat(49)}`, '50 characters'],
  ])('%s is refused with a sentence', (_title, values, reference, words) => {
    expect(prepareCustomerCreate(values, reference).refusal).toContain(words)
  })

  test.each([
    ['without zip', { ...oslo, ZipCode: null }, 'a zip code'],
    ['without city', { ...oslo, City: '' }, 'a city'],
    ['with neither', { ...oslo, City: null, ZipCode: null }, 'a zip code and a city'],
    ['with a line of 201 characters', { ...oslo, AddressLine2: 'x'.repeat(201) }, '200 characters in address line 2'],
    ['with a country that is no code', { ...oslo, CountryCode: 'Norge' }, 'two-letter code'],
  ])('an address %s stays out and is listed, the customer still goes', (_title, MailAddress, words) => {
    const { body, notes, refusal } = prepareCustomerCreate({ ...company, MailAddress }, 'p:c-1')
    expect(body).not.toHaveProperty('MailAddress')
    expect(refusal).toBeNull()
    expect(notes).toMatchObject([{ field: 'address', kind: 'withheld', detail: expect.stringContaining(words) }])
  })

  test('an address is sent without its empty parts and with its country in capitals', () => {
    const { body } = prepareCustomerCreate({ ...company, MailAddress: { ...oslo, CountryCode: 'se' } }, 'p:c-1')
    expect(body['MailAddress']).toEqual({ AddressLine1: 'Gata 1', ZipCode: '0150', City: 'Oslo', CountryCode: 'SE' })
  })
})

describe('an edit in PowerOffice', () => {
  const byEmail = { ...company, InvoiceDeliveryType: 'PdfByEmail', InvoiceEmailAddress: null, MailAddress: null }
  const printed = { ...company, EmailAddress: null, InvoiceEmailAddress: null, InvoiceDeliveryType: 'Print' }

  test('never carries what is settled at creation or given out there', () => {
    const values = {
      Number: 1,
      IsPerson: true,
      IsActive: false,
      ExternalImportReference: 'x',
      InvoiceDeliveryType: 'EHF',
    }
    expect(prepareCustomerUpdate(byEmail, values, '')).toEqual({ body: {}, flags: '', notes: [], refusal: null })
  })

  test('clearing the last e-mail of a customer who is invoiced by e-mail is withheld', () => {
    const prepared = prepareCustomerUpdate(byEmail, { EmailAddress: null, PhoneNumber: null }, '')
    expect(prepared.body).toEqual({ PhoneNumber: null })
    expect(prepared.notes).toMatchObject([{ field: 'email', kind: 'withheld' }])
  })

  test('of two e-mails that are cleared together one stays', () => {
    const both = { ...byEmail, InvoiceEmailAddress: 'faktura@nordlys.no' }
    const prepared = prepareCustomerUpdate(both, { EmailAddress: null, InvoiceEmailAddress: null }, '')
    expect(prepared.body).toEqual({ InvoiceEmailAddress: null })
    expect(prepared.notes).toMatchObject([{ field: 'email' }])
  })

  test('clearing one of two, or replacing it, or clearing with another delivery, is sent', () => {
    const both = { ...byEmail, InvoiceEmailAddress: 'faktura@nordlys.no' }
    expect(prepareCustomerUpdate(both, { InvoiceEmailAddress: null }, '').body).toEqual({ InvoiceEmailAddress: null })
    const swapped = { EmailAddress: null, InvoiceEmailAddress: 'ny@nordlys.no' }
    expect(prepareCustomerUpdate(byEmail, swapped, '').body).toEqual(swapped)
    expect(prepareCustomerUpdate({ ...byEmail, InvoiceDeliveryType: 'EHF' }, { EmailAddress: null }, '').body).toEqual({
      EmailAddress: null,
    })
  })

  test('the first e-mail turns our own Print into PdfByEmail, once', () => {
    expect(prepareCustomerUpdate(printed, { EmailAddress: 'a@b.no' }, 'p')).toMatchObject({
      body: { EmailAddress: 'a@b.no', InvoiceDeliveryType: 'PdfByEmail' },
      flags: '',
    })
  })

  test('a Print that people chose stays', () => {
    expect(prepareCustomerUpdate(printed, { EmailAddress: 'a@b.no' }, '').body).toEqual({ EmailAddress: 'a@b.no' })
    const chosen = prepareCustomerUpdate({ ...printed, InvoiceDeliveryType: 'EHF' }, { EmailAddress: 'a@b.no' }, 'p')
    expect([chosen.body, chosen.flags]).toEqual([{ EmailAddress: 'a@b.no' }, ''])
  })

  test('our flag stays while no e-mail comes', () => {
    expect(prepareCustomerUpdate(printed, { PhoneNumber: '1' }, 'p').flags).toBe('p')
  })

  test('an address is replaced whole, with the code that others gave it', () => {
    const current = { ...byEmail, MailAddress: { ...oslo, ExternalCode: 'X-1', LastChangedDateTimeOffset: 't' } }
    const values = { MailAddress: { ...oslo, AddressLine1: 'Veien 2', CountryCode: null } }
    expect(prepareCustomerUpdate(current, values, '').body).toEqual({
      MailAddress: { ...oslo, AddressLine1: 'Veien 2', CountryCode: null, ExternalCode: 'X-1' },
    })
  })

  test('an address that was cleared becomes null, half an address is withheld', () => {
    const empty = { AddressLine1: null, AddressLine2: null, ZipCode: null, City: null, CountryCode: 'NO' }
    expect(prepareCustomerUpdate(byEmail, { MailAddress: empty }, '').body).toEqual({ MailAddress: null })
    const half = prepareCustomerUpdate(byEmail, { MailAddress: { ...empty, City: 'Oslo' } }, '')
    expect(half).toMatchObject({ body: {}, notes: [{ field: 'address', kind: 'withheld' }] })
  })

  test('names that are required are not cleared', () => {
    expect(prepareCustomerUpdate(byEmail, { Name: null }, '')).toMatchObject({ body: {}, notes: [{ field: 'name' }] })
    const person = { IsPerson: true, FirstName: 'Kari', LastName: 'Nordmann' }
    expect(prepareCustomerUpdate(person, { FirstName: null, LastName: null }, '')).toMatchObject({
      body: {},
      notes: [{ field: 'personName', kind: 'withheld' }],
    })
    expect(prepareCustomerUpdate(person, { FirstName: 'Kari', LastName: null }, '')).toMatchObject({
      body: { FirstName: '-', LastName: 'Kari' },
      notes: [{ kind: 'adjusted' }],
    })
  })
})

describe('a customer in the webshop', () => {
  const capabilities = {
    contract: '1.0',
    shop: 'Shop',
    customers: { kinds: ['company', 'person'], create: true, update: true, emailRequired: false },
    idempotency: true,
  }

  test('is created with its erpId, without what is empty or the shop’s own', () => {
    const address = { line1: 'Gata 1', line2: null, zip: '0150', city: 'Oslo', country: null }
    const values = { kind: 'company', name: 'A', email: null, phone: '', active: true, guest: true, address }
    expect(prepareShopCreate(values, '17', capabilities)).toEqual({
      body: {
        kind: 'company',
        name: 'A',
        active: true,
        erpId: 'customer:17',
        address: { line1: 'Gata 1', zip: '0150', city: 'Oslo' },
      },
      flags: '',
      notes: [],
      refusal: null,
    })
  })

  test.each([
    [{ kind: 'company', name: ' ' }, 'the name'],
    [{ kind: 'person', firstName: null, lastName: 'B' }, 'the first name'],
    [{ kind: 'person', firstName: 'A' }, 'the last name'],
    [{ kind: 'department', name: 'A' }, 'department'],
  ])('%o is refused with a sentence', (values, words) => {
    expect(prepareShopCreate(values, '17', capabilities).refusal).toContain(words)
  })

  test('an edit clears with null, names every part of an address and leaves kind and erpId alone', () => {
    const values = { email: null, phone: '', kind: 'person', erpId: 'x', address: { line1: 'Gata 1' } }
    expect(prepareShopUpdate({ kind: 'company' }, values, '', capabilities).body).toEqual({
      email: null,
      phone: null,
      address: { line1: 'Gata 1', line2: null, zip: null, city: null, country: null },
    })
  })

  test('a required name is not cleared', () => {
    expect(prepareShopUpdate({ kind: 'company' }, { name: null, phone: '1' }, '', capabilities)).toMatchObject({
      body: { phone: '1' },
      notes: [{ field: 'name', kind: 'withheld' }],
    })
    expect(prepareShopUpdate({ kind: 'person' }, { name: null, lastName: null }, '', capabilities)).toMatchObject({
      body: { name: null },
      notes: [{ field: 'personName', kind: 'withheld' }],
    })
  })
})

describe('PowerOffice’s times', () => {
  test.each([
    ['2026-03-01T10:00:00.1234567Z', '2026-03-01T10:00:00.1234567Z'],
    ['2026-03-01T10:00:00.12Z', '2026-03-01T10:00:00.1200000Z'],
    ['2026-03-01T10:00:00', '2026-03-01T10:00:00.0000000Z'],
    ['2026-03-01T12:00:00.5+02:00', '2026-03-01T10:00:00.5000000Z'],
    ['2026-03-01 10:00:00.1234567 -00:00', '2026-03-01T10:00:00.1234567Z'],
    ['2026-03-01T00:30:00.0000001+0100', '2026-02-28T23:30:00.0000001Z'],
  ])('%s is %s', (text, utc) => {
    expect(formatTicks(parseTicks(text) ?? -1n)).toBe(utc)
  })

  test.each(['', 'yesterday', '2026-03-01T10:00:00.1234567Q', '20260301'])('"%s" is no time', (text) => {
    expect(parseTicks(text)).toBeNull()
  })

  test('every tick has a text of its own, in the same order', () => {
    const tick = fc.bigInt({ min: 0n, max: 40_000_000_000_000_000n })
    fc.assert(
      fc.property(tick, tick, (a, b) => {
        expect(parseTicks(formatTicks(a))).toBe(a)
        expect(formatTicks(a) < formatTicks(b)).toBe(a < b)
      }),
    )
  })
})

test('a reference read back names the record that it was written for, and no other prefix does', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/)
  fc.assert(
    fc.property(id, fc.integer({ min: 1, max: 9 }), (webshopId, creation) => {
      const reference = createReferences('default').write({ id: webshopId, creation })
      expect(reference.length).toBeLessThanOrEqual(50)
      expect(createReferences('default').read(reference)).toBe(webshopId)
      expect(createReferences('other').read(reference)).toBeNull()
    }),
  )
})
