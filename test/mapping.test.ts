import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../activities/connector.ts'
import { readFields } from '../activities/mapping/read-fields.ts'
import { type MutableJsonObject, setAt, valueAt } from '../activities/mapping/vendor-path.ts'
import { writeFields } from '../activities/mapping/write-fields.ts'
import { customers } from '../flows/customers.ts'
import type { FlowDefinition } from '../flows/flow-definition.ts'
import { otherSide, type Side } from '../flows/side.ts'

const erpCompany: JsonObject = {
  IsPerson: false,
  Name: ' Blåbærgården AS',
  FirstName: null,
  LastName: null,
  EmailAddress: 'Post@Blaabaer.example',
  PhoneNumber: '22 33 44 55',
  OrganizationNumber: 'NO 923 609 016 MVA',
  Number: 10042,
  InvoiceEmailAddress: null,
  WebsiteUrl: 'www.blaabaer.example/',
  MailAddress: {
    AddressLine1: 'Storgata 1',
    AddressLine2: null,
    ZipCode: '0150',
    City: 'Oslo',
    CountryCode: null,
  },
  IsActive: true,
  IsArchived: false,
}

const shopPerson: JsonObject = {
  kind: 'person',
  name: 'Kari Ås',
  firstName: 'Kari',
  lastName: 'Ås',
  email: 'kari@example.no',
  phone: null,
  organizationNumber: null,
  customerNumber: '00042',
  invoiceEmail: null,
  website: null,
  address: null,
  active: true,
}

const erpActive = { IsActive: true }
const allFields = customers.fields.map((field) => field.name)

describe('reading fields', () => {
  test('a company of PowerOffice: canonical values, and the form to write where it differs', () => {
    expect(readFields(customers, 'erp', erpCompany)).toEqual({
      canonical: {
        kind: 'company',
        name: 'Blåbærgården AS',
        email: 'post@blaabaer.example',
        phone: '+4722334455',
        organizationNumber: '923609016',
        customerNumber: '10042',
        invoiceEmail: null,
        website: 'https://www.blaabaer.example',
        address: '{"city":"Oslo","country":"NO","line1":"Storgata 1","line2":null,"zip":"0150"}',
        active: 'true',
      },
      written: {
        email: 'Post@Blaabaer.example',
        phone: '22 33 44 55',
        website: 'www.blaabaer.example/',
      },
      problems: [],
      unlinked: [],
    })
  })

  test('a person of the webshop has names and no name; the customer number loses its zeros', () => {
    const { canonical, problems } = readFields(customers, 'shop', shopPerson)
    expect(problems).toEqual([])
    expect(canonical).not.toHaveProperty('name')
    expect(canonical).toMatchObject({
      kind: 'person',
      personName: '{"firstName":"Kari","lastName":"Ås"}',
      customerNumber: '42',
      address: null,
      active: 'true',
    })
  })

  test('trap inverted booleans: active means active and not archived', () => {
    const activeOf = (flags: JsonObject) =>
      readFields(customers, 'erp', { ...erpCompany, ...flags }).canonical['active']
    expect(activeOf({ IsActive: true, IsArchived: false })).toBe('true')
    expect(activeOf({ IsActive: true, IsArchived: true })).toBe('false')
    expect(activeOf({ IsActive: false, IsArchived: false })).toBe('false')
    expect(activeOf({ IsActive: false, IsArchived: true })).toBe('false')
    expect(activeOf({ IsActive: null, IsArchived: true })).toBe('false')
    expect(activeOf({ IsActive: false, IsArchived: null })).toBe('false')
    expect(activeOf({ IsActive: null, IsArchived: false })).toBeNull()
  })

  test('rule 9: an unknown enum value is a problem, and what depends on it is left open', () => {
    const { canonical, problems } = readFields(customers, 'shop', { ...shopPerson, kind: 'robot' })
    expect(problems).toEqual([{ field: 'kind', path: 'kind', problem: 'is not one of person, company' }])
    expect(canonical).not.toHaveProperty('name')
    expect(canonical).not.toHaveProperty('personName')
  })

  test('a record that does not say its kind is a problem: nobody knows which fields it has', () => {
    expect(readFields(customers, 'erp', { ...erpCompany, IsPerson: null }).problems).toEqual([
      { field: 'kind', path: 'IsPerson', problem: 'is empty, so it is unknown what applies' },
    ])
  })

  test('every problem is named with the vendor’s path, and never with the value', () => {
    const raw = {
      ...erpCompany,
      Number: 'abc',
      EmailAddress: 12,
      MailAddress: 'Storgata 1, 0150 Oslo',
      IsArchived: 'no',
    }
    expect(readFields(customers, 'erp', raw).problems).toEqual([
      { field: 'email', path: 'EmailAddress', problem: 'is a number where text is expected' },
      { field: 'customerNumber', path: 'Number', problem: 'is not a whole number' },
      {
        field: 'address',
        path: 'MailAddress.AddressLine1, MailAddress.AddressLine2, MailAddress.ZipCode, MailAddress.City, MailAddress.CountryCode',
        problem: 'has a part, line1, that is a list where text is expected',
      },
      { field: 'active', path: 'IsActive, IsArchived', problem: 'is a string where true or false is expected' },
    ])
  })

  test('a value of a field that does not apply is not even looked at', () => {
    expect(readFields(customers, 'erp', { ...erpCompany, FirstName: 7 }).problems).toEqual([])
  })

  test('an organisation number keeps its spelling when the address is abroad', () => {
    const raw = {
      ...erpCompany,
      OrganizationNumber: ' SE 556703.7485',
      MailAddress: { City: 'Göteborg', CountryCode: 'se' },
    }
    expect(readFields(customers, 'erp', raw).canonical).toMatchObject({
      organizationNumber: 'SE 556703.7485',
      address: '{"city":"Göteborg","country":"SE","line1":null,"line2":null,"zip":null}',
    })
  })

  test('a property that the vendor left out is empty, whatever object it is missing from', () => {
    expect(readFields(customers, 'erp', { IsPerson: false, IsActive: true, IsArchived: false })).toEqual({
      canonical: {
        kind: 'company',
        name: null,
        email: null,
        phone: null,
        organizationNumber: null,
        customerNumber: null,
        invoiceEmail: null,
        website: null,
        address: null,
        active: 'true',
      },
      written: {},
      problems: [],
      unlinked: [],
    })
  })
})

describe('writing fields', () => {
  const content = readFields(customers, 'erp', erpCompany)

  test('towards the webshop: nested, as typed, numbers as text', () => {
    expect(writeFields(customers, 'shop', content, allFields)).toEqual({
      values: {
        kind: 'company',
        name: 'Blåbærgården AS',
        email: 'Post@Blaabaer.example',
        phone: '22 33 44 55',
        organizationNumber: '923609016',
        customerNumber: '10042',
        invoiceEmail: null,
        website: 'www.blaabaer.example/',
        address: { line1: 'Storgata 1', line2: null, zip: '0150', city: 'Oslo', country: 'NO' },
        active: true,
      },
      withheld: [],
    })
  })

  test('towards PowerOffice: a person’s Name is never written, and what is archived is not what is active', () => {
    const person = readFields(customers, 'shop', { ...shopPerson, active: false })
    expect(writeFields(customers, 'erp', person, allFields)).toEqual({
      values: {
        IsPerson: true,
        FirstName: 'Kari',
        LastName: 'Ås',
        EmailAddress: 'kari@example.no',
        PhoneNumber: null,
        OrganizationNumber: null,
        Number: 42,
        InvoiceEmailAddress: null,
        WebsiteUrl: null,
        MailAddress: { AddressLine1: null, AddressLine2: null, ZipCode: null, City: null, CountryCode: null },
        IsArchived: true,
      },
      withheld: [],
    })
    const withName = { canonical: { ...person.canonical, name: 'Kari Ås' }, written: {} }
    expect(writeFields(customers, 'erp', withName, ['name']).values).toEqual({})
  })

  test('rule 6: only the named fields are written', () => {
    expect(writeFields(customers, 'shop', content, ['phone']).values).toEqual({ phone: '22 33 44 55' })
    expect(writeFields(customers, 'shop', content, [])).toEqual({ values: {}, withheld: [] })
  })

  test('an integer beyond what JSON carries exactly stays text', () => {
    const large = { canonical: { customerNumber: '9007199254740993' }, written: {} }
    expect(writeFields(customers, 'erp', large, ['customerNumber']).values).toEqual({ Number: '9007199254740993' })
  })

  test('rule 8: clearing a field that the other side requires is withheld, with a sentence', () => {
    const nameless = { canonical: { ...content.canonical, name: null, email: null }, written: {} }
    expect(writeFields(customers, 'erp', nameless, ['name', 'email'])).toEqual({
      values: { EmailAddress: null },
      withheld: [
        {
          field: 'name',
          kind: 'withheld',
          detail: 'It is empty, but PowerOffice requires it; both values stand until it is filled in again.',
        },
      ],
    })
  })

  test('rule 8: the name of a company that one side shows empty is cleared on neither side', () => {
    const nameless = { canonical: { kind: 'company', name: null, phone: null }, written: {} }
    for (const side of ['erp', 'shop'] as const) {
      const { values, withheld } = writeFields(customers, side, nameless, ['name', 'phone'])
      expect(Object.values(values)).toEqual([null])
      expect(withheld).toMatchObject([{ field: 'name', kind: 'withheld' }])
    }
  })

  test('rule 8: neither true nor false cannot be written', () => {
    const unknown = { canonical: { ...content.canonical, active: null }, written: {} }
    expect(writeFields(customers, 'erp', unknown, ['active']).values).toEqual({})
    expect(writeFields(customers, 'erp', unknown, ['active']).withheld).toHaveLength(1)
  })

  test('rule 9: an address with one line over 200 characters is withheld as a whole from PowerOffice, not from the webshop', () => {
    const withLine = (length: number) =>
      readFields(customers, 'shop', {
        ...shopPerson,
        address: { line1: 'x'.repeat(length), zip: '0150', city: 'Oslo' },
      })
    expect(writeFields(customers, 'erp', withLine(201), ['address', 'email'])).toEqual({
      values: { EmailAddress: 'kari@example.no' },
      withheld: [
        {
          field: 'address',
          kind: 'withheld',
          detail: 'It has 201 characters, but PowerOffice takes at most 200; shorten it, both values stand until then.',
        },
      ],
    })
    expect(writeFields(customers, 'erp', withLine(200), ['address']).withheld).toEqual([])
    expect(writeFields(customers, 'shop', withLine(201), ['address']).withheld).toEqual([])
  })

  test('rule 9: an enum value that the other side cannot say is withheld', () => {
    const department = { canonical: { kind: 'department' }, written: {} }
    expect(writeFields(customers, 'shop', department, ['kind'])).toEqual({
      values: {},
      withheld: [
        { field: 'kind', kind: 'withheld', detail: 'The webshop has no value for this one; both values stand.' },
      ],
    })
  })

  test('the length that counts is that of the form that is written', () => {
    const definition: FlowDefinition = {
      ...customers,
      fields: customers.fields.map((field) => (field.name === 'phone' ? { ...field, maxLength: { erp: 11 } } : field)),
    }
    const spaced = readFields(definition, 'shop', { ...shopPerson, phone: '+47 22 33 44 55' })
    expect(writeFields(definition, 'erp', spaced, ['phone']).withheld).toHaveLength(1)
    const tight = readFields(definition, 'shop', { ...shopPerson, phone: '22334455' })
    expect(writeFields(definition, 'erp', tight, ['phone']).values).toEqual({ PhoneNumber: '22334455' })
  })
})

describe('laws of mapping', () => {
  const text = fc.option(
    fc.constantFrom('Ås', 'A\u030as', ' b ', '007', '', '  ', 'NO 923 609 016 MVA', '22 33 44 55', 'X@Y.no'),
  )
  const shopRecord: fc.Arbitrary<JsonObject> = fc.record({
    kind: fc.constantFrom('person', 'company'),
    name: fc.constantFrom('Nord', 'N\u00e5'),
    firstName: text,
    lastName: fc.constantFrom('Ås', 'Li'),
    email: text,
    phone: text,
    organizationNumber: text,
    customerNumber: fc.constantFrom('007', '42', '', null, 7),
    invoiceEmail: text,
    website: text,
    address: fc.option(
      fc.record({ line1: text, line2: text, zip: text, city: text, country: fc.constantFrom('no', 'NO', 'se', null) }),
    ),
    active: fc.boolean(),
  })

  test('out and back in keeps every mapped field, whichever side it goes to', () => {
    fc.assert(
      fc.property(shopRecord, fc.constantFrom<Side>('erp', 'shop'), (raw, to) => {
        const before = readFields(customers, 'shop', raw)
        expect(before.problems).toEqual([])
        const { values, withheld } = writeFields(customers, to, before, allFields)
        expect(withheld).toEqual([])
        expect(readFields(customers, to, to === 'erp' ? { ...erpActive, ...values } : values)).toEqual(before)
      }),
      { numRuns: 2_000, seed: 1 },
    )
  })

  test('rule 6: a record that travelled to the other side and back is equal, so nothing would be written again', () => {
    fc.assert(
      fc.property(shopRecord, (raw) => {
        let side: Side = 'shop'
        let current = raw
        const first = readFields(customers, 'shop', raw).canonical
        for (let journey = 0; journey < 3; journey++) {
          const fields = readFields(customers, side, current)
          expect(fields.canonical).toEqual(first)
          side = otherSide(side)
          current = { ...erpActive, ...writeFields(customers, side, fields, allFields).values }
        }
      }),
      { numRuns: 500, seed: 2 },
    )
  })

  test('a value that was set at a path is found there, beside what was set before', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
      .map((names) => names.join('.'))
    fc.assert(
      fc.property(path, path, (one, other) => {
        fc.pre(!`${one}.`.startsWith(`${other}.`) && !`${other}.`.startsWith(`${one}.`))
        const values: MutableJsonObject = {}
        setAt(values, one, 1)
        setAt(values, other, 2)
        expect([valueAt(values, one), valueAt(values, other)]).toEqual([1, 2])
      }),
      { seed: 3 },
    )
  })

  test('names that every object has are no properties of a record', () => {
    expect(valueAt({}, 'constructor.name')).toBeUndefined()
    expect(valueAt({ a: null }, 'a.b')).toBeNull()
  })
})
