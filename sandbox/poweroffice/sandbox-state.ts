import type { Clock } from './clock.ts'
import type { CustomerDto } from './customers/dto.ts'
import type { SandboxDatabase } from './database.ts'
import type { DeliveryAddressDto } from './delivery-addresses/dto.ts'
import type { DepartmentDto } from './departments/dto.ts'
import type { EntityStore } from './entity-store.ts'
import type { Links } from './links.ts'
import type { NumberSeries } from './number-series.ts'
import type { AttachmentDto } from './orders/attachment-dto.ts'
import type { InvoiceDto, InvoiceLineDto } from './orders/invoice-dto.ts'
import type { LineDto } from './orders/line-dto.ts'
import type { OrderDto } from './orders/order-dto.ts'
import type { ProductGroupDto } from './product-groups/dto.ts'
import type { ProductDto } from './products/dto.ts'
import type { AccountDto } from './reference-lists/account-dto.ts'
import type { CurrencyDto } from './reference-lists/currency-dto.ts'
import type { DeliveryTermDto, PaymentTermDto } from './reference-lists/term-dto.ts'
import type { VatCodeDto } from './reference-lists/vat-code-dto.ts'
import type { Settings } from './settings.ts'

/** What handlers work on. An entity adds its store here, and opens it in open-state.ts. */
export interface SandboxState {
  readonly settings: Settings
  readonly clock: Clock
  readonly database: SandboxDatabase
  readonly links: Links
  readonly customers: EntityStore<CustomerDto>
  readonly departments: EntityStore<DepartmentDto>
  readonly products: EntityStore<ProductDto>
  readonly productGroups: EntityStore<ProductGroupDto>
  /** General ledger accounts. */
  readonly accounts: EntityStore<AccountDto>
  readonly vatCodes: EntityStore<VatCodeDto>
  readonly paymentTerms: EntityStore<PaymentTermDto>
  readonly deliveryTerms: EntityStore<DeliveryTermDto>
  readonly deliveryAddresses: EntityStore<DeliveryAddressDto>
  readonly currencies: EntityStore<CurrencyDto, string>
  readonly salesOrders: EntityStore<OrderDto, string>
  readonly salesOrderLines: EntityStore<LineDto, string>
  readonly salesOrderAttachments: EntityStore<AttachmentDto>
  readonly outgoingInvoices: EntityStore<InvoiceDto, string>
  readonly outgoingInvoiceLines: EntityStore<InvoiceLineDto>
  readonly series: () => readonly NumberSeries[]
}
