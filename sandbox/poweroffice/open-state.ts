import type { FaultPlan } from '../faults/fault-plan.ts'
import { createClock } from './clock.ts'
import { customerTable } from './customers/dto.ts'
import { openDatabase } from './database.ts'
import { deliveryAddressTable } from './delivery-addresses/dto.ts'
import { departmentTable } from './departments/dto.ts'
import { createEntityStore, type EntityTable, type RecordId } from './entity-store.ts'
import { createInUseTable } from './in-use.ts'
import { createLinks } from './links.ts'
import { type NumberSeries, numberSeries } from './number-series.ts'
import { attachmentTable } from './orders/attachment-dto.ts'
import { createAttachmentFileTable } from './orders/attachment-files.ts'
import { createContactPersonTable } from './orders/contact-persons.ts'
import { createFormerReferenceTable } from './orders/import-reference.ts'
import { invoiceLineTable, invoiceTable } from './orders/invoice-dto.ts'
import { createInvoicingTables } from './orders/invoicing-state.ts'
import { lineTable } from './orders/line-dto.ts'
import { orderTable } from './orders/order-dto.ts'
import { productGroupTable } from './product-groups/dto.ts'
import { productTable } from './products/dto.ts'
import { createReservationTable } from './products/stock.ts'
import { accountTable } from './reference-lists/account-dto.ts'
import { currencyTable } from './reference-lists/currency-dto.ts'
import { seedReferenceLists } from './reference-lists/seed.ts'
import { deliveryTermTable, paymentTermTable } from './reference-lists/term-dto.ts'
import { vatCodeTable } from './reference-lists/vat-code-dto.ts'
import type { SandboxState } from './sandbox-state.ts'
import type { Settings } from './settings.ts'

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
  attachmentTable,
  invoiceTable,
  invoiceLineTable,
]

/** Opens the data file, makes what is missing and gives an empty company what every company has. Throws DataFileUnusable. */
export function openState(dataFile: string, settings: Settings, faults: FaultPlan): SandboxState {
  const clock = createClock((at) => settings.current().clockSkewMs + faults.clockSkewMs(at))
  const database = openDatabase(dataFile)
  createInUseTable(database)
  createReservationTable(database)
  createContactPersonTable(database)
  createAttachmentFileTable(database)
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
    salesOrderAttachments: store(attachmentTable),
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
