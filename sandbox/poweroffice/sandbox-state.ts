import { type Clock, createClock } from './clock.ts'
import { type CustomerDto, customerTable } from './customers/dto.ts'
import { openDatabase, type SandboxDatabase } from './database.ts'
import { type DeliveryAddressDto, deliveryAddressTable } from './delivery-addresses/dto.ts'
import { type DepartmentDto, departmentTable } from './departments/dto.ts'
import { createEntityStore, type EntityStore, type EntityTable, type RecordId } from './entity-store.ts'
import { createInUseTable } from './in-use.ts'
import { createLinks, type Links } from './links.ts'
import { type NumberSeries, numberSeries } from './number-series.ts'
import { createContactPersonTable } from './orders/contact-persons.ts'
import { createFormerReferenceTable } from './orders/import-reference.ts'
import { type InvoiceDto, type InvoiceLineDto, invoiceLineTable, invoiceTable } from './orders/invoice-dto.ts'
import { createInvoicingTables } from './orders/invoicing-state.ts'
import { type LineDto, lineTable } from './orders/line-dto.ts'
import { type OrderDto, orderTable } from './orders/order-dto.ts'
import { type ProductGroupDto, productGroupTable } from './product-groups/dto.ts'
import { type ProductDto, productTable } from './products/dto.ts'
import { createReservationTable } from './products/stock.ts'
import { type AccountDto, accountTable } from './reference-lists/account-dto.ts'
import { type CurrencyDto, currencyTable } from './reference-lists/currency-dto.ts'
import { seedReferenceLists } from './reference-lists/seed.ts'
import {
  type DeliveryTermDto,
  deliveryTermTable,
  type PaymentTermDto,
  paymentTermTable,
} from './reference-lists/term-dto.ts'
import { type VatCodeDto, vatCodeTable } from './reference-lists/vat-code-dto.ts'
import type { Settings } from './settings.ts'

/** Stores whose records others may point to. */
export interface ReferableStores {
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
}

/** What handlers work on. An entity adds its store here, and its table below. */
export interface SandboxState extends ReferableStores {
  readonly settings: Settings
  readonly clock: Clock
  readonly database: SandboxDatabase
  readonly links: Links
  readonly currencies: EntityStore<CurrencyDto, string>
  readonly salesOrders: EntityStore<OrderDto, string>
  readonly salesOrderLines: EntityStore<LineDto, string>
  readonly outgoingInvoices: EntityStore<InvoiceDto, string>
  readonly outgoingInvoiceLines: EntityStore<InvoiceLineDto>
  readonly series: () => readonly NumberSeries[]
}

const tables: readonly EntityTable<never, RecordId>[] = [
  customerTable,
  departmentTable,
  productTable,
  productGroupTable,
  accountTable,
  vatCodeTable,
  paymentTermTable,
  deliveryTermTable,
  deliveryAddressTable,
  currencyTable,
  orderTable,
  lineTable,
  invoiceTable,
  invoiceLineTable,
]

/** Opens the data file, makes what is missing and gives an empty company what every company has. Throws DataFileUnusable. */
export function openState(dataFile: string, settings: Settings): SandboxState {
  const clock = createClock(() => settings.current().clockSkewMs)
  const database = openDatabase(dataFile)
  createInUseTable(database)
  createReservationTable(database)
  createContactPersonTable(database)
  createFormerReferenceTable(database)
  createInvoicingTables(database)
  const store = <Dto, Id extends RecordId>(table: EntityTable<Dto, Id>) =>
    createEntityStore(database, table, clock.nowMs)
  const state: SandboxState = {
    settings,
    clock,
    database,
    links: createLinks(database, tables),
    customers: store(customerTable),
    departments: store(departmentTable),
    products: store(productTable),
    productGroups: store(productGroupTable),
    accounts: store(accountTable),
    vatCodes: store(vatCodeTable),
    paymentTerms: store(paymentTermTable),
    deliveryTerms: store(deliveryTermTable),
    deliveryAddresses: store(deliveryAddressTable),
    currencies: store(currencyTable),
    salesOrders: store(orderTable),
    salesOrderLines: store(lineTable),
    outgoingInvoices: store(invoiceTable),
    outgoingInvoiceLines: store(invoiceLineTable),
    series: rememberedSeries(settings),
  }
  seedReferenceLists(state)
  return state
}

/** Asked for each customer of a bulk insert, changed by a switch once in a while. */
function rememberedSeries(settings: Settings): () => readonly NumberSeries[] {
  let end = settings.current().numberSeriesEnd
  let series = numberSeries(end)
  return () => {
    const asked = settings.current().numberSeriesEnd
    if (asked !== end) series = numberSeries(asked)
    end = asked
    return series
  }
}
