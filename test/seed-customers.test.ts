import { describe, expect, test } from 'vitest'
import {
  type ErpSeedCustomer,
  type SeedCustomer,
  type ShopSeedCustomer,
  seedCustomers,
  seedExpectation,
} from '../sandbox/seed/customers.ts'

// A matcher of its own, slow and plain, written from docs/rules.md: it shares nothing with the seed nor with the engine.

function digitsOf(number: string | null): string | null {
  const compact = (number ?? '').replace(/[\s.]/g, '').toUpperCase()
  return compact === '' ? null : compact.replace(/^NO/, '').replace(/MVA$/, '')
}

function isMod11(digits: string | null): boolean {
  if (!digits || !/^[0-9]{9}$/.test(digits)) return false
  const weighted = [3, 2, 7, 6, 5, 4, 3, 2, 1].map((weight, place) => weight * Number(digits[place]))
  return weighted.reduce((sum, part) => sum + part, 0) % 11 === 0
}

const emailOf = (customer: SeedCustomer) => customer.email?.trim().toLowerCase() || null
const countryOf = (customer: SeedCustomer) => customer.address?.country.trim().toUpperCase() || 'NO'
const validOrganizationNumberOf = (customer: SeedCustomer) => {
  const digits = digitsOf(customer.organizationNumber)
  return isMod11(digits) && countryOf(customer) === 'NO' ? digits : null
}
const nameOf = (customer: SeedCustomer) =>
  (customer.kind === 'company'
    ? (customer.name ?? '')
    : `${(customer.firstName ?? '').trim()} ${(customer.lastName ?? '').trim()}`
  )
    .trim()
    .toLowerCase()

const sameFilled = (one: string | null, other: string | null) => one !== null && one === other

function excluded(erp: ErpSeedCustomer, shop: ShopSeedCustomer): boolean {
  const one = digitsOf(erp.organizationNumber)
  const other = digitsOf(shop.organizationNumber)
  return erp.kind !== shop.kind || (one !== null && other !== null && one !== other)
}

type Key = (erp: ErpSeedCustomer, shop: ShopSeedCustomer) => boolean

const byNumber: Key = (erp, shop) =>
  erp.number !== null &&
  shop.customerNumber === String(erp.number) &&
  (nameOf(erp) === nameOf(shop) ||
    sameFilled(emailOf(erp), emailOf(shop)) ||
    sameFilled(digitsOf(erp.organizationNumber), digitsOf(shop.organizationNumber)))
const byOrganizationNumber: Key = (erp, shop) =>
  erp.kind === 'company' &&
  countryOf(erp) === countryOf(shop) &&
  sameFilled(validOrganizationNumberOf(erp), validOrganizationNumberOf(shop))
const byEmail: Key = (erp, shop) =>
  sameFilled(emailOf(erp), emailOf(shop)) &&
  (erp.kind === 'person' || erp.organizationNumber === null || shop.organizationNumber === null)

function matchAll(erp: readonly ErpSeedCustomer[], shop: readonly ShopSeedCustomer[]) {
  const pairs: [ErpSeedCustomer, ShopSeedCustomer][] = []
  const ambiguous: { shop: ShopSeedCustomer; erp: readonly ErpSeedCustomer[] }[] = []
  for (const customer of shop) {
    for (const key of [byNumber, byOrganizationNumber, byEmail]) {
      const candidates = erp.filter((candidate) => !excluded(candidate, customer) && key(candidate, customer))
      const [first] = candidates
      if (!first) continue
      if (candidates.length === 1) pairs.push([first, customer])
      else ambiguous.push({ shop: customer, erp: candidates })
      break
    }
  }
  return { pairs, ambiguous }
}

const { erp, shop } = seedCustomers()
const { pairs, ambiguous } = matchAll(erp, shop)
const expectation = seedExpectation()
const pairedErp = new Set(pairs.map(([customer]) => customer))
const pairedShop = new Set(pairs.map(([, customer]) => customer))
const ambiguousErp = new Set(ambiguous.flatMap((found) => found.erp))
const ambiguousShop = new Set(ambiguous.map((found) => found.shop))
const isRefused = (customer: ShopSeedCustomer) => {
  const digits = digitsOf(customer.organizationNumber)
  return digits !== null && countryOf(customer) === 'NO' && !isMod11(digits)
}

function repeated(values: readonly (string | null)[]): string[] {
  const filled = values.filter((value) => value !== null)
  return [...new Set(filled.filter((value, index) => filled.indexOf(value) !== index))]
}

describe('the customer seed', () => {
  test('is the same on every call', () => {
    expect(seedCustomers()).toEqual({ erp, shop })
  })

  test('has about 300 customers in the ERP and 250 in the shop, about 200 of them on both sides', () => {
    expect(erp.length).toBeGreaterThan(290)
    expect(erp.length).toBeLessThan(310)
    expect(shop.length).toBeGreaterThan(240)
    expect(shop.length).toBeLessThan(260)
    expect(pairs.length).toBeGreaterThan(190)
  })

  test('holds what it says it holds, counted by a matcher of its own', () => {
    expect({
      pairs: pairs.length,
      erpOnly: erp.filter((one) => !pairedErp.has(one) && !ambiguousErp.has(one) && !one.archived).length,
      shopOnly: shop.filter((one) => !pairedShop.has(one) && !ambiguousShop.has(one) && !isRefused(one)).length,
      ambiguousCases: ambiguous.length,
      refused: shop.filter(isRefused).length,
      archivedErpOnly: erp.filter((one) => !pairedErp.has(one) && one.archived).length,
    }).toEqual(expectation)
  })

  test('pairs no customer twice', () => {
    expect(pairedErp.size).toBe(pairs.length)
    expect(pairedShop.size).toBe(pairs.length)
    expect([...ambiguousErp].filter((one) => pairedErp.has(one))).toEqual([])
  })

  test('is ambiguous twice: one e-mail of two persons and one organisation number of two companies', () => {
    const cases = ambiguous.map((found) => ({ kind: found.shop.kind, holders: found.erp.length }))
    expect(cases.sort((one, other) => one.kind.localeCompare(other.kind))).toEqual([
      { kind: 'company', holders: 2 },
      { kind: 'person', holders: 2 },
    ])
  })

  test('has every e-mail and organisation number once a side, the ambiguous two aside', () => {
    expect(repeated(shop.map(emailOf))).toEqual([])
    expect(repeated(shop.map((one) => digitsOf(one.organizationNumber)))).toEqual([])
    const shared = (kind: string) => [...ambiguousShop].filter((one) => one.kind === kind)
    expect(repeated(erp.map(emailOf))).toEqual(shared('person').map(emailOf))
    expect(repeated(erp.map((one) => digitsOf(one.organizationNumber)))).toEqual(
      shared('company').map((one) => digitsOf(one.organizationNumber)),
    )
  })

  test('refuses three shop companies for their check digit and nothing else', () => {
    const refused = shop.filter(isRefused)
    expect(refused.map((one) => [one.kind, /^\d{9}$/.test(one.organizationNumber ?? '')])).toEqual([
      ['company', true],
      ['company', true],
      ['company', true],
    ])
    expect(refused.filter((one) => pairedShop.has(one))).toEqual([])
    expect(erp.filter((one) => one.organizationNumber !== null && !isMod11(digitsOf(one.organizationNumber)))).toEqual(
      [],
    )
  })

  test('is acceptable to a shop that wants full names, valid e-mails and unique customer numbers', () => {
    const nameless = [...erp, ...shop].filter((one) =>
      one.kind === 'company' ? !one.name?.trim() : !one.firstName?.trim() || !one.lastName?.trim(),
    )
    expect(nameless).toEqual([])
    const emails = [...erp, ...shop].flatMap((one) => [one.email, one.invoiceEmail]).filter((email) => email !== null)
    expect(emails.filter((email) => !/^[a-z0-9.]+@[a-z0-9]+\.example$/i.test(email))).toEqual([])
    expect(repeated(erp.map((one) => (one.number === null ? null : String(one.number))))).toEqual([])
    expect(repeated(shop.map((one) => one.customerNumber))).toEqual([])
    const numbers = new Set(erp.map((one) => String(one.number)))
    expect(shop.filter((one) => one.customerNumber !== null && !numbers.has(one.customerNumber))).toEqual([])
  })

  test('shares an e-mail between the sides only where the two are a pair or the ambiguous case', () => {
    const shopByEmail = new Map(shop.map((one) => [emailOf(one), one]))
    const strangers = erp.filter((one) => {
      const holder = emailOf(one) === null ? undefined : shopByEmail.get(emailOf(one))
      if (!holder || ambiguousShop.has(holder)) return false
      return !pairs.some(([paired, twin]) => paired === one && twin === holder)
    })
    expect(strangers).toEqual([])
  })

  test('has the oddities that people type', () => {
    const both = [...erp, ...shop]
    const counts = {
      namesWithNorwegianLetters: both.filter((one) => /[æøå]/i.test(nameOf(one))).length,
      blanksRoundNames: shop.filter((one) => /^\s|\s$/.test(one.name ?? one.lastName ?? '')).length,
      lowerCaseForm: shop.filter((one) => / as$/.test(one.name ?? '')).length,
      vatNumbers: shop.filter((one) => /^NO \d{3} \d{3} \d{3} MVA$/.test(one.organizationNumber ?? '')).length,
      foreignPrefixPhones: shop.filter((one) => one.phone?.startsWith('+47 ')).length,
      lowerCaseCountries: shop.filter((one) => one.address?.country === 'no').length,
      upperCaseEmails: shop.filter((one) => one.email !== null && one.email !== one.email.toLowerCase()).length,
      withoutEmail: both.filter((one) => one.email === null).length,
      guests: shop.filter((one) => one.guest).length,
      archived: erp.filter((one) => one.archived).length,
      numberedByTheErp: erp.filter((one) => one.number === null).length,
    }
    expect(Object.entries(counts).filter(([, count]) => count < 3)).toEqual([])
  })

  test('has two ERP companies of one name with different organisation numbers', () => {
    const names = erp.filter((one) => one.kind === 'company').map((one) => one.name)
    const [name] = repeated(names)
    const numbers = erp.filter((one) => one.name === name).map((one) => one.organizationNumber)
    expect(new Set(numbers).size).toBe(2)
  })

  test('has phone numbers of eight digits once prefix and blanks are gone', () => {
    const phones = [...erp, ...shop].map((one) => one.phone).filter((phone) => phone !== null)
    const odd = phones.filter((phone) => !/^[2-9]\d{7}$/.test(phone.replace(/^(\+47|0047)/, '').replaceAll(' ', '')))
    expect(odd).toEqual([])
    expect(phones.length).toBeGreaterThan(400)
  })
})
