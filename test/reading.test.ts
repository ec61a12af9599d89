import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject, ParsedRecord } from '../activities/connector.ts'
import { contentHash, rawContentHash } from '../activities/reading/content-hash.ts'
import { differs } from '../activities/reading/differs.ts'
import { changeMarkOf, fieldHash } from '../activities/reading/field-hash.ts'
import { type ToReadingInput, toReading } from '../activities/reading/to-reading.ts'
import { customers } from '../flows/customers.ts'
import { EMPTY_HASH, hashAt, NO_HASH } from '../flows/field-hashes.ts'
import type { FlowDefinition } from '../flows/flow-definition.ts'
import type { Content } from '../flows/reading.ts'

const shopCompany: JsonObject = {
  kind: 'company',
  name: 'Nord AS',
  email: 'Post@nord.example',
  phone: null,
  organizationNumber: '923 609 016',
  customerNumber: '10042',
  invoiceEmail: null,
  website: null,
  address: { line1: 'Storgata 1', line2: null, zip: '0150', city: 'Oslo', country: 'no' },
  active: true,
}

const erpCompany: JsonObject = {
  IsPerson: false,
  Name: 'Nord AS',
  EmailAddress: 'post@nord.example',
  PhoneNumber: null,
  OrganizationNumber: '923609016',
  Number: 10042,
  InvoiceEmailAddress: null,
  WebsiteUrl: null,
  MailAddress: { AddressLine1: 'Storgata 1', ZipCode: '0150', City: 'Oslo', CountryCode: 'NO' },
  IsActive: true,
  IsArchived: false,
}

type FoundRecord = ParsedRecord & { readonly kind: 'record' }

function recordOf(raw: JsonObject, rest: Partial<FoundRecord> = {}): FoundRecord {
  return {
    kind: 'record',
    id: 'c-1',
    raw,
    version: '"7"',
    changedAt: null,
    groupChangedAt: {},
    reference: null,
    outOfScope: null,
    ...rest,
  }
}

function inputOf(rest: Partial<ToReadingInput> = {}): ToReadingInput {
  const record = recordOf(shopCompany)
  return { definition: customers, side: 'shop', record, clockOffsetMs: 0, withContent: true, ...rest }
}

function readingOf(rest: Partial<ToReadingInput> = {}) {
  const result = toReading(inputOf(rest))
  if (!result.ok) throw new Error(`${result.path} ${result.problem}`)
  return result.reading
}

describe('a reading beside one that is likely to show the same', () => {
  const shop = recordOf(shopCompany)
  const erp = recordOf(erpCompany, { id: '7' })
  const erpReading = readingOf({ side: 'erp', record: erp })

  test('E2: the same content takes over the hashes, which are those that it has by itself', () => {
    const alone = readingOf({ record: shop })
    expect(erpReading.seen).toBe(alone.seen)
    expect(readingOf({ record: shop, alike: erpReading })).toEqual(alone)
  })

  test.each([
    ['another value', shopCompany, { ...shopCompany, email: 'salg@nord.example' }, null],
    ['a value more', shopCompany, { ...shopCompany, phone: '22 33 44 55' }, null],
    ['a value less', shopCompany, { ...shopCompany, address: null }, null],
    ['a field that applies no more', shopCompany, { ...shopCompany, kind: 'person' }, null],
    ['another state', shopCompany, { ...shopCompany, active: false }, null],
    ['no part in the flow', shopCompany, shopCompany, 'guest'],
  ])('E2: %s is never hidden by it', (_what, before, now, outOfScope) => {
    const record = recordOf(now, { outOfScope })
    const alike = readingOf({ record: recordOf(before) })
    const reading = readingOf({ record, alike })
    expect(reading).toEqual(readingOf({ record }))
    expect(reading.seen).not.toBe(alike.seen)
  })
})

describe('hashes', () => {
  const name = { number: 2, canonicalVersion: 1 }

  test('E2: a field’s hash has four characters, and empty and absent have their own', () => {
    expect(fieldHash(name, 'Nord AS')).toMatch(/^[\w-]{4}$/)
    expect(fieldHash(name, null)).toBe(EMPTY_HASH)
    expect(fieldHash(name, undefined)).toBe(NO_HASH)
  })

  test('E2, E3: the hash is salted with the field’s number and the version of its canonical rule', () => {
    const hashes = [
      fieldHash(name, 'a'),
      fieldHash({ ...name, number: 3 }, 'a'),
      fieldHash({ ...name, canonicalVersion: 2 }, 'a'),
      fieldHash(name, 'b'),
    ]
    expect(new Set(hashes).size).toBe(4)
  })

  test('E2: hashes are stored, so the same value has the same hash for ever', () => {
    expect(fieldHash(name, 'Blåbærgården AS')).toBe('JEjm')
    expect(contentHash(customers, { canonical: { kind: 'company' }, outOfScope: null, dormant: false })).toBe(
      '9tMXTu9ITn0',
    )
  })

  test('a value whose hash is the one of "absent" is salted once more', () => {
    // sha256 of `2.1.Firma 37225255` begins with 24 ones, found by trying.
    expect(fieldHash(name, 'Firma 37225255')).toMatch(/^[\w-]{4}$/)
    expect(fieldHash(name, 'Firma 37225255')).not.toBe(NO_HASH)
  })

  test('rule 5: a record without a change time has no mark that a write of ours could have', () => {
    expect(changeMarkOf(null)).toBe(NO_HASH)
    expect(changeMarkOf('2026-01-01T00:00:00Z')).toMatch(/^[\w-]{4}$/)
    expect(changeMarkOf('2026-01-01T00:00:00.0Z')).not.toBe(changeMarkOf('2026-01-01T00:00:00Z'))
  })

  test('E2: the content hash tells every difference, null from absent included', () => {
    const content = { canonical: { kind: 'company', name: 'a', email: null }, outOfScope: null, dormant: false }
    const others = [
      content,
      { ...content, dormant: true },
      { ...content, outOfScope: 'guest' },
      { ...content, canonical: { ...content.canonical, email: 'a' } },
      { ...content, canonical: { kind: 'company', name: 'a' } },
      { ...content, canonical: { kind: 'company', name: null, email: 'a' } },
    ].map((other) => contentHash(customers, other))
    expect(new Set(others).size).toBe(6)
    for (const hash of others) expect(hash).toMatch(/^[\w-]{11}$/)
  })

  test('E2: the content hash does not depend on a field’s name or place', () => {
    const renamed: FlowDefinition = {
      ...customers,
      fields: customers.fields.map((field) => (field.name === 'email' ? { ...field, name: 'mail' } : field)).reverse(),
    }
    const rest = { outOfScope: null, dormant: false }
    expect(contentHash(renamed, { canonical: { mail: 'x', kind: 'person' }, ...rest })).toBe(
      contentHash(customers, { canonical: { kind: 'person', email: 'x' }, ...rest }),
    )
  })

  test('a record that does not parse has a content hash of its raw text', () => {
    expect(rawContentHash('{"a":1}')).toMatch(/^[\w-]{11}$/)
    expect(rawContentHash('{"a":1}')).not.toBe(rawContentHash('{"a":2}'))
  })
})

describe('readings', () => {
  test('both sides of one customer have the same hashes and the same seen', () => {
    const shop = readingOf()
    const erp = readingOf({ side: 'erp', record: recordOf(erpCompany, { id: '10', version: null }) })
    expect(erp.hashes).toBe(shop.hashes)
    expect(erp.seen).toBe(shop.seen)
    expect(erp.content?.canonical).toEqual(shop.content?.canonical)
    expect(erp.content?.written).toEqual({})
    expect(shop.content?.written).toEqual({ email: 'Post@nord.example' })
  })

  test('a reading carries the record’s id, version, reference, label and scope', () => {
    const record = recordOf(shopCompany, { reference: '10', outOfScope: 'guest' })
    expect(readingOf({ record })).toMatchObject({
      side: 'shop',
      id: 'c-1',
      version: '"7"',
      reference: '10',
      outOfScope: 'guest',
      dormant: false,
      label: 'Nord AS',
    })
  })

  test('hashes stand in the order of the definition: absent for what does not apply, reserved for what is empty', () => {
    const { hashes } = readingOf()
    expect(hashes).toHaveLength(customers.fields.length * 4)
    const [kind, name, personName, email, phone] = customers.fields
    expect([kind, name, personName, email, phone].map((_, index) => hashAt(hashes, index))).toEqual([
      fieldHash({ number: 1, canonicalVersion: 1 }, 'company'),
      fieldHash({ number: 2, canonicalVersion: 1 }, 'Nord AS'),
      NO_HASH,
      fieldHash({ number: 4, canonicalVersion: 1 }, 'post@nord.example'),
      EMPTY_HASH,
    ])
  })

  test('a page of thousands carries neither values nor labels, and the same hashes', () => {
    const { content, label, ...rest } = readingOf()
    expect(content).toBeDefined()
    expect(label).toBe('Nord AS')
    expect(readingOf({ withContent: false })).toEqual({ ...rest, label: '' })
  })

  test('rule 5: change times are by our clock, seven digits or none, and unknown where the vendor names none', () => {
    const timesOf = (changedAt: string | null) => {
      const record = recordOf(shopCompany, { changedAt, groupChangedAt: { address: '2026-01-02T00:00:10Z' } })
      const { changedAtMs, groupChangedAtMs } = readingOf({ record, clockOffsetMs: 4_000 })
      return { changedAtMs, groupChangedAtMs }
    }
    const groupChangedAtMs = { address: Date.UTC(2026, 0, 2, 0, 0, 6) }
    const changedAtMs = Date.UTC(2026, 0, 1, 11, 59, 56, 123)
    expect(timesOf('2026-01-01T12:00:00.1234567Z')).toEqual({ changedAtMs, groupChangedAtMs })
    expect(timesOf('2026-01-01T12:00:00Z')).toEqual({ changedAtMs: changedAtMs - 123, groupChangedAtMs })
    expect(timesOf(null)).toEqual({ changedAtMs: null, groupChangedAtMs })
    expect(timesOf('yesterday')).toEqual({ changedAtMs: null, groupChangedAtMs })
  })

  test('rule 4a: a record that is archived or inactive is dormant', () => {
    expect(readingOf({ record: recordOf({ ...shopCompany, active: false }) }).dormant).toBe(true)
    expect(readingOf({ side: 'erp', record: recordOf({ ...erpCompany, IsArchived: true }) }).dormant).toBe(true)
    expect(readingOf({ side: 'erp', record: recordOf({ ...erpCompany, IsActive: false }) }).dormant).toBe(true)
    expect(readingOf({ side: 'erp', record: recordOf(erpCompany) }).dormant).toBe(false)
  })

  test('a webshop record of another flow’s kind is out of scope, whatever else is wrong with it', () => {
    const record = recordOf({ kind: 'department', name: 'Oslo', customerNumber: 'OSL' })
    const first = readingOf({ record })
    expect(first).toMatchObject({ outOfScope: 'otherKind', label: 'c-1' })
    expect(toReading(inputOf({ record: recordOf({ ...record.raw, kind: null }) }))).toEqual({
      ok: false,
      path: 'kind',
      problem: 'is empty, so it is unknown what applies',
    })
  })

  test('the connector’s own reason for being out of scope goes first', () => {
    const record = recordOf({ kind: 'department' }, { outOfScope: 'guest' })
    expect(readingOf({ record }).outOfScope).toBe('guest')
  })

  test('a mapped value that cannot be understood makes the record unreadable, with where and why', () => {
    const record = recordOf({ ...shopCompany, phone: 22334455 })
    expect(toReading(inputOf({ record }))).toMatchObject({ ok: false, path: 'phone' })
  })

  test('a side that only receives a field may show what it likes there: a value that differs, not an unreadable record', () => {
    const record = recordOf({ ...shopCompany, customerNumber: 'K-7' })
    expect(readingOf({ record }).content?.canonical['customerNumber']).toBe('K-7')
  })

  test('people know a record by its name, else its e-mail, else its id', () => {
    const labelOf = (raw: JsonObject) => readingOf({ record: recordOf({ active: true, ...raw }) }).label
    expect(labelOf({ kind: 'company', name: 'Nord AS', email: 'a@b.no' })).toBe('Nord AS')
    expect(labelOf({ kind: 'person', firstName: 'Kari', lastName: 'Ås' })).toBe('Kari Ås')
    expect(labelOf({ kind: 'person', lastName: 'Ås' })).toBe('Ås')
    expect(labelOf({ kind: 'company', email: 'Post@Nord.no' })).toBe('Post@Nord.no')
    expect(labelOf({ kind: 'company' })).toBe('c-1')
    expect(labelOf({ kind: 'company', name: 'x'.repeat(200) })).toBe(`${'x'.repeat(79)}…`)
  })

  test('E2: seen moves when, and only when, something moves that a decision could depend on', () => {
    const value = fc.constantFrom('a', 'b', '', null)
    const raw = fc.record({
      kind: fc.constantFrom('person', 'company'),
      name: value,
      lastName: value,
      email: value,
      active: fc.boolean(),
    })
    fc.assert(
      fc.property(raw, raw, fc.constantFrom(null, 'guest'), (one, other, outOfScope) => {
        const first = readingOf({ record: recordOf(one) })
        const second = readingOf({ record: recordOf(other, { outOfScope, changedAt: '2026-01-01T00:00:00Z' }) })
        const isSame = JSON.stringify(first.content?.canonical) === JSON.stringify(second.content?.canonical)
        expect(first.seen === second.seen).toBe(isSame && outOfScope === null)
        expect(first.hashes === second.hashes).toBe(isSame)
      }),
      { numRuns: 1_000, seed: 1 },
    )
  })
})

describe('differs', () => {
  const contentOf = (canonical: Content['canonical']): Content => ({ canonical, written: {} })
  const fieldsThatDiffer = (erp: Content, shop: Content) =>
    customers.fields.filter((_, index) => differs(customers, erp, shop)[index] === '1').map((field) => field.name)

  test('says field by field, in the order of the definition, where canonical values differ', () => {
    const erp = contentOf({ kind: 'company', name: 'a', email: 'x', phone: null })
    const shop = contentOf({ kind: 'company', name: 'b', email: 'x', phone: '1' })
    expect(differs(customers, erp, shop)).toBe('01001000000')
  })

  test('the form to write is not compared', () => {
    const erp = contentOf({ kind: 'company', email: 'a@b.no' })
    const shop = { ...erp, written: { email: 'A@b.no' } }
    expect(fieldsThatDiffer(erp, shop)).toEqual([])
  })

  test('absent and empty are the same', () => {
    expect(fieldsThatDiffer(contentOf({ kind: 'company', email: null }), contentOf({ kind: 'company' }))).toEqual([])
  })

  test('a field absent on one side because it does not apply there does not differ: the kind does', () => {
    const company = contentOf({ kind: 'company', name: 'Kari Ås', email: null })
    const person = contentOf({ kind: 'person', personName: '{"firstName":"Kari","lastName":"Ås"}', email: null })
    expect(fieldsThatDiffer(company, person)).toEqual(['kind'])
    expect(fieldsThatDiffer(person, company)).toEqual(['kind'])
  })

  test('a field that applies on both sides and is known on one differs', () => {
    expect(fieldsThatDiffer(contentOf({ kind: 'company', name: 'a' }), contentOf({ kind: 'company' }))).toEqual([
      'name',
    ])
  })

  test('swapping the sides changes nothing, and a side does not differ from itself', () => {
    const value = fc.constantFrom('a', 'b', null)
    const content = fc
      .record({ kind: fc.constantFrom('person', 'company'), name: value, personName: value, email: value })
      .map(contentOf)
    fc.assert(
      fc.property(content, content, (one, other) => {
        expect(differs(customers, one, other)).toBe(differs(customers, other, one))
        expect(differs(customers, one, one)).toBe('0'.repeat(customers.fields.length))
      }),
      { seed: 2 },
    )
  })
})
