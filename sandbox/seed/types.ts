/** A customer as somebody typed it: blanks, odd casing and missing fields are on purpose. */
export interface SeedAddress {
  line1: string
  line2: string | null
  zip: string
  city: string
  country: string
}

export interface SeedCustomer {
  kind: 'company' | 'person'
  name: string | null
  firstName: string | null
  lastName: string | null
  email: string | null
  phone: string | null
  organizationNumber: string | null
  invoiceEmail: string | null
  website: string | null
  address: SeedAddress | null
  active: boolean
}

/** `number` null: the ERP gives the next one of its series. */
export interface ErpSeedCustomer extends SeedCustomer {
  number: number | null
  archived: boolean
}

export interface ShopSeedCustomer extends SeedCustomer {
  customerNumber: string | null
  guest: boolean
}

/**
 * What a first match over the seed must find. The groups do not overlap:
 * erp = pairs + erpOnly + archivedErpOnly + 2 per ambiguous case; shop = pairs + shopOnly + refused + 1 per ambiguous case.
 */
export interface SeedExpectation {
  pairs: number
  erpOnly: number
  shopOnly: number
  ambiguousCases: 2
  refused: 3
  archivedErpOnly: number
}

/**
 * What the first load of one flow makes of a seed. The groups do not overlap:
 * erp = pairs + erpOnly + dormantErp + 2 per ambiguous case;
 * shop = pairs + shopOnly + refused + waiting + dormantShop + 1 per ambiguous case.
 */
export interface FlowExpectation {
  /** On both sides: linked. */
  readonly pairs: number
  /** Created in the webshop. */
  readonly erpOnly: number
  /** Created in PowerOffice. */
  readonly shopOnly: number
  /** Cases that a person decides: one record of the webshop, two candidates in PowerOffice. */
  readonly ambiguous: number
  /** Records of the webshop that PowerOffice does not take. */
  readonly refused: number
  /** Records of the webshop that go through as soon as a person has seen to what they need. */
  readonly waiting: number
  /** Without counterpart, and not given one: archived, inactive, invoiced or cancelled before they were first seen. */
  readonly dormantErp: number
  readonly dormantShop: number
}
