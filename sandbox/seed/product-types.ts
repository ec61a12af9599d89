import type { VatRate } from './ledger.ts'

/** Amounts and quantities are exact decimal text; prices exclude VAT. null where the group or the company decides. */
export interface ErpSeedProduct {
  /** Text: "007" is not 7. */
  readonly code: string
  readonly name: string
  readonly description: string | null
  readonly gtin: string | null
  /** Code of its product group. */
  readonly group: string
  readonly type: 'Product' | 'Service'
  readonly unitPrice: string | null
  readonly unit: string | null
  readonly salesAccount: number | null
  /** null: no stock item. */
  readonly stockOnHand: string | null
  readonly archived: boolean
}

export interface ShopSeedProduct {
  readonly sku: string
  readonly name: string
  readonly description: string | null
  readonly gtin: string | null
  readonly type: 'product' | 'service'
  readonly category: string | null
  /** A unit code of the ERP, or what shops write instead (`stk`, `kg`). */
  readonly unit: string | null
  readonly priceExVat: string | null
  readonly vatRate: string | null
  readonly active: boolean
  readonly published: boolean
}

/** A product that an order may name, as its own side calls and prices it, with the VAT rate that the ERP will find. */
export interface Sellable {
  /** Code in the ERP, sku in the shop. */
  readonly sku: string
  readonly name: string
  readonly unit: string | null
  readonly priceExVat: string
  readonly vatRate: VatRate
}
