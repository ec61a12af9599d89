import { asciiSlug, createIdentitySource, type IdentitySource } from './identity.ts'
import { respell, respellEmail, respellOrganizationNumber } from './spelling.ts'
import type { ErpSeedCustomer, SeedCustomer, SeedExpectation, ShopSeedCustomer } from './types.ts'

export type { ErpSeedCustomer, SeedAddress, SeedCustomer, SeedExpectation, ShopSeedCustomer } from './types.ts'

// Any fixed number does; changing it changes every name, and with that the screenshots in the documentation.
const fakerSeed = 20261101

/** How many of each case. Pairs are told apart by the key that links them. */
const plan = {
  companiesLinkedByOrganizationNumber: 68,
  companiesLinkedByNumberToo: 24,
  companiesLinkedByEmail: 14,
  foreignCompaniesLinkedByNumber: 3,
  personsLinkedByEmail: 66,
  personsLinkedByNumberToo: 18,
  personsLinkedByNumberOnly: 8,
  erpOnlyCompanies: 52,
  erpOnlyPersons: 36,
  erpArchived: 6,
  shopOnlyCompanies: 17,
  shopOnlyPersons: 22,
  shopGuests: 5,
  shopRefused: 3,
} as const

type NumberInErp = 'given' | 'by series'
type ErpDraft = Omit<ErpSeedCustomer, 'number'> & { numberInErp: NumberInErp; shopTwin: ShopSeedCustomer | null }

interface Draft {
  readonly erp: ErpDraft[]
  readonly shop: ShopSeedCustomer[]
  pairs: number
}

/** Two lists of customers, most of them the same people spelled differently. The same on every call and every machine. */
export function seedCustomers(): { erp: ErpSeedCustomer[]; shop: ShopSeedCustomer[] } {
  const { erp, shop } = build()
  return { erp, shop }
}

/** Counted while building, so that the numbers follow the plan and not the matcher under test. */
export function seedExpectation(): SeedExpectation {
  return build().expectation
}

function build(): { erp: ErpSeedCustomer[]; shop: ShopSeedCustomer[]; expectation: SeedExpectation } {
  const source = createIdentitySource(fakerSeed)
  const draft: Draft = { erp: [], shop: [], pairs: 0 }
  addPairs(source, draft)
  addSameNameDifferentCompany(source, draft)
  const erpBefore = draft.erp.length
  addErpOnly(source, draft)
  const erpOnly = draft.erp.slice(erpBefore).filter((customer) => !customer.archived).length + 1
  const archivedErpOnly = draft.erp.slice(erpBefore).filter((customer) => customer.archived).length
  const shopBefore = draft.shop.length
  addShopOnly(source, draft)
  const shopOnly = draft.shop.length - shopBefore
  addRefused(source, draft)
  addAmbiguousPerson(source, draft)
  addAmbiguousCompany(source, draft)
  return {
    erp: numbered(source, source.faker.helpers.shuffle(draft.erp)),
    shop: source.faker.helpers.shuffle(draft.shop),
    expectation: { pairs: draft.pairs, erpOnly, shopOnly, ambiguousCases: 2, refused: 3, archivedErpOnly },
  }
}

function addPairs(source: IdentitySource, draft: Draft): void {
  for (let i = 0; i < plan.companiesLinkedByOrganizationNumber; i += 1) addPair(source, draft, company(source))
  for (let i = 0; i < plan.companiesLinkedByNumberToo; i += 1) addPair(source, draft, company(source), { number: true })
  for (let i = 0; i < plan.companiesLinkedByEmail; i += 1) {
    const lacking = i % 2 === 0 ? 'erp' : 'shop'
    addPair(
      source,
      draft,
      { ...company(source), email: companyEmail(source) },
      { organizationNumberMissingIn: lacking },
    )
  }
  for (let i = 0; i < plan.foreignCompaniesLinkedByNumber; i += 1) {
    addPair(source, draft, foreignCompany(source), { number: true, sameSpelling: true })
  }
  for (let i = 0; i < plan.personsLinkedByEmail; i += 1) addPair(source, draft, person(source))
  for (let i = 0; i < plan.personsLinkedByNumberToo; i += 1) addPair(source, draft, person(source), { number: true })
  for (let i = 0; i < plan.personsLinkedByNumberOnly; i += 1) {
    // The name is all that backs the number here, so it is spelled alike on both sides.
    addPair(source, draft, { ...person(source), email: null }, { number: true, sameSpelling: true })
  }
}

interface PairOptions {
  readonly number?: boolean
  readonly sameSpelling?: boolean
  readonly organizationNumberMissingIn?: 'erp' | 'shop'
}

function addPair(source: IdentitySource, draft: Draft, customer: SeedCustomer, options: PairOptions = {}): void {
  const { faker } = source
  const lacking = options.organizationNumberMissingIn
  const inErp = {
    ...customer,
    organizationNumber: lacking === 'erp' ? null : customer.organizationNumber,
    phone: faker.datatype.boolean(0.9) ? customer.phone : null,
  }
  const respelled = options.sameSpelling ? customer : respell(faker, customer)
  const twin: ShopSeedCustomer = {
    ...respelled,
    organizationNumber: lacking === 'shop' ? null : respelled.organizationNumber,
    active: faker.datatype.boolean(0.97),
    // Filled in by `numbered`, once the ERP's numbers are known.
    customerNumber: null,
    guest: false,
  }
  draft.erp.push({
    ...inErp,
    archived: false,
    numberInErp: options.number || faker.datatype.boolean(0.93) ? 'given' : 'by series',
    shopTwin: options.number ? twin : null,
  })
  draft.shop.push(twin)
  draft.pairs += 1
}

/** Two companies of one name in the ERP, of which the shop knows one: a name is no key, the organisation number is. */
function addSameNameDifferentCompany(source: IdentitySource, draft: Draft): void {
  const known = company(source)
  addPair(source, draft, known)
  draft.erp.push(erpOnly({ ...company(source), name: known.name }))
}

function addErpOnly(source: IdentitySource, draft: Draft): void {
  for (let i = 0; i < plan.erpOnlyCompanies; i += 1) draft.erp.push(erpOnly(sometimesBare(source, company(source))))
  for (let i = 0; i < plan.erpOnlyPersons; i += 1) draft.erp.push(erpOnly(sometimesBare(source, person(source))))
  for (let i = 0; i < plan.erpArchived; i += 1) {
    const customer = i % 2 === 0 ? company(source) : person(source)
    draft.erp.push({ ...erpOnly(customer), archived: true })
  }
}

function addShopOnly(source: IdentitySource, draft: Draft): void {
  for (let i = 0; i < plan.shopOnlyCompanies; i += 1) {
    draft.shop.push(shopOnly(respell(source.faker, sometimesBare(source, company(source)))))
  }
  for (let i = 0; i < plan.shopOnlyPersons; i += 1) {
    draft.shop.push(shopOnly(respell(source.faker, sometimesBare(source, person(source)))))
  }
  for (let i = 0; i < plan.shopGuests; i += 1) draft.shop.push({ ...shopOnly(person(source)), guest: true })
}

function addRefused(source: IdentitySource, draft: Draft): void {
  for (let i = 0; i < plan.shopRefused; i += 1) {
    const organizationNumber = source.organizationNumberWithWrongCheckDigit()
    draft.shop.push(shopOnly({ ...company(source), organizationNumber }))
  }
}

/** A couple sharing a mailbox: two persons in the ERP, one account in the shop. */
function addAmbiguousPerson(source: IdentitySource, draft: Draft): void {
  const first = person(source)
  const email = source.email(`familien.${asciiSlug(first.lastName ?? '')}`, 'fjordnett.example')
  const second = { ...person(source), lastName: first.lastName, address: first.address }
  draft.erp.push(erpOnly({ ...first, email }), erpOnly({ ...second, email: respellEmail(source.faker, email) }))
  draft.shop.push(shopOnly({ ...respell(source.faker, { ...first, email }), phone: null }))
}

/** A company entered twice in the ERP, once per branch, under one organisation number. */
function addAmbiguousCompany(source: IdentitySource, draft: Draft): void {
  const head = company(source)
  const digits = head.organizationNumber ?? ''
  const branch = { ...company(source), name: `${head.name} avd. Bodø`, organizationNumber: digits }
  draft.erp.push(erpOnly(head), erpOnly(branch))
  draft.shop.push(
    shopOnly({
      ...respell(source.faker, head),
      email: companyEmail(source),
      organizationNumber: respellOrganizationNumber(source.faker, digits),
    }),
  )
}

function numbered(source: IdentitySource, drafts: readonly ErpDraft[]): ErpSeedCustomer[] {
  let next = 10000
  return drafts.map(({ numberInErp, shopTwin, ...customer }) => {
    // Gaps, as left by deleted customers.
    next += source.faker.datatype.boolean(0.1) ? 2 : 1
    const number = numberInErp === 'given' ? next : null
    if (shopTwin && number !== null) shopTwin.customerNumber = String(number)
    return { ...customer, number }
  })
}

function erpOnly(customer: SeedCustomer): ErpDraft {
  return { ...customer, archived: false, numberInErp: 'given', shopTwin: null }
}

function shopOnly(customer: SeedCustomer): ShopSeedCustomer {
  return { ...customer, customerNumber: null, guest: false }
}

/** Some records hold little more than a name. */
function sometimesBare(source: IdentitySource, customer: SeedCustomer): SeedCustomer {
  const without = (probability: number) => source.faker.datatype.boolean(probability)
  return {
    ...customer,
    email: without(0.12) ? null : customer.email,
    phone: without(0.12) ? null : customer.phone,
    address: without(0.1) ? null : customer.address,
    organizationNumber: without(0.08) ? null : customer.organizationNumber,
  }
}

function company(source: IdentitySource): SeedCustomer {
  const name = source.companyName()
  const host = `${asciiSlug(name.replace(/ \w+$/, ''))}.example`
  const { faker } = source
  return {
    kind: 'company',
    name,
    firstName: null,
    lastName: null,
    email: source.email(faker.helpers.arrayElement(['post', 'kontakt', 'ordre']), host),
    phone: source.phone(),
    organizationNumber: source.organizationNumber(),
    invoiceEmail: faker.helpers.maybe(() => source.email('faktura', host), { probability: 0.35 }) ?? null,
    website: faker.helpers.maybe(() => `https://www.${host}`, { probability: 0.5 }) ?? null,
    address: source.address(),
    active: true,
  }
}

// A Swedish number is not checked by Norwegian rules and is no match key, so it is left out; ERP number and name link these.
function foreignCompany(source: IdentitySource): SeedCustomer {
  const city = source.faker.helpers.arrayElement([
    { zip: '411 03', city: 'Göteborg' },
    { zip: '111 22', city: 'Stockholm' },
  ])
  return {
    ...company(source),
    organizationNumber: null,
    phone: null,
    address: {
      line1: `Storgatan ${source.faker.number.int({ min: 1, max: 90 })}`,
      line2: null,
      ...city,
      country: 'SE',
    },
  }
}

function person(source: IdentitySource): SeedCustomer {
  const name = source.personName()
  return {
    kind: 'person',
    name: null,
    ...name,
    email: source.personEmail(name),
    phone: source.phone(),
    organizationNumber: null,
    invoiceEmail: null,
    website: null,
    address: source.address(),
    active: true,
  }
}

function companyEmail(source: IdentitySource): string {
  return source.email(`innkjop.${source.faker.string.numeric(4)}`, 'handel.example')
}
