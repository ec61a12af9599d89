import type { SandboxState } from '../sandbox-state.ts'
import { defaultSalesAccountNo, seededAccountId } from './company-defaults.ts'
import type { ProductDto } from './dto.ts'

export interface EffectiveProduct {
  readonly unitPrice: number | null
  readonly unitCost: number | null
  readonly unitOfMeasureCode: string | null
  readonly standardSalesAccountId: number
  readonly optionalSalesAccountId: number | null
}

/** What an order line gets: the product's own values, else its group's; the sales account at last from the company's settings. */
export function effectiveProduct(state: SandboxState, product: ProductDto): EffectiveProduct {
  const group = product.ProductGroupId === null ? null : state.productGroups.get(product.ProductGroupId)
  return {
    unitPrice: product.UnitPrice ?? group?.UnitPrice ?? null,
    unitCost: product.UnitCost ?? group?.UnitCost ?? null,
    unitOfMeasureCode: product.UnitOfMeasureCode ?? group?.UnitOfMeasureCode ?? null,
    standardSalesAccountId:
      product.StandardSalesAccountId ?? group?.StandardSalesAccountId ?? seededAccountId(defaultSalesAccountNo),
    optionalSalesAccountId: product.OptionalSalesAccountId ?? group?.OptionalSalesAccountId ?? null,
  }
}

export interface Vat {
  readonly vatId: number
  readonly vatCode: string
  /** 0.25 is 25 percent. */
  readonly vatRate: number
}

/** A product has no VAT code: its sales account carries it (README.md). An account without one sells outside VAT. */
export function vatOfAccount(state: SandboxState, accountId: number): Vat {
  const vatCodeId = state.accounts.get(accountId)?.VatCodeId ?? null
  const vatCode = vatCodeId === null ? null : state.vatCodes.get(vatCodeId)
  const shown = vatCode ?? state.vatCodes.find({ sql: 'code = ?', values: [outsideVatCode] })
  if (!shown) throw new Error(`The sandbox has no VAT code ${outsideVatCode}.`)
  return { vatId: shown.Id, vatCode: shown.Code ?? '', vatRate: shown.Rate }
}

const outsideVatCode = '0'
