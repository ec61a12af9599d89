import type { SeedAddress } from './types.ts'

/**
 * Orders name what they need by natural keys: a customer by its place in the seed's list of its side, a department and a
 * product by code, sku or customer number. Amounts, rates and quantities are exact decimal text.
 */
export interface ErpSeedOrder {
  readonly customer: number
  /** null inherits; `-1` is PowerOffice's "none, whatever would be inherited". */
  readonly department: string | null
  readonly status: 'Draft' | 'Confirmed'
  /** YYYY-MM-DD; null until invoiced, as most bookkeepers leave it. */
  readonly date: string | null
  /** null inherits the customer's. */
  readonly currency: 'NOK' | null
  readonly purchaseOrderReference: string | null
  readonly customerReference: string | null
  /** Shown in place of a customer reference. */
  readonly contactPerson: { readonly firstName: string; readonly lastName: string } | null
  readonly lines: readonly ErpSeedOrderLine[]
}

export interface ErpSeedOrderLine {
  readonly type: 'Normal' | 'Text'
  /** Code; null of text lines. */
  readonly product: string | null
  readonly description: string
  readonly quantity: string | null
  readonly unitPriceExVat: string | null
  /** null inherits the customer's discount; "0" does not. */
  readonly discountPercent: string | null
}

export interface ShopSeedOrder {
  readonly number: string
  readonly customer: number
  /** Customer number of a customer of kind department. */
  readonly department: string | null
  readonly currency: 'NOK'
  /** RFC 3339, UTC. */
  readonly orderedAt: string
  readonly status: 'open' | 'confirmed' | 'invoiced' | 'cancelled'
  readonly purchaseOrderReference: string | null
  readonly customerReference: string | null
  readonly deliveryAddress: SeedAddress | null
  readonly payment: SeedPayment
  /** Number of the order that this one gives money back for. */
  readonly credits: string | null
  readonly invoiceNumber: string | null
  readonly lines: readonly ShopSeedOrderLine[]
}

export interface SeedPayment {
  readonly status: 'none' | 'authorised' | 'paid' | 'refunded'
  readonly method: 'card' | 'vipps' | 'klarna' | 'invoice'
  readonly reference: string | null
}

export interface ShopSeedOrderLine {
  readonly kind: 'product' | 'shipping' | 'payment' | 'discount' | 'giftcard' | 'rounding' | 'text'
  /** null unless a product. */
  readonly sku: string | null
  readonly description: string
  readonly quantity: string | null
  readonly unit: string | null
  readonly unitPriceExVat: string | null
  readonly discountPercent: string | null
  readonly vatRate: string | null
}
