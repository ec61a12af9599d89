import type { CustomerDto } from './customers/dto.ts'
import { customerKind } from './customers/kind.ts'
import type { DeliveryAddressDto } from './delivery-addresses/dto.ts'
import { deliveryAddressKind } from './delivery-addresses/kind.ts'
import type { DepartmentDto } from './departments/dto.ts'
import { departmentKind } from './departments/kind.ts'
import { type InvoiceHelpers, invoiceHelpers, type OrderHelpers, orderHelpers } from './orders/helpers.ts'
import type { ProductGroupDto } from './product-groups/dto.ts'
import { productGroupKind } from './product-groups/kind.ts'
import type { ProductDto } from './products/dto.ts'
import { productKind } from './products/kind.ts'
import {
  type InsertedRecord,
  type RecordHelpers,
  recordHelpers,
  type StoreReader,
  storeReader,
} from './record-helpers.ts'
import type { AccountDto } from './reference-lists/account-dto.ts'
import { accountKind } from './reference-lists/account-kind.ts'
import type { CurrencyDto } from './reference-lists/currency-dto.ts'
import type { DeliveryTermDto, PaymentTermDto } from './reference-lists/term-dto.ts'
import { deliveryTermKind, paymentTermKind } from './reference-lists/term-kinds.ts'
import type { VatCodeDto } from './reference-lists/vat-code-dto.ts'
import type { SandboxState } from './sandbox-state.ts'

/** The invented company's records, for tests and seeds in the same process. */
export interface CompanyHelpers {
  readonly customers: RecordHelpers<CustomerDto>
  readonly departments: RecordHelpers<DepartmentDto>
  readonly products: RecordHelpers<ProductDto>
  readonly productGroups: RecordHelpers<ProductGroupDto>
  /** General ledger accounts. */
  readonly accounts: RecordHelpers<AccountDto>
  readonly paymentTerms: RecordHelpers<PaymentTermDto>
  readonly deliveryTerms: RecordHelpers<DeliveryTermDto>
  readonly deliveryAddresses: RecordHelpers<DeliveryAddressDto>
  readonly vatCodes: StoreReader<VatCodeDto>
  readonly currencies: StoreReader<CurrencyDto, string>
  readonly salesOrders: OrderHelpers
  readonly outgoingInvoices: InvoiceHelpers
  /** `customers.insert`: some ten thousand a second on two cores. */
  insertCustomers(list: readonly unknown[]): readonly InsertedRecord[]
}

export function companyHelpers(state: SandboxState): CompanyHelpers {
  const customers = recordHelpers(state, customerKind)
  return {
    customers,
    departments: recordHelpers(state, departmentKind),
    products: recordHelpers(state, productKind),
    productGroups: recordHelpers(state, productGroupKind),
    accounts: recordHelpers(state, accountKind),
    paymentTerms: recordHelpers(state, paymentTermKind),
    deliveryTerms: recordHelpers(state, deliveryTermKind),
    deliveryAddresses: recordHelpers(state, deliveryAddressKind),
    vatCodes: storeReader(state.vatCodes),
    currencies: storeReader(state.currencies),
    salesOrders: orderHelpers(state),
    outgoingInvoices: invoiceHelpers(state),
    insertCustomers: (list) => customers.insert(list),
  }
}
