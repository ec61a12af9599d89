import { asciiSlug, createIdentitySource, type IdentitySource } from './identity.ts'
import { type SeedOptions, sizeOr, streamOf } from './options.ts'
import { respell, respellEmail, respellOrganizationNumber } from './spelling.ts'
import type { ErpSeedCustomer, SeedCustomer, SeedExpectation, ShopSeedCustomer } from './types.ts'

export type { ErpSeedCustomer, SeedAddress, SeedCustomer, SeedExpectation, ShopSeedCustomer } from './types.ts'

/** How many of each case. Pairs are told apart by the key that links them. */
const demoPlan = {
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

/** Companies of one name and the holders of an ambiguous key: in the ERP whatever the size. */
const erpBesidesPlan = 6
const demoErpCount = 301

type Plan = Readonly<Record<keyof typeof demoPlan, number>>
type NumberInErp = 'given' | 'by series'
type ErpDraft = Omit<ErpSeedCustomer, 'number'> & { numberInErp: NumberInErp; shopTwin: ShopSeedCustomer | null }

interface Draft {
  readonly erp: ErpDraft[]
  readonly shop: ShopSeedCustomer[]
  /** Those that a first load leaves without a counterpart. */
  readonly left: Set<ErpDraft | ShopSeedCustomer>
  pairs: number
}

export interface CustomerSeed {
  readonly erp: ErpSeedCustomer[]
  readonly shop: ShopSeedCustomer[]
  /** Indices of customers that are active and will have a counterpart, so that an order on them can travel. */
  readonly orderable: { readonly erp: readonly number[]; readonly shop: readonly number[] }
  /** Counted while building, so that the numbers follow the plan and not the matcher under test. */
  readonly expectation: SeedExpectation
}

/** Two lists of customers, most of them the same people spelled differently. The same on every call and every machine. */
export function seedCustomers(options: SeedOptions = {}): { erp: ErpSeedCustomer[]; shop: ShopSeedCustomer[] } {
  const { erp, shop } = buildCustomers(options)
  return { erp, shop }
}

export function seedExpectation(options: SeedOptions = {}): SeedExpectation {
  return buildCustomers(options).expectation
}

export function buildCustomers(options: SeedOptions = {}): CustomerSeed {
  const source = createIdentitySource(streamOf(options, 'customers'))
  const plan = planned(options)
  const draft: Draft = { erp: [], shop: [], left: new Set(), pairs: 0 }
  addPairs(source, draft, plan)
  addSameNameDifferentCompany(source, draft)
  const erpBefore = draft.erp.length
  addErpOnly(source, draft, plan)
  const erpOnly = draft.erp.slice(erpBefore).filter((customer) => !customer.archived).length + 1
  const archivedErpOnly = draft.erp.slice(erpBefore).filter((customer) => customer.archived).length
  const shopBefore = draft.shop.length
  addShopOnly(source, draft, plan)
  const shopOnly = draft.shop.length - shopBefore
  const erpSettled = draft.erp.length
  const shopSettled = draft.shop.length
  addRefused(source, draft, plan)
  addAmbiguousPerson(source, draft)
  addAmbiguousCompany(source, draft)
  for (const customer of draft.erp.filter((one, index) => one.archived || index >= erpSettled)) draft.left.add(customer)
  for (const customer of draft.shop.slice(shopSettled)) draft.left.add(customer)
  const erp = source.faker.helpers.shuffle(draft.erp)
  const numberedErp = numbered(source, erp)
  const shop = source.faker.helpers.shuffle(draft.shop)
  const orderable = <T extends ErpDraft | ShopSeedCustomer>(list: readonly T[]) =>
    list.flatMap((customer, index) => (customer.active && !draft.left.has(customer) ? [index] : []))
  return {
    erp: numberedErp,
    shop,
    orderable: { erp: orderable(erp), shop: orderable(shop) },
    expectation: { pairs: draft.pairs, erpOnly, shopOnly, ambiguousCases: 2, refused: 3, archivedErpOnly },
  }
}

/** The demo's proportions at another size; what people must look at stays as much. */
function planned(options: SeedOptions): Plan {
  const erpCount = sizeOr(options, demoErpCount)
  if (erpCount === demoErpCount) return demoPlan
  const entries = Object.entries(demoPlan).map(([part, count]) => [
    part,
    part === 'shopRefused' ? count : Math.round((count * erpCount) / demoErpCount),
  ])
  const scaled = Object.fromEntries(entries) as Record<keyof typeof demoPlan, number>
  const inErp = Object.entries(scaled).filter(([part]) => !part.startsWith('shop'))
  const missing = erpCount - erpBesidesPlan - inErp.reduce((sum, [, count]) => sum + count, 0)
  return { ...scaled, personsLinkedByEmail: scaled.personsLinkedByEmail + missing }
}

function addPairs(source: IdentitySource, draft: Draft, plan: Plan): void {
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

function addErpOnly(source: IdentitySource, draft: Draft, plan: Plan): void {
  for (let i = 0; i < plan.erpOnlyCompanies; i += 1) draft.erp.push(erpOnly(sometimesBare(source, company(source))))
  for (let i = 0; i < plan.erpOnlyPersons; i += 1) draft.erp.push(erpOnly(sometimesBare(source, person(source))))
  for (let i = 0; i < plan.erpArchived; i += 1) {
    const customer = i % 2 === 0 ? company(source) : person(source)
    draft.erp.push({ ...erpOnly(customer), archived: true })
  }
}

function addShopOnly(source: IdentitySource, draft: Draft, plan: Plan): void {
  for (let i = 0; i < plan.shopOnlyCompanies; i += 1) {
    draft.shop.push(shopOnly(respell(source.faker, sometimesBare(source, company(source)))))
  }
  for (let i = 0; i < plan.shopOnlyPersons; i += 1) {
    draft.shop.push(shopOnly(respell(source.faker, sometimesBare(source, person(source)))))
  }
  for (let i = 0; i < plan.shopGuests; i += 1) draft.shop.push({ ...shopOnly(person(source)), guest: true })
}

function addRefused(source: IdentitySource, draft: Draft, plan: Plan): void {
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
  // A number series of 10,000 leaves no room for a load and the numbers that it is to give out.
  let next = drafts.length > 5_000 ? 100_000 : 10_000
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
