import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isValidNorwegianOrganisationNumber } from '../activities/canonical/organisation-number.ts'
import type { JsonObject } from '../activities/connector.ts'
import { type MatchResult, matchAll } from '../activities/match/match-all.ts'
import { type MatchEntry, toMatchEntry } from '../activities/match/match-entry.ts'
import { matchOne } from '../activities/match/match-one.ts'
import { createSideIndex } from '../activities/match/side-index.ts'
import { toReading } from '../activities/reading/to-reading.ts'
import { customers } from '../flows/customers.ts'
import { departments } from '../flows/departments.ts'
import type { FlowDefinition } from '../flows/flow-definition.ts'
import { products } from '../flows/products.ts'
import type { CanonicalValue, Content, Reading } from '../flows/reading.ts'
import { otherSide, type Side } from '../flows/side.ts'
import { type ErpSeedCustomer, seedCustomers, seedExpectation } from '../sandbox/seed/customers.ts'
import { type MatchWorldRecord, matchByBruteForce, type ReferenceAnswer } from './support/reference-matcher.ts'

const valid = ['923609016', '974760673'] as const
const notApart = () => false

type Fields = Readonly<Record<string, CanonicalValue>>

interface Rest {
  readonly reference?: string
  readonly linkedTo?: string
}

function company(side: Side, id: string, fields: Fields, rest: Rest = {}): MatchWorldRecord {
  const canonical = { kind: 'company', ...fields }
  return { side, id, canonical, reference: rest.reference ?? null, linkedTo: rest.linkedTo ?? null }
}

function person(side: Side, id: string, fields: Fields, rest: Rest = {}): MatchWorldRecord {
  return company(side, id, { kind: 'person', ...fields }, rest)
}

function readingOf(record: MatchWorldRecord): Reading & { readonly content: Content } {
  const { side, id, reference, canonical } = record
  const unused = {
    hashes: '',
    seen: '',
    version: null,
    changedAtMs: null,
    groupChangedAtMs: {},
    changeMark: '',
    label: '',
  }
  return { side, id, reference, outOfScope: null, dormant: false, ...unused, content: { canonical, written: {} } }
}

function entryOf(record: MatchWorldRecord, definition = customers): MatchEntry {
  const entry = toMatchEntry(definition, readingOf(record), record.linkedTo, true)
  if (!entry) throw new Error('the record takes part')
  return entry
}

function indexesOf(records: readonly MatchWorldRecord[], definition = customers) {
  const entries = records.map((record) => entryOf(record, definition))
  return {
    erp: createSideIndex(
      'erp',
      entries.filter((entry) => entry.side === 'erp'),
    ),
    shop: createSideIndex(
      'shop',
      entries.filter((entry) => entry.side === 'shop'),
    ),
  }
}

function match(records: readonly MatchWorldRecord[], isApart = notApart as (erpId: string, shopId: string) => boolean) {
  const { erp, shop } = indexesOf(records)
  return matchAll(customers, erp, shop, isApart)
}

/** The same records once everything that matched is linked. */
function linkedAs({ matched }: MatchResult, records: readonly MatchWorldRecord[]): MatchWorldRecord[] {
  return records.map((record) => {
    const pair = matched.find(({ erpId, shopId }) => record.id === (record.side === 'erp' ? erpId : shopId))
    return pair ? { ...record, linkedTo: record.side === 'erp' ? pair.shopId : pair.erpId } : record
  })
}

const nothing: MatchResult = { matched: [], ambiguous: [], erpOnly: [], shopOnly: [] }

describe('match entries', () => {
  test('hold the kind, the keys and what confirms them or rules a candidate out', () => {
    const address = '{"city":"Malmö","country":"SE"}'
    const fields = { name: 'Nord AS', email: 'a@b.no', organizationNumber: valid[0], customerNumber: '7', address }
    expect(entryOf(company('erp', '1', fields, { reference: 'c-1', linkedTo: 'c-2' }))).toEqual({
      side: 'erp',
      id: '1',
      within: 'company',
      keys: { customerNumber: '7', organizationNumber: `SE ${valid[0]}`, email: 'a@b.no' },
      confirm: {
        organizationNumber: valid[0],
        name: 'Nord AS',
        personName: null,
        email: 'a@b.no',
        kind: 'company',
      },
      reference: 'c-1',
      linkedTo: 'c-2',
    })
  })

  test('only a valid organisation number of a company is a key, with Norway where no country is named', () => {
    const keyOf = (record: MatchWorldRecord) => entryOf(record).keys['organizationNumber']
    expect(keyOf(company('erp', '1', { organizationNumber: valid[0] }))).toBe(`NO ${valid[0]}`)
    expect(keyOf(company('erp', '1', { organizationNumber: '923609017' }))).toBeNull()
    expect(keyOf(company('erp', '1', { organizationNumber: null }))).toBeNull()
    expect(keyOf(person('erp', '1', { organizationNumber: valid[0] }))).toBeNull()
  })

  test('rule 4c: a record out of scope, or one that the memory leaves out, is no candidate', () => {
    const reading = readingOf(company('erp', '1', { email: 'a@b.no' }))
    expect(toMatchEntry(customers, { ...reading, outOfScope: 'otherKind' }, null, true)).toBeNull()
    expect(toMatchEntry(customers, reading, null, false)).toBeNull()
  })
})

describe('side index', () => {
  const found = (entries: Iterable<MatchEntry>) => [...entries].map((entry) => entry.id).sort()

  test('finds entries by id, key within a kind, and reference', () => {
    const index = createSideIndex('shop', [
      entryOf(company('shop', 'a', { email: 'x' }, { reference: '1' })),
      entryOf(company('shop', 'b', { email: 'x' }, { reference: '1' })),
      entryOf(person('shop', 'c', { email: 'x' })),
    ])
    expect(index.size).toBe(3)
    expect(index.get('a')?.id).toBe('a')
    expect(found(index.withKey('email', 'company', 'x'))).toEqual(['a', 'b'])
    expect(found(index.withKey('email', 'person', 'x'))).toEqual(['c'])
    expect(found(index.withKey('customerNumber', 'company', 'x'))).toEqual([])
    expect(found(index.naming('1'))).toEqual(['a', 'b'])
  })

  test('after any puts and removals it answers as an index made afresh', () => {
    const email = fc.constantFrom('x', 'y', null)
    const step = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      email,
      reference: fc.constantFrom('1', null),
      gone: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const index = createSideIndex('shop')
        const kept = new Map<string, MatchEntry>()
        for (const { id, email, reference, gone } of steps) {
          const entry = { ...entryOf(person('shop', id, { email })), reference }
          if (gone) index.remove(id)
          else index.put(entry)
          if (gone) kept.delete(id)
          else kept.set(id, entry)
        }
        const entries = [...kept.values()]
        expect(index.size).toBe(entries.length)
        expect(found(index.entries())).toEqual(found(entries))
        expect(found(index.naming('1'))).toEqual(found(entries.filter((entry) => entry.reference === '1')))
        for (const value of ['x', 'y']) {
          const holders = entries.filter((entry) => entry.keys['email'] === value)
          expect(found(index.withKey('email', 'person', value))).toEqual(found(holders))
        }
      }),
      { seed: 1 },
    )
  })
})

describe('matching by key', () => {
  test('rule 1: an e-mail held once on each side links two persons', () => {
    expect(match([person('erp', '1', { email: 'x' }), person('shop', 'a', { email: 'x' })])).toEqual({
      ...nothing,
      matched: [{ erpId: '1', shopId: 'a', by: 'email' }],
    })
  })

  test('rule 1: an empty key does not match', () => {
    expect(match([person('erp', '1', { email: null }), person('shop', 'a', { email: null })])).toEqual({
      ...nothing,
      erpOnly: ['1'],
      shopOnly: ['a'],
    })
  })

  test('rule 1: a key held twice on either side does not match; the candidates are ambiguous', () => {
    const records = [
      person('erp', '10', { email: 'x' }),
      person('erp', '9', { email: 'x' }),
      person('shop', 'a', { email: 'x' }),
    ]
    expect(match(records)).toEqual({
      ...nothing,
      ambiguous: [
        {
          by: 'email',
          why: '2 customers in PowerOffice have the e-mail of this webshop customer; link one of them by hand or change the e-mail.',
          members: ['erp:9', 'erp:10', 'shop:a'],
        },
      ],
    })
  })

  test('rule 1: the sentence says which side holds the key twice', () => {
    const why = (...records: MatchWorldRecord[]) => match(records).ambiguous.map((one) => one.why)
    const org = { organizationNumber: valid[0] }
    expect(why(company('erp', '1', org), company('shop', 'a', org), company('shop', 'b', org))).toEqual([
      '2 webshop customers have the organisation number of this customer in PowerOffice; link one of them by hand or change the organisation number.',
    ])
    const sameNumber = { customerNumber: '7', email: 'x' }
    const four = ['1', '2'].flatMap((id) => [company('erp', id, sameNumber), company('shop', id, sameNumber)])
    expect(why(...four)).toEqual([
      '2 customers in PowerOffice and 2 in the webshop have the same customer number; link one of them by hand or change the customer number.',
    ])
  })

  test('rule 1: a key held twice on one side and not at all on the other is nobody’s business', () => {
    expect(match([person('erp', '2', { email: 'x' }), person('erp', '10', { email: 'x' })])).toEqual({
      ...nothing,
      erpOnly: ['2', '10'],
    })
  })

  test('matching never crosses kinds', () => {
    expect(match([person('erp', '1', { email: 'x' }), company('shop', 'a', { email: 'x' })])).toMatchObject({
      matched: [],
    })
  })

  test('keys go in order: who is matched by the customer number needs no other, whatever e-mail it has', () => {
    const name = { name: 'Nord AS' }
    const records = [
      company('erp', '1', { ...name, customerNumber: '7', email: 'x' }),
      company('erp', '2', { email: 'y' }),
      company('shop', 'a', { ...name, customerNumber: '7', email: 'z' }),
      company('shop', 'b', { email: 'y' }),
    ]
    expect(match(records)).toEqual({
      ...nothing,
      matched: [
        { erpId: '1', shopId: 'a', by: 'customerNumber' },
        { erpId: '2', shopId: 'b', by: 'email' },
      ],
    })
  })

  test('rule 1: a second record with the e-mail of a pair that an earlier key matched is ambiguous, not new', () => {
    const pair = { name: 'Nord AS', customerNumber: '7' }
    const records = [
      company('erp', '1', { ...pair, email: 'x' }),
      company('erp', '2', { email: 'x' }),
      company('shop', 'a', { ...pair, email: 'x' }),
    ]
    const ambiguous = [
      {
        by: 'email',
        why: 'Another customer with the same e-mail is already linked; link one of them by hand or change the e-mail.',
        members: ['erp:2', 'shop:a'],
      },
    ]
    expect(match(records)).toEqual({
      ...nothing,
      matched: [{ erpId: '1', shopId: 'a', by: 'customerNumber' }],
      ambiguous,
    })
    expect(match(linkedAs(match(records), records))).toEqual({ ...nothing, ambiguous })
  })

  test('rule 1: an e-mail that an earlier pair has on one side only is not unique either', () => {
    const pair = { name: 'Nord AS', customerNumber: '7' }
    const records = [
      company('erp', '1', { ...pair, email: 'x' }),
      company('erp', '2', { email: 'x' }),
      company('shop', 'a', { ...pair, email: 'y' }),
      company('shop', 'b', { email: 'x' }),
    ]
    expect(match(records)).toMatchObject({
      matched: [{ erpId: '1', shopId: 'a', by: 'customerNumber' }],
      ambiguous: [{ by: 'email', members: ['erp:1', 'erp:2', 'shop:b'] }],
    })
  })

  test('rule 1: who is ambiguous at one key is not linked by a later one', () => {
    const records = [
      company('erp', '1', { organizationNumber: valid[0], customerNumber: '7', name: 'Nord' }),
      company('shop', 'a', { organizationNumber: valid[0], customerNumber: '7', name: 'Nord' }),
      company('shop', 'b', { customerNumber: '7', name: 'Nord' }),
    ]
    expect(match(records)).toMatchObject({ matched: [], ambiguous: [{ by: 'customerNumber' }] })
  })

  test('a customer number counts only when name, e-mail or organisation number agrees too', () => {
    const matchedBy = (erp: Fields, shop: Fields) =>
      match([
        company('erp', '1', { customerNumber: '7', ...erp }),
        company('shop', 'a', { customerNumber: '7', ...shop }),
      ]).matched.map(({ by }) => by)
    expect(matchedBy({ name: 'Nord' }, { name: 'Nord' })).toEqual(['customerNumber'])
    expect(matchedBy({ email: 'x' }, { email: 'x' })).toEqual(['customerNumber'])
    expect(matchedBy({ organizationNumber: '1' }, { organizationNumber: '1' })).toEqual(['customerNumber'])
    expect(matchedBy({ name: 'Nord' }, { name: 'Sør' })).toEqual([])
    expect(matchedBy({ name: null }, { name: null })).toEqual([])
    expect(matchedBy({ name: 'Nord', organizationNumber: '1' }, { name: 'Nord', organizationNumber: '2' })).toEqual([])
  })

  test('an organisation number counts within one country, and not at all when it is invalid', () => {
    const matchedBy = (number: string, erpAddress: string | null, shopAddress: string | null) =>
      match([
        company('erp', '1', { organizationNumber: number, address: erpAddress }),
        company('shop', 'a', { organizationNumber: number, address: shopAddress }),
      ]).matched.map(({ by }) => by)
    expect(matchedBy(valid[0], null, '{"country":"NO"}')).toEqual(['organizationNumber'])
    expect(matchedBy(valid[0], null, '{"country":"SE"}')).toEqual([])
    expect(matchedBy('923609017', null, null)).toEqual([])
  })

  test('an e-mail links companies only when one of them has no organisation number', () => {
    const matchedBy = (erpNumber: string | null, shopNumber: string | null, make = company) =>
      match([
        make('erp', '1', { email: 'x', organizationNumber: erpNumber }),
        make('shop', 'a', { email: 'x', organizationNumber: shopNumber }),
      ]).matched.map(({ by }) => by)
    expect(matchedBy('1', null)).toEqual(['email'])
    expect(matchedBy(null, '1')).toEqual(['email'])
    expect(matchedBy('1', '1')).toEqual([])
    expect(matchedBy('1', '1', person)).toEqual(['email'])
    expect(matchedBy('1', '2', person)).toEqual([])
  })

  test('unlink sticks: two records that were set apart are never proposed again, others are', () => {
    const records = [
      person('erp', '1', { email: 'x' }),
      person('erp', '2', { email: 'x' }),
      person('shop', 'a', { email: 'x' }),
    ]
    expect(match(records, (erpId, shopId) => erpId === '1' && shopId === 'a')).toEqual({
      ...nothing,
      matched: [{ erpId: '2', shopId: 'a', by: 'email' }],
      erpOnly: ['1'],
    })
  })

  test('rule 1: sharing a key with a record that is linked already is ambiguous, not a second link and not a new record', () => {
    const records = [
      person('erp', '1', { email: 'x' }, { linkedTo: 'a' }),
      person('shop', 'a', { email: 'z' }, { linkedTo: '1' }),
      person('shop', 'b', { email: 'x' }),
      person('shop', 'c', { email: 'x' }),
    ]
    expect(match(records)).toEqual({
      ...nothing,
      ambiguous: [
        {
          by: 'email',
          why: 'Another customer with the same e-mail is already linked; link one of them by hand or change the e-mail.',
          members: ['erp:1', 'shop:b', 'shop:c'],
        },
      ],
    })
  })

  test('linked records among themselves need nothing', () => {
    const records = [
      person('erp', '1', { email: 'x' }, { linkedTo: 'a' }),
      person('erp', '2', { email: 'x' }, { linkedTo: 'b' }),
      person('shop', 'a', { email: 'x' }, { linkedTo: '1' }),
      person('shop', 'b', { email: 'x' }, { linkedTo: '2' }),
    ]
    expect(match(records)).toEqual(nothing)
  })
})

describe('matching by reference (rule 12)', () => {
  test('a record that names its counterpart is matched with it before any key is asked', () => {
    const records = [
      person('erp', '1', { email: 'x' }),
      person('erp', '2', { email: 'y' }),
      person('shop', 'a', { email: 'x' }, { reference: '2' }),
    ]
    // The webshop has that e-mail already, so the first customer is not created there (rule 1).
    expect(match(records)).toMatchObject({
      matched: [{ erpId: '2', shopId: 'a', by: 'reference' }],
      ambiguous: [{ by: 'email', members: ['erp:1', 'shop:a'] }],
    })
  })

  test('two records that name each other are matched', () => {
    const records = [person('erp', '1', {}, { reference: 'a' }), person('shop', 'a', {}, { reference: '1' })]
    expect(match(records).matched).toEqual([{ erpId: '1', shopId: 'a', by: 'reference' }])
  })

  test('a reference to a record that does not exist is ignored, and keys are asked', () => {
    const records = [person('erp', '1', { email: 'x' }), person('shop', 'a', { email: 'x' }, { reference: '99' })]
    expect(match(records).matched).toEqual([{ erpId: '1', shopId: 'a', by: 'email' }])
  })

  test('rule 12: two records that name the same one are ambiguous: a copied reference', () => {
    const records = [person('erp', '1', {}), ...['a', 'b'].map((id) => person('shop', id, {}, { reference: '1' }))]
    expect(match(records)).toEqual({
      ...nothing,
      ambiguous: [
        {
          by: 'reference',
          why: 'Copied reference: 3 customers name each other, where two should; link two of them by hand or clear the copy.',
          members: ['erp:1', 'shop:a', 'shop:b'],
        },
      ],
    })
  })

  test('rule 12: a named record that names another is ambiguous', () => {
    const records = [
      person('erp', '1', {}, { reference: 'b' }),
      person('shop', 'a', {}, { reference: '1' }),
      person('shop', 'b', {}),
    ]
    expect(match(records).ambiguous.map(({ members }) => members)).toEqual([['erp:1', 'shop:a', 'shop:b']])
  })

  test('rule 12: a named record that is linked elsewhere is ambiguous', () => {
    const records = [
      person('erp', '1', {}, { linkedTo: 'a' }),
      person('shop', 'a', {}, { linkedTo: '1', reference: '1' }),
      person('shop', 'b', {}, { reference: '1' }),
    ]
    expect(match(records)).toEqual({
      ...nothing,
      ambiguous: [
        {
          by: 'reference',
          why: 'Copied reference: it names a customer that is already linked to another; clear it, or link one of them by hand.',
          members: ['erp:1', 'shop:b'],
        },
      ],
    })
  })

  test('unlink sticks: a reference that was left behind does not link the two again', () => {
    const records = [person('erp', '1', {}), person('shop', 'a', {}, { reference: '1' })]
    expect(match(records, () => true)).toEqual({ ...nothing, erpOnly: ['1'], shopOnly: ['a'] })
  })
})

describe('keys that name the record', () => {
  const product = (side: Side, id: string, fields: Fields, rest: Rest = {}): MatchWorldRecord => ({
    side,
    id,
    canonical: fields,
    reference: rest.reference ?? null,
    linkedTo: rest.linkedTo ?? null,
  })
  const matchProducts = (records: readonly MatchWorldRecord[]) => {
    const { erp, shop } = indexesOf(records, products)
    return matchAll(products, erp, shop, notApart)
  }

  test('a flow of one kind matches all its records with each other', () => {
    expect(entryOf(product('erp', '1', { sku: '007', gtin: null }), products)).toMatchObject({
      within: '',
      keys: { sku: '007', gtin: null },
    })
    const result = matchProducts([
      product('erp', '1', { sku: '007' }),
      product('erp', '2', { sku: '008', gtin: '07038010055720' }),
      product('shop', 'a', { sku: '007' }),
      product('shop', 'b', { sku: 'LAMPE', gtin: '07038010055720' }),
    ])
    expect(result).toEqual({
      ...nothing,
      matched: [
        { erpId: '1', shopId: 'a', by: 'sku' },
        { erpId: '2', shopId: 'b', by: 'gtin' },
      ],
    })
  })

  test('trap an article number that is text: "007" and "7" are two articles', () => {
    const result = matchProducts([product('erp', '1', { sku: '7' }), product('shop', 'a', { sku: '007' })])
    expect(result).toEqual({ ...nothing, erpOnly: ['1'], shopOnly: ['a'] })
  })

  test('rule 1: an article number used twice on one side is ambiguous, candidates or not', () => {
    const twice = [product('erp', '2', { sku: 'A' }), product('erp', '10', { sku: 'A' })]
    expect(matchProducts([...twice, product('erp', '3', { sku: 'B' })])).toEqual({
      ...nothing,
      erpOnly: ['3'],
      ambiguous: [
        {
          by: 'sku',
          why: '2 products in PowerOffice have the same article number; change it on all but one of them.',
          members: ['erp:2', 'erp:10'],
        },
      ],
    })
    expect(matchProducts([...twice, product('shop', 'a', { sku: 'A' })]).ambiguous).toEqual([
      {
        by: 'sku',
        why: '2 products in PowerOffice have the article number of this webshop product; link one of them by hand or change the article number.',
        members: ['erp:2', 'erp:10', 'shop:a'],
      },
    ])
  })

  test('a record without the key shares it with nobody', () => {
    const records = ['1', '2'].map((id) => product('erp', id, { sku: null }))
    expect(matchProducts(records)).toEqual({ ...nothing, erpOnly: ['1', '2'] })
  })

  test('rule 1: an article number that a linked record of the same side has is not created again', () => {
    const result = matchProducts([
      product('erp', '1', { sku: 'A' }, { linkedTo: 'a' }),
      product('erp', '2', { sku: 'A' }),
      product('shop', 'a', { sku: 'A' }, { linkedTo: '1' }),
    ])
    expect(result).toEqual({
      ...nothing,
      ambiguous: [
        {
          by: 'sku',
          why: 'Another product with the same article number is already linked; link one of them by hand or change the article number.',
          members: ['erp:1', 'erp:2', 'shop:a'],
        },
      ],
    })
  })

  test('rule 1: neither is one that a record matched by its reference has', () => {
    const result = matchProducts([
      product('erp', '1', { sku: 'A' }),
      product('erp', '2', { sku: 'A' }),
      product('shop', 'a', { sku: 'B' }, { reference: '1' }),
    ])
    expect(result.matched).toEqual([{ erpId: '1', shopId: 'a', by: 'reference' }])
    expect(result.ambiguous.map(({ members }) => members)).toEqual([['erp:1', 'erp:2']])
    expect(result.erpOnly).toEqual([])
  })

  test('a code of departments that is used twice only matters where there is a candidate', () => {
    const twice = [product('erp', '1', { code: 'OSL' }), product('erp', '2', { code: 'OSL' })]
    const resultOf = (records: readonly MatchWorldRecord[]) => {
      const { erp, shop } = indexesOf(records, departments)
      return matchAll(departments, erp, shop, notApart)
    }
    expect(resultOf(twice)).toEqual({ ...nothing, erpOnly: ['1', '2'] })
    expect(resultOf([...twice, product('shop', 'a', { code: 'OSL' })]).ambiguous.map(({ why }) => why)).toEqual([
      '2 departments in PowerOffice have the code of this webshop department; link one of them by hand or change the code.',
    ])
  })
})

describe('the seeds of the sandboxes', () => {
  /** As PowerOffice shows a seeded customer; those without a number are given one that no other has. */
  function asPowerOfficeShows(customer: ErpSeedCustomer, index: number): JsonObject {
    const { address } = customer
    return {
      IsPerson: customer.kind === 'person',
      Name: customer.name,
      FirstName: customer.firstName,
      LastName: customer.lastName,
      EmailAddress: customer.email,
      PhoneNumber: customer.phone,
      OrganizationNumber: customer.organizationNumber,
      Number: customer.number ?? 900_000 + index,
      MailAddress: address && { ZipCode: address.zip, City: address.city, CountryCode: address.country },
      IsActive: customer.active,
      IsArchived: customer.archived,
    }
  }

  function entryFrom(side: Side, id: string, raw: JsonObject): MatchEntry {
    const rest = { version: null, changedAt: null, groupChangedAt: {}, reference: null, outOfScope: null }
    const record = { kind: 'record', id, raw, ...rest } as const
    const result = toReading({ definition: customers, side, record, clockOffsetMs: 0, withContent: true })
    if (!result.ok) throw new Error(`${side} ${id}: ${result.path} ${result.problem}`)
    const { content } = result.reading
    const entry = content && toMatchEntry(customers, { ...result.reading, content }, null, true)
    if (!entry) throw new Error('a seeded customer takes part')
    return entry
  }

  test('rule 1: every pair that the seeds were made with is found, and two cases are ambiguous', () => {
    const seeds = seedCustomers()
    const expected = seedExpectation()
    const erp = seeds.erp.map((customer, index) => entryFrom('erp', `${index}`, asPowerOfficeShows(customer, index)))
    const shop = seeds.shop.map((customer, index) =>
      entryFrom('shop', `c-${index}`, { ...customer, address: { ...customer.address } }),
    )
    const result = matchAll(customers, createSideIndex('erp', erp), createSideIndex('shop', shop), notApart)
    expect({
      pairs: result.matched.length,
      ambiguousCases: result.ambiguous.length,
      erpOnly: result.erpOnly.length,
      shopOnly: result.shopOnly.length,
    }).toEqual({
      pairs: expected.pairs,
      ambiguousCases: expected.ambiguousCases,
      erpOnly: expected.erpOnly + expected.archivedErpOnly,
      shopOnly: expected.shopOnly + expected.refused,
    })
  })
})

describe('laws of matching', () => {
  const ids = ['1', '2', '3', '4']
  const few = fc.constantFrom('x', 'y', null)
  const fields = fc.record({
    kind: fc.constantFrom('person', 'company', 'company'),
    name: few,
    email: few,
    customerNumber: few,
    organizationNumber: fc.constantFrom(valid[0], valid[1], '923609017', null, null),
    address: fc.constantFrom(null, '{"country":"NO"}', '{"country":"SE"}', null),
  })
  const plan = fc.record({
    fields,
    reference: fc.option(fc.constantFrom(...ids, '99'), { freq: 2 }),
    isLinked: fc.boolean(),
  })
  const side = fc.array(plan, { maxLength: ids.length })
  const productFields = fc.record({ sku: few, gtin: few })
  const productSide = fc.array(
    fc.record({
      fields: productFields,
      reference: fc.option(fc.constantFrom(...ids), { freq: 2 }),
      isLinked: fc.boolean(),
    }),
    { maxLength: ids.length },
  )
  const apartPairs = fc.uniqueArray(fc.constantFrom('1/1', '1/2', '2/1', '3/3'), { maxLength: 2 })
  const productWorld = fc.tuple(productSide, productSide, apartPairs)
  const world = fc.tuple(side, side, apartPairs)

  /** Records with the same place on both sides are linked to each other where both say so. */
  function recordsOf([erp, shop]: [Plan[], Plan[], string[]]): MatchWorldRecord[] {
    const made = (owner: Side, plans: readonly Plan[], others: readonly Plan[]) =>
      plans.map((one, index) => {
        const isLinked = one.isLinked && others[index]?.isLinked === true
        const id = ids[index] ?? ''
        return { side: owner, id, canonical: one.fields, reference: one.reference, linkedTo: isLinked ? id : null }
      })
    return [...made('erp', erp, shop), ...made('shop', shop, erp)]
  }

  interface Plan {
    readonly fields: Fields
    readonly reference: string | null
    readonly isLinked: boolean
  }

  function inWords(result: MatchResult): ReferenceAnswer {
    return {
      matched: result.matched.map(({ by, erpId, shopId }) => `${by} erp:${erpId} shop:${shopId}`).sort(),
      ambiguous: result.ambiguous.map(({ by, members }) => `${by} ${[...members].sort().join(' ')}`).sort(),
      left: [...result.erpOnly.map((id) => `erp:${id}`), ...result.shopOnly.map((id) => `shop:${id}`)].sort(),
    }
  }

  const apartIn = (pairs: readonly string[]) => (erpId: string, shopId: string) => pairs.includes(`${erpId}/${shopId}`)

  test('rule 1, E13: it answers as a matcher that tries every pair', () => {
    const seen = { matched: new Set<string>(), ambiguous: new Set<string>() }
    fc.assert(
      fc.property(world, (plans) => {
        const records = recordsOf(plans)
        const { erp, shop } = indexesOf(records)
        const answer = inWords(matchAll(customers, erp, shop, apartIn(plans[2])))
        expect(answer).toEqual(
          matchByBruteForce(customers, records, isValidNorwegianOrganisationNumber, apartIn(plans[2])),
        )
        for (const line of answer.matched) seen.matched.add(line.split(' ')[0] ?? '')
        for (const line of answer.ambiguous) seen.ambiguous.add(line.split(' ')[0] ?? '')
      }),
      { numRuns: 10_000, seed: 1 },
    )
    const stages = ['customerNumber', 'email', 'organizationNumber', 'reference']
    expect([...seen.matched].sort()).toEqual(stages)
    expect([...seen.ambiguous].sort()).toEqual(stages)
  }, 60_000)

  test('rule 1, E13: so it does where a key names the record', () => {
    const seen = { matched: new Set<string>(), ambiguous: new Set<string>() }
    fc.assert(
      fc.property(productWorld, (plans) => {
        const records = recordsOf(plans)
        const { erp, shop } = indexesOf(records, products)
        const answer = inWords(matchAll(products, erp, shop, apartIn(plans[2])))
        expect(answer).toEqual(matchByBruteForce(products, records, () => true, apartIn(plans[2])))
        for (const line of answer.matched) seen.matched.add(line.split(' ')[0] ?? '')
        for (const line of answer.ambiguous) seen.ambiguous.add(line.split(' ')[0] ?? '')
      }),
      { numRuns: 5_000, seed: 6 },
    )
    const stages = ['gtin', 'reference', 'sku']
    expect([...seen.matched].sort()).toEqual(stages)
    expect([...seen.ambiguous].sort()).toEqual(stages)
  }, 60_000)

  test('rule 1: where a key names the record, no two records of one side that share it are both left to be created', () => {
    fc.assert(
      fc.property(productWorld, (plans) => {
        const records = recordsOf(plans)
        const { erp, shop } = indexesOf(records, products)
        const { erpOnly, shopOnly } = matchAll(products, erp, shop, apartIn(plans[2]))
        const alone = [...erpOnly.map((id) => `erp:${id}`), ...shopOnly.map((id) => `shop:${id}`)]
        for (const record of records) {
          const sku = record.canonical['sku'] ?? null
          const twins = records.filter(
            (other) => other.side === record.side && (other.canonical['sku'] ?? null) === sku,
          )
          const isShared = sku !== null && twins.length > 1
          expect(isShared && alone.includes(`${record.side}:${record.id}`)).toBe(false)
        }
      }),
      { numRuns: 1_000, seed: 7 },
    )
  })

  test('E13: one live record is matched as if all were, in the index or not yet, or there as it was before', () => {
    fc.assert(
      fc.property(world, fields, fc.constantFrom('there', 'new', 'changed'), (plans, earlier, how) => {
        const records = recordsOf(plans)
        const isApart = apartIn(plans[2])
        const { erp, shop } = indexesOf(records)
        const all = matchAll(customers, erp, shop, isApart)
        for (const record of records) {
          const entry = entryOf(record)
          const own = record.side === 'erp' ? erp : shop
          if (how === 'new') own.remove(entry.id)
          if (how === 'changed') own.put(entryOf({ ...record, canonical: earlier, reference: '2' }))
          const one = matchOne(customers, entry, own, record.side === 'erp' ? shop : erp, isApart)
          own.put(entry)
          expect(one).toEqual(answerFor(record, all))
        }
      }),
      { numRuns: 3_000, seed: 2 },
    )
  }, 60_000)

  test('E13: so it is where a key names the record', () => {
    fc.assert(
      fc.property(productWorld, fc.boolean(), (plans, isNew) => {
        const records = recordsOf(plans)
        const isApart = apartIn(plans[2])
        const { erp, shop } = indexesOf(records, products)
        const all = matchAll(products, erp, shop, isApart)
        for (const record of records) {
          const entry = entryOf(record, products)
          const own = record.side === 'erp' ? erp : shop
          if (isNew) own.remove(entry.id)
          const one = matchOne(products, entry, own, record.side === 'erp' ? shop : erp, isApart)
          own.put(entry)
          expect(one).toEqual(answerFor(record, all))
        }
      }),
      { numRuns: 2_000, seed: 8 },
    )
  }, 60_000)

  test.each([
    ['customers', customers, world],
    ['products', products, productWorld],
  ] as const)(
    'rule 1, E13: once what matched is linked, all other %s are answered as before: first load and live agree',
    (_flow, definition, worlds: typeof world | typeof productWorld) => {
      let mattered = 0
      fc.assert(
        fc.property(worlds as typeof world, (plans) => {
          const records = recordsOf(plans)
          const isApart = apartIn(plans[2])
          const answerOf = (all: readonly MatchWorldRecord[]) => {
            const { erp, shop } = indexesOf(all, definition)
            return matchAll(definition, erp, shop, isApart)
          }
          const before = answerOf(records)
          if (before.matched.length > 0 && before.ambiguous.length > 0) mattered++
          expect(answerOf(linkedAs(before, records))).toEqual({ ...before, matched: [] })
        }),
        { numRuns: 5_000, seed: 9 },
      )
      expect(mattered).toBeGreaterThan(100)
    },
    60_000,
  )

  function answerFor({ side, id, linkedTo }: MatchWorldRecord, all: MatchResult) {
    if (linkedTo !== null) return { match: { kind: 'notAsked' }, counterpart: linkedTo }
    const pair = all.matched.find((one) => (side === 'erp' ? one.erpId : one.shopId) === id)
    if (pair) return { match: { kind: 'matched', by: pair.by }, counterpart: side === 'erp' ? pair.shopId : pair.erpId }
    const found = all.ambiguous.find((one) => one.members.includes(`${side}:${id}`))
    if (found) return { match: { kind: 'ambiguous', ...found }, counterpart: null }
    return { match: { kind: 'none' }, counterpart: null }
  }

  test('every record without link is in exactly one list', () => {
    fc.assert(
      fc.property(world, (plans) => {
        const records = recordsOf(plans)
        const { matched, ambiguous, erpOnly, shopOnly } = match(records, apartIn(plans[2]))
        const paired = matched.flatMap(({ erpId, shopId }) => [`erp:${erpId}`, `shop:${shopId}`])
        const named = [
          ...paired,
          // Members that have their counterpart are only in the way.
          ...ambiguous.flatMap(({ members }) => members).filter((member) => !paired.includes(member)),
          ...erpOnly.map((id) => `erp:${id}`),
          ...shopOnly.map((id) => `shop:${id}`),
        ]
        const isUnlinked = (name: string) =>
          records.some((one) => `${one.side}:${one.id}` === name && one.linkedTo === null)
        const expected = records.filter((one) => one.linkedTo === null).map((one) => `${one.side}:${one.id}`)
        expect(named.filter(isUnlinked).sort()).toEqual(expected.sort())
      }),
      { numRuns: 1_000, seed: 3 },
    )
  })

  test('swapping the sides swaps the answer', () => {
    fc.assert(
      fc.property(world, (plans) => {
        const records = recordsOf(plans)
        const swapped = records.map((record) => ({ ...record, side: otherSide(record.side) }))
        const apart = apartIn(plans[2])
        const answer = match(records, apart)
        const other = match(swapped, (erpId, shopId) => apart(shopId, erpId))
        expect(other.erpOnly).toEqual(answer.shopOnly)
        expect(other.shopOnly).toEqual(answer.erpOnly)
        const pairs = (result: MatchResult, [one, two]: ['erpId', 'shopId'] | ['shopId', 'erpId']) =>
          result.matched.map((pair) => `${pair.by} ${pair[one]} ${pair[two]}`).sort()
        expect(pairs(other, ['shopId', 'erpId'])).toEqual(pairs(answer, ['erpId', 'shopId']))
        expect(other.ambiguous).toHaveLength(answer.ambiguous.length)
      }),
      { numRuns: 1_000, seed: 4 },
    )
  })

  test('the order in which records were listed does not matter', () => {
    fc.assert(
      fc.property(world, (plans) => {
        const records = recordsOf(plans)
        expect(match([...records].reverse(), apartIn(plans[2]))).toEqual(match(records, apartIn(plans[2])))
      }),
      { numRuns: 1_000, seed: 5 },
    )
  })

  test('budget: an e-mail shared by thousands on both sides does not compare each with each', () => {
    const many = 3_000
    const shared = (make: typeof person, numberOf: (index: number) => string | null) =>
      Array.from({ length: many }, (_, index) => [
        make('erp', `${index}`, { email: 'ingen@example.no', organizationNumber: numberOf(index) }),
        make('shop', `${index}`, { email: 'ingen@example.no', organizationNumber: numberOf(index + many) }),
      ]).flat()
    let pairs = 0
    const counting = () => {
      pairs += 1
      return false
    }
    expect(
      match(
        shared(person, () => null),
        counting,
      ).ambiguous.map(({ members, why }) => [members.length, why.includes(`${many} customers in PowerOffice`)]),
    ).toEqual([[20, true]])
    expect(
      match(
        shared(company, (index) => `${index}`),
        counting,
      ),
    ).toMatchObject({ matched: [], ambiguous: [] })
    expect(pairs).toBeGreaterThan(0)
    expect(pairs).toBeLessThan(4 * many)
  })

  test('a flow with other keys is matched by its own definition', () => {
    const byPhone: FlowDefinition = {
      ...customers,
      recordName: 'article',
      matchKeys: [{ name: 'phone', field: 'phone' }],
      neverMatchAcross: [],
    }
    const records = ['1', '2']
      .map((id) => person('erp', id, { phone: '+47' }))
      .concat(person('shop', 'a', { phone: '+47' }))
    const { erp, shop } = indexesOf(records, byPhone)
    expect(matchAll(byPhone, erp, shop, notApart).ambiguous.map(({ why }) => why)).toEqual([
      '2 articles in PowerOffice have the phone of this webshop article; link one of them by hand or change the phone.',
    ])
  })
})
