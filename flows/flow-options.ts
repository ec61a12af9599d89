import type { CreationPolicy, FlowName } from './flow-definition.ts'
import type { Side } from './side.ts'

/**
 * What a company chooses about its dataflows, beside addresses and keys (flows/settings.ts). Everything has a default, so
 * that an empty object is a whole choice. Plain JSON: it travels to the connectors and, as far as decisions need it, into the
 * flows' state.
 */
export interface CompanyOptions {
  /** At linking: both sides filled and different (rule 2). */
  readonly firstAgreement: 'erp' | 'shop' | 'latest' | 'ask'
  /** Inactive, archived, invoiced and cancelled records are created on the other side, too (rule 4a). */
  readonly createInactive: boolean
  /** Creation per flow and receiving side, where it differs from the flow's own (rule 4d). */
  readonly creation: { readonly [flow in FlowName]?: { readonly [side in Side]?: CreationPolicy } }
  readonly customers: {
    /** A person with one name only: `dash` sends "-" as first name, `refuse` lists the record. */
    readonly singleName: 'dash' | 'refuse'
    /** Guest checkouts: customers like others, all on one customer (`collective:<webshop id>`), or left out. */
    readonly guests: 'create' | 'leave-out' | `collective:${string}`
    /** `active` travels both ways instead of from PowerOffice only. */
    readonly activeBothWays: boolean
  }
  readonly products: {
    /** VAT rate in percent, as text, to the sales account of new products in PowerOffice. */
    readonly vatAccounts: Readonly<Record<string, number>>
    readonly stock: 'erp' | 'off'
  }
  readonly salesOrders: {
    /** When a webshop order takes part. */
    readonly push: 'placed' | 'paid' | 'confirmed'
    /** YYYY-MM-DD: older orders are not created on the other side (rule 4b). null: all take part. */
    readonly since: string | null
    /** Line kind, optionally with a VAT rate (`shipping`, `shipping:15`), to the code of PowerOffice's article. */
    readonly lineProducts: Readonly<Record<string, string>>
    /** The webshop's payment.method to PowerOffice's payment term, by its id. */
    readonly paymentTerms: Readonly<Record<string, number>>
    /** An order cancelled in the webshop: its draft in PowerOffice is deleted after approval, or at once. */
    readonly cancelDrafts: 'approve' | 'atOnce'
    /** The webshop's edit of an order that PowerOffice has confirmed: listed, or carried over by setting it back to draft for that long. */
    readonly editConfirmed: 'list' | 'reopen'
    /** A new order whose totals differ by rounding only gets a line on the article of kind `rounding` in PowerOffice. */
    readonly roundingLine: 'off' | 'on'
  }
  /** Values set once, at creation in PowerOffice, by flow and property (rule 11). */
  readonly createWith: { readonly [flow in FlowName]?: Readonly<Record<string, SetOnce>> }
  /** Which records take part, by what their own side shows of them (rule 4c). An empty list is no filter. */
  readonly scope: { readonly erp: ErpScope; readonly shop: ShopScope }
}

export type SetOnce = string | number | boolean | readonly number[]

export interface ErpScope {
  /** Customers that are in one of these contact groups. */
  readonly contactGroupIds: readonly number[]
  /** Products of these product groups. */
  readonly productGroupCodes: readonly string[]
  /** Departments with these codes, and orders of these departments. */
  readonly departmentCodes: readonly string[]
  /** Only orders that this integration made; what people make in PowerOffice stays there. */
  readonly onlyCreatedByCurrentIntegration: boolean
}

export interface ShopScope {
  /** Of customers: `company`, `person`, `department`. */
  readonly kinds: readonly string[]
  /** Of products. */
  readonly categories: readonly string[]
  /** Of orders. */
  readonly statuses: readonly string[]
  /** Of orders: `payment.status`. */
  readonly paymentStatuses: readonly string[]
}

export const defaultOptions: CompanyOptions = {
  firstAgreement: 'erp',
  createInactive: false,
  creation: {},
  customers: { singleName: 'dash', guests: 'create', activeBothWays: false },
  products: { vatAccounts: { '25': 3000, '15': 3020, '12': 3030, '0': 3100 }, stock: 'erp' },
  salesOrders: {
    push: 'placed',
    since: null,
    lineProducts: {
      shipping: 'FRAKT',
      'shipping:15': 'FRAKT15',
      'shipping:0': 'FRAKT0',
      payment: 'GEBYR',
      discount: 'RABATT',
      'discount:15': 'RABATT15',
      'discount:12': 'RABATT12',
      'discount:0': 'RABATT0',
      giftcard: 'GAVEKORT',
      rounding: 'AVRUNDING',
    },
    paymentTerms: {},
    cancelDrafts: 'approve',
    editConfirmed: 'list',
    roundingLine: 'off',
  },
  createWith: {},
  scope: {
    erp: { contactGroupIds: [], productGroupCodes: [], departmentCodes: [], onlyCreatedByCurrentIntegration: false },
    shop: { kinds: [], categories: [], statuses: [], paymentStatuses: [] },
  },
}
