import type { ErpPeople } from '../systems/erp-people.ts'
import type { ShopPeople } from '../systems/shop-people.ts'
import type { Directory } from './directory.ts'
import { fieldsOf } from './fields.ts'
import type { Entity, Ledger, LedgerLine, LedgerRecord, Side } from './ledger.ts'

export interface Systems {
  readonly erp: ErpPeople
  readonly shop: ShopPeople
  readonly directory: Directory
}

/** The nth value of every edited field at creation. */
const FIRST = 0

export async function createCustomer(systems: Systems, ledger: Ledger, side: Side): Promise<void> {
  const index = ledger.begun.customer++
  const mark = `kaos-kunde-${index}`
  const website = `https://${mark}.example`
  const initial = initialValues('customer', index)
  const written = Object.assign({}, ...fieldsOf.customer.map((field) => field.write[side](initial[field.name] ?? '')))
  const made =
    side === 'erp'
      ? await systems.erp.create('customers', {
          ...written,
          WebsiteUrl: website,
          IsPerson: false,
          InvoiceDeliveryType: 'PdfByEmail',
        })
      : await systems.shop.create('customers', { ...written, website, kind: 'company', active: true })
  note(ledger, { entity: 'customer', mark, side, index, initial, id: idOf(made) })
}

export async function createProduct(systems: Systems, ledger: Ledger, side: Side): Promise<void> {
  const index = ledger.begun.product++
  const mark = `KAOS-${index}`
  const initial = initialValues('product', index)
  const written = Object.assign({}, ...fieldsOf.product.map((field) => field.write[side](initial[field.name] ?? '')))
  const made =
    side === 'erp'
      ? await systems.erp.create('products', {
          ...written,
          Code: mark,
          ProductType: 'Product',
          UnitOfMeasureCode: 'EA',
          StandardSalesAccount: 3000,
        })
      : await systems.shop.create('products', { ...written, sku: mark, unit: 'EA', vatRate: '25', type: 'product' })
  note(ledger, { entity: 'product', mark, side, index, initial, id: idOf(made) })
}

/** An order of the given customer, a line for each of the products. */
export async function createOrder(
  systems: Systems,
  ledger: Ledger,
  side: Side,
  { customerId, productIds }: { readonly customerId: string; readonly productIds: readonly string[] },
): Promise<void> {
  const index = ledger.begun.order++
  const mark = `kaos-ordre-${index}`
  const lines = productIds.map((productId, line) => newLine(side, `${mark} linje ${line}`, productId, index + line))
  const made =
    side === 'erp'
      ? await systems.erp.create('orders', {
          CustomerId: Number(customerId),
          CurrencyCode: 'NOK',
          PurchaseOrderReference: mark,
          SalesOrderDate: '2026-11-20',
          SalesOrderLines: lines.map(({ sent }, place) => ({ ...sent, SortOrder: place })),
        })
      : await systems.shop.create('orders', {
          customerId,
          currency: 'NOK',
          orderedAt: '2026-11-20T10:00:00Z',
          purchaseOrderReference: mark,
          lines: lines.map(({ sent }) => sent),
        })
  note(ledger, { entity: 'order', mark, side, index, initial: {}, id: idOf(made) }).lines.push(
    ...lines.map(({ line }) => line),
  )
}

/** A line as a side takes it, and as the ledger keeps it. */
export function newLine(
  side: Side,
  mark: string,
  productId: string,
  seedOfPrice: number,
): { sent: object; line: LedgerLine } {
  const [quantity] = fieldsOf.line
  const value = quantity?.value(0, seedOfPrice) ?? '1'
  const price = `${10 + (seedOfPrice % 90)}.50`
  const sent =
    side === 'erp'
      ? { ProductId: Number(productId), Description: mark, Quantity: Number(value), ProductUnitPrice: Number(price) }
      : {
          kind: 'product',
          productId,
          description: mark,
          quantity: value,
          unit: 'EA',
          unitPriceExVat: price,
          vatRate: '25',
        }
  return { sent, line: { mark, createdOn: side, initial: { quantity: value }, writes: {}, removed: false } }
}

function initialValues(entity: 'customer' | 'product', index: number): Record<string, string> {
  return Object.fromEntries(fieldsOf[entity].map((field) => [field.name, field.value(index, FIRST)]))
}

function note(
  ledger: Ledger,
  made: { entity: Entity; mark: string; side: Side; index: number; initial: Record<string, string>; id: string },
): LedgerRecord {
  const { entity, mark, side, index, initial, id } = made
  const record: LedgerRecord = {
    entity,
    mark,
    createdOn: side,
    index,
    initial,
    id,
    writes: {},
    lines: [],
    deleted: false,
  }
  ledger.records.push(record)
  return record
}

function idOf(made: { readonly Id: string | number } | { readonly id: string } | object): string {
  if ('Id' in made) return String(made.Id)
  return 'id' in made ? String(made.id) : ''
}
