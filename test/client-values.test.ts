import { describe, expect, test } from 'vitest'
import { jsonPatchOf } from '../client/console/systems/power-office-records.ts'
import type { JsonObject } from '../client/console/systems/system-records.ts'
import { mergePatchOf } from '../client/console/systems/webshop-records.ts'
import { editOf, isEditable } from '../client/console/values/edit-of.ts'
import { readField, recordLabel } from '../client/console/values/field-value.ts'
import { isSameValue } from '../client/console/values/same-value.ts'
import { customers } from '../flows/customers.ts'
import { fieldNamed } from '../flows/flow-definition.ts'

const erpCompany: JsonObject = {
  Id: 1,
  IsPerson: false,
  Name: 'Fjord AS',
  FirstName: null,
  Number: 10_001,
  PhoneNumber: '22 40 91 87',
  OrganizationNumber: 'NO 923 609 016 MVA',
  EmailAddress: 'Post@Fjord.no',
  WebsiteUrl: 'https://fjord.no/',
  IsActive: true,
  IsArchived: false,
  MailAddress: { Id: 7, AddressLine1: 'Gata 1', ZipCode: '0150', City: 'Oslo', CountryCode: null, ExternalCode: 'x' },
}
const shopCompany: JsonObject = {
  id: 'c-1',
  kind: 'company',
  name: 'Fjord AS',
  customerNumber: '10001',
  phone: '0047 22409187',
  organizationNumber: '923609016',
  email: 'post@fjord.no',
  website: 'http://fjord.no',
  active: true,
  address: { line1: 'Gata 1', line2: null, zip: '0150', city: 'Oslo', country: 'NO' },
}

const shown = (name: string, side: 'erp' | 'shop', json: JsonObject) =>
  readField(customers, fieldNamed(customers, name), side, json)
const same = (name: string, erp: JsonObject, shop: JsonObject) =>
  isSameValue(fieldNamed(customers, name), shown(name, 'erp', erp), shown(name, 'shop', shop))

describe('values as people read them', () => {
  test('come from the paths of the definition: enums in its words, groups on one line, inverted flags the right way', () => {
    expect(shown('kind', 'erp', erpCompany)?.text).toBe('company')
    expect(shown('address', 'shop', shopCompany)?.text).toBe('Gata 1, 0150, Oslo, NO')
    expect(shown('active', 'erp', erpCompany)?.text).toBe('true')
    expect(shown('active', 'erp', { ...erpCompany, IsArchived: true })?.text).toBe('false')
    expect(shown('customerNumber', 'erp', erpCompany)?.text).toBe('10001')
  })

  test('are absent where the field does not apply, and empty where it does', () => {
    expect(shown('personName', 'erp', erpCompany)).toBeUndefined()
    expect(shown('invoiceEmail', 'erp', erpCompany)?.text).toBe('')
  })

  test('name the record by the first label field that says something', () => {
    expect(recordLabel(customers, 'shop', shopCompany)).toBe('Fjord AS')
    expect(recordLabel(customers, 'shop', { kind: 'person', firstName: 'Kari', lastName: 'Li' })).toBe('Kari Li')
    expect(recordLabel(customers, 'erp', { IsPerson: false, EmailAddress: 'a@b.no' })).toBe('a@b.no')
  })

  test('differ only where people would say so', () => {
    const names = customers.fields.map((field) => field.name)
    expect(names.filter((name) => !same(name, erpCompany, shopCompany))).toEqual([])
    expect(same('phone', erpCompany, { ...shopCompany, phone: '22409188' })).toBe(false)
    expect(
      same('address', erpCompany, { ...shopCompany, address: { line1: 'Gata 2', zip: '0150', city: 'Oslo' } }),
    ).toBe(false)
  })
})

describe('an edit of a person', () => {
  test('empties with null, and keeps integers of PowerOffice integers', () => {
    expect(editOf(fieldNamed(customers, 'email'), 'erp', { '': '  ' })).toEqual([{ path: 'EmailAddress', value: null }])
    expect(editOf(fieldNamed(customers, 'customerNumber'), 'erp', { '': '10002' })).toEqual([
      { path: 'Number', value: 10_002 },
    ])
    expect(editOf(fieldNamed(customers, 'customerNumber'), 'shop', { '': '10002' })).toEqual([
      { path: 'customerNumber', value: '10002' },
    ])
  })

  test('of an inverted flag is inverted', () => {
    expect(editOf(fieldNamed(customers, 'active'), 'erp', { '': 'false' })).toEqual([
      { path: 'IsArchived', value: true },
    ])
    expect(editOf(fieldNamed(customers, 'active'), 'shop', { '': 'false' })).toEqual([{ path: 'active', value: false }])
  })

  test('of an address at PowerOffice sends the whole address, what is not shown of it included, and no ids', () => {
    const edit = editOf(fieldNamed(customers, 'address'), 'erp', { city: 'Bergen', zip: '5003' })
    expect(jsonPatchOf(erpCompany, edit)).toEqual([
      {
        op: 'replace',
        path: '/MailAddress',
        value: { AddressLine1: 'Gata 1', ZipCode: '5003', City: 'Bergen', CountryCode: null, ExternalCode: 'x' },
      },
    ])
  })

  test('of an address at the webshop sends the parts that were typed', () => {
    const edit = editOf(fieldNamed(customers, 'address'), 'shop', { city: 'Bergen', zip: '5003', line2: '' })
    expect(mergePatchOf(edit)).toEqual({ address: { line2: null, zip: '5003', city: 'Bergen' } })
  })

  test('is not offered for what is fixed when a record is created', () => {
    expect(customers.fields.filter((field) => !isEditable(field)).map((field) => field.name)).toEqual(['kind'])
  })
})
