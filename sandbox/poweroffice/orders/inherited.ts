import type { CustomerDto } from '../customers/dto.ts'
import { primaryDeliveryAddress } from '../delivery-addresses/of-contact.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { explicitlyNone } from './dimensions.ts'
import type { LineDto } from './line-dto.ts'
import type { OrderDto } from './order-dto.ts'

const baseCurrency = 'NOK'
const baseRate = 1

export function customerOf(state: SandboxState, order: OrderDto): CustomerDto | null {
  return order.CustomerId === null ? null : state.customers.get(order.CustomerId)
}

/** The head as the ERP's own screens show it, and as it is invoiced: what it leaves open comes from the customer. */
export function inheritedOrder(state: SandboxState, order: OrderDto): OrderDto {
  const customer = customerOf(state, order)
  const paymentTermId = order.PaymentTermId ?? customer?.PaymentTermId ?? null
  return {
    ...order,
    ...departmentShown(state, order.DepartmentId ?? customer?.DepartmentId ?? null),
    ...deliveryTermShown(order, customer),
    CurrencyCode: order.CurrencyCode ?? customer?.CurrencyCode ?? baseCurrency,
    CurrencyExchangeRate: order.CurrencyExchangeRate ?? baseRate,
    PaymentTermId: paymentTermId,
    PaymentTerm: paymentTermId === null ? null : (state.paymentTerms.get(paymentTermId)?.CreditDays ?? null),
    ContactDeliveryAddressId:
      order.ContactDeliveryAddressId ?? (customer ? (primaryDeliveryAddress(state, customer.Id)?.Id ?? null) : null),
  }
}

/** @param order as stored */
export function inheritedLine(state: SandboxState, line: LineDto, order: OrderDto): LineDto {
  const customer = customerOf(state, order)
  return {
    ...line,
    ...departmentShown(state, line.DepartmentId ?? order.DepartmentId ?? customer?.DepartmentId ?? null),
    Allowance: effectiveAllowance(line, customer),
    UseStandardSalesAccount: usesStandardAccount(line, customer),
  }
}

export function effectiveAllowance(line: LineDto, customer: CustomerDto | null): number | null {
  return line.Allowance ?? customer?.Allowance ?? null
}

/** Through which of the product's two accounts the line is sold: the customer decides where the line does not. */
export function usesStandardAccount(line: LineDto, customer: CustomerDto | null): boolean {
  return line.UseStandardSalesAccount ?? customer?.IsVatFree !== true
}

function departmentShown(state: SandboxState, id: number | null): Pick<OrderDto, 'DepartmentId' | 'DepartmentCode'> {
  if (id === null || id === explicitlyNone) return { DepartmentId: null, DepartmentCode: null }
  return { DepartmentId: id, DepartmentCode: state.departments.get(id)?.Code ?? null }
}

function deliveryTermShown(order: OrderDto, customer: CustomerDto | null): Partial<OrderDto> {
  // A text without an Id is a term too.
  if (order.DeliveryTermId !== null || order.DeliveryTerm !== null) return {}
  const term = customer?.DeliveryTerm
  return {
    DeliveryTermId: customer?.DeliveryTermId ?? null,
    DeliveryTerm: typeof term === 'string' ? term : null,
  }
}
