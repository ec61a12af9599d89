import type { CustomerDto } from '../customers/dto.ts'
import { effectiveProduct, type Vat, vatOfAccount } from '../products/effective.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { type Amounts, lineAmounts, noAmounts, sumOfLines } from './amounts.ts'
import { customerOf, effectiveAllowance, usesStandardAccount } from './inherited.ts'
import type { LineDto } from './line-dto.ts'
import type { OrderDto, OrderWithLines } from './order-dto.ts'

/**
 * The order with everything computed: VAT and amounts of each line, sums and count of the head. Done anew on every write of head
 * or line, since the customer decides too; a change of customer, product or account alone moves no order.
 */
export function pricedOrder(state: SandboxState, order: OrderDto, lines: readonly LineDto[]): OrderWithLines {
  const { amountRounding } = state.settings.current()
  const customer = customerOf(state, order)
  const priced = lines.map((line) => pricedLine(state, line, customer))
  const sum = sumOfLines(
    priced.map(({ amounts }) => amounts),
    amountRounding,
  )
  return {
    order: {
      ...order,
      LineCount: lines.length,
      NetAmount: sum.net.toNumber(),
      TotalAmount: sum.total.toNumber(),
    },
    lines: priced.map(({ line }) => line),
  }
}

/** The sales account that a line's product is sold through; null for lines that sell nothing. */
export function salesAccountOf(state: SandboxState, line: LineDto, customer: CustomerDto | null): number | null {
  const product =
    line.ProductId === null || !sellingTypes.has(line.LineType) ? null : state.products.get(line.ProductId)
  if (!product) return null
  const { standardSalesAccountId, optionalSalesAccountId } = effectiveProduct(state, product)
  // Without an optional account there is nothing else to sell through.
  return usesStandardAccount(line, customer)
    ? standardSalesAccountId
    : (optionalSalesAccountId ?? standardSalesAccountId)
}

/** Texts and sums sell nothing, whatever else they carry. */
const sellingTypes: ReadonlySet<string> = new Set(['Normal', 'InvoiceFee'])

function pricedLine(
  state: SandboxState,
  line: LineDto,
  customer: CustomerDto | null,
): { readonly line: LineDto; readonly amounts: Amounts } {
  const accountId = salesAccountOf(state, line, customer)
  const vat = accountId === null ? null : vatOfAccount(state, accountId)
  const amounts = vat ? amountsOf(state, line, vat, customer) : noAmounts
  return {
    amounts,
    line: {
      ...line,
      VatId: vat?.vatId ?? null,
      VatCode: vat?.vatCode ?? null,
      VatRate: vat?.vatRate ?? null,
      NetAmount: amounts.net.toNumber(),
      VatAmount: amounts.vat.toNumber(),
      TotalAmount: amounts.total.toNumber(),
    },
  }
}

/** Computed only with a product, a quantity and a unit price (README.md). */
function amountsOf(state: SandboxState, line: LineDto, vat: Vat, customer: CustomerDto | null): Amounts {
  if (line.Quantity === null || line.ProductUnitPrice === null) return noAmounts
  const priced = {
    quantity: line.Quantity,
    unitPrice: line.ProductUnitPrice,
    allowancePercent: effectiveAllowance(line, customer) ?? 0,
    vatRate: vat.vatRate,
  }
  return lineAmounts(priced, state.settings.current().amountRounding)
}
