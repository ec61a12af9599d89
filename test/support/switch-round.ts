import type { FlowName } from '../../flows/flow-definition.ts'
import { type Snapshot, snapshotOf } from './compare-all.ts'
import { type Raw, text } from './compare-systems.ts'
import { freight, shopLine } from './orders.ts'
import type { World } from './world.ts'

/** One thing that somebody did, and what both systems must show of it in the end. */
export interface Intent {
  readonly name: string
  readonly flow: FlowName
  /** PowerOffice's and the webshop's id of the record; '' where it has none yet. */
  readonly ids: readonly [erp: string, shop: string]
  readonly want: string
  /** What each side showed before. */
  readonly before: readonly [erp: string, shop: string]
  readonly shown: (now: Snapshot) => readonly [erp: string, shop: string]
}

/** What one round left behind for the next one to edit: linked on both sides. */
export interface Round {
  readonly number: number
  readonly erpCompany: string
  readonly shopCompany: string
  readonly erpProduct: string
  readonly shopProduct: string
  readonly department: string
  readonly shopOrder: string
  readonly erpOrder: string
  readonly intents: readonly Intent[]
}

/**
 * Records made on both sides in every flow that creates there.
 * @param before whose customer and product the order is about; null: those that are made with it
 */
export function createRound(world: World, number: number, before: Round | null): Round {
  const { erp, shop } = world
  const eight = (first: string) => first + String(number).padStart(6, '0')
  const [department] = erp.departments.insert([{ Code: `A${number}`, Name: `Avdeling ${number}`, IsActive: true }])
  const [company] = erp.insertCustomers([
    {
      Name: `Kontor ${number} AS`,
      EmailAddress: `kontor${number}@fjell.example`,
      PhoneNumber: eight('22'),
      MailAddress: { AddressLine1: `Gata ${number}`, ZipCode: '0155', City: 'Oslo', CountryCode: 'NO' },
    },
  ])
  // No e-mail: PowerOffice would refuse it without another way to send invoices.
  const shopCompany = shop.customers.create({
    kind: 'company',
    name: `Butikk ${number} AS`,
    phone: eight('23'),
    address: { line1: `Veien ${number}`, line2: null, zip: '5003', city: 'Bergen', country: 'NO' },
  }).id
  const [erpProduct] = erp.products.insert([
    {
      Code: `E${number}`,
      Name: `Kontorvare ${number}`,
      Description: `Beskrivelse ${number}`,
      UnitPrice: 33.335,
      UnitOfMeasureCode: 'EA',
      StandardSalesAccount: 3000,
      IsStockItem: true,
      StockOnHand: 40,
    },
  ])
  const sku = { sku: `S${number}`, name: `Butikkvare ${number}`, description: `Beskrevet ${number}`, type: 'product' }
  const priced = { unit: 'KGM', vatRate: '15' }
  const shopProduct = shop.products.create({ ...sku, ...priced, priceExVat: '12.125' }).id
  const ordered = before?.shopProduct ?? shopProduct
  const shopOrder = shop.orders.create({
    customerId: before?.shopCompany ?? shopCompany,
    currency: 'NOK',
    orderedAt: '2026-11-20T10:00:00Z',
    purchaseOrderReference: `Ref ${number}`,
    deliveryAddress: { line1: `Kaia ${number}`, line2: null, zip: '5004', city: 'Bergen', country: 'NO' },
    lines: [
      shopLine(ordered, { ...priced, description: 'Første', quantity: '3', unitPriceExVat: '12.125' }),
      shopLine(ordered, { ...priced, description: 'Andre', quantity: '1', unitPriceExVat: '10' }),
      freight,
    ],
  }).id
  const erpOrder = erp.salesOrders.create({
    CustomerId: company?.Id,
    DepartmentId: department?.Id,
    PurchaseOrderReference: `Kontor ${number}`,
    SalesOrderLines: [
      { ProductId: erpProduct?.Id, Quantity: 2, Description: 'Kontorlinje' },
      { ProductId: erpProduct?.Id, Quantity: 5, ProductUnitPrice: 9.5, Description: 'Rimelig linje' },
    ],
  }).order.Id
  const [inErp, inShop] = [String(company?.Id), String(erpProduct?.Id)]
  const reference = ['PurchaseOrderReference', 'purchaseOrderReference'] as const
  return {
    number,
    erpCompany: inErp,
    shopCompany,
    erpProduct: inShop,
    shopProduct,
    department: String(department?.Id),
    shopOrder,
    erpOrder,
    intents: [
      fromErp('a department made in PowerOffice', 'departments', String(department?.Id), `Avdeling ${number}`),
      fromErp('a customer made in PowerOffice', 'customers', inErp, `Kontor ${number} AS`),
      fromShop('a customer made in the webshop', 'customers', shopCompany, `Butikk ${number} AS`),
      fromErp('a product made in PowerOffice', 'products', inShop, `Kontorvare ${number}`),
      fromShop('a product made in the webshop', 'products', shopProduct, `Butikkvare ${number}`),
      fromShop('an order placed in the webshop', 'salesOrders', shopOrder, `Ref ${number}`, reference),
      fromErp('an order made in PowerOffice', 'salesOrders', erpOrder, `Kontor ${number}`, reference),
    ],
  }
}

/** An order that was confirmed, and what the webshop shows once PowerOffice has invoiced it. */
export function invoicedIntent(world: World, made: Round): Intent & { readonly erpId: string } {
  const now = snapshotOf(world)
  const erpId = counterpart(now.shop.orders.get(made.shopOrder))
  const orderNo = String(now.erp.orders.get(erpId)?.['SalesOrderNo'])
  const shown: Shown = (look) => [
    look.erp.invoices.has(orderNo) ? 'invoiced' : 'confirmed',
    text(look.shop.orders.get(made.shopOrder)?.['status']),
  ]
  const name = 'an order invoiced in PowerOffice'
  return { name, flow: 'salesOrders', ids: [erpId, made.shopOrder], want: 'invoiced', before: shown(now), shown, erpId }
}

/** Intents that not both sides show yet. */
export function unmetOf(intents: readonly Intent[], now: Snapshot): readonly Intent[] {
  return intents.filter((intent) => intent.shown(now).some((value) => value !== intent.want))
}

/** Sides that show neither what was there before nor what was wanted: somebody wrote something wrong. */
export function wrongOf(intents: readonly Intent[], now: Snapshot): readonly string[] {
  return intents.flatMap((intent) =>
    intent
      .shown(now)
      .flatMap((value, side) =>
        value === intent.want || value === intent.before[side] ? [] : [`${intent.name}: ${value || 'nothing'}`],
      ),
  )
}

export type Names = readonly [erp: string, shop: string]
export type Shown = Intent['shown']

const places = {
  customers: { word: 'customer', shop: 'customers', erp: 'customers' },
  departments: { word: 'department', shop: 'customers', erp: 'departments' },
  products: { word: 'product', shop: 'products', erp: 'products' },
  salesOrders: { word: 'order', shop: 'orders', erp: 'orders' },
} as const
const named: Names = ['Name', 'name']

function fromErp(
  name: string,
  flow: keyof typeof places,
  id: string,
  want: string,
  [erp, shop]: Names = named,
): Intent {
  const place = places[flow]
  const shown: Shown = (now) => [
    text(now.erp[place.erp].get(id)?.[erp]),
    text(now.named.get(`${place.word}:${id}`)?.[shop]),
  ]
  return { name, flow, ids: [id, ''], want, before: [want, ''], shown }
}

function fromShop(
  name: string,
  flow: keyof typeof places,
  id: string,
  want: string,
  [erp, shop]: Names = named,
): Intent {
  const place = places[flow]
  const shown: Shown = (now) => {
    const record = now.shop[place.shop].get(id)
    return [text(now.erp[place.erp].get(counterpart(record))?.[erp]), text(record?.[shop])]
  }
  return { name, flow, ids: ['', id], want, before: ['', want], shown }
}

export function idNamed(now: Snapshot, word: string, erpId: string): string {
  return text(now.named.get(`${word}:${erpId}`)?.['id'])
}

export function counterpart(record: Raw | undefined): string {
  return text(record?.['erpId']).split(':')[1] ?? ''
}
