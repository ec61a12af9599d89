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

/** Records made on both sides in every flow that creates there. */
export function createRound(world: World, number: number): Round {
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
  const shopOrder = shop.orders.create({
    customerId: shopCompany,
    currency: 'NOK',
    orderedAt: '2026-11-20T10:00:00Z',
    purchaseOrderReference: `Ref ${number}`,
    deliveryAddress: { line1: `Kaia ${number}`, line2: null, zip: '5004', city: 'Bergen', country: 'NO' },
    lines: [
      shopLine(shopProduct, { ...priced, description: 'Første', quantity: '3', unitPriceExVat: '12.125' }),
      shopLine(shopProduct, { ...priced, description: 'Andre', quantity: '1', unitPriceExVat: '10' }),
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

/** Edits on both sides of what the round before made: values, clearings, an address, headers, lines, a status. */
export function editRound(world: World, made: Round): readonly Intent[] {
  const { erp, shop } = world
  const { number } = made
  const now = snapshotOf(world)
  const company = [made.erpCompany, idNamed(now, 'customer', made.erpCompany)] as const
  const buyer = [counterpart(now.shop.customers.get(made.shopCompany)), made.shopCompany] as const
  const product = [made.erpProduct, idNamed(now, 'product', made.erpProduct)] as const
  const department = [made.department, idNamed(now, 'department', made.department)] as const
  const placed = [counterpart(now.shop.orders.get(made.shopOrder)), made.shopOrder] as const
  const office = [made.erpOrder, idNamed(now, 'order', made.erpOrder)] as const
  const [placedLine] = shop.orders.get(made.shopOrder)?.lines ?? []
  const removedLine = (shop.orders.get(office[1])?.lines ?? [])[1]

  const at =
    <Place extends 'customers' | 'products'>(place: Place, ids: readonly [string, string], names: Names): Shown =>
    (look) => [text(look.erp[place].get(ids[0])?.[names[0]]), text(look.shop[place].get(ids[1])?.[names[1]])]
  const line =
    (ids: readonly [string, string], at: number, names: Names): Shown =>
    (look) => [text(look.erpLines.get(ids[0])?.[at]?.[names[0]]), text(shopLinesOf(look, ids[1])[at]?.[names[1]])]
  const number6 =
    (shown: Shown): Shown =>
    (look) => {
      const [one, other] = shown(look)
      return [String(Number(one)), String(Number(other))]
    }
  const phone = `24${String(number).padStart(6, '0')}`
  const done = (name: string, flow: FlowName, ids: readonly [string, string], want: string, shown: Shown): Intent => ({
    name,
    flow,
    ids,
    want,
    before: shown(now),
    shown,
  })
  const intents = [
    done(
      'a phone edited in PowerOffice',
      'customers',
      company,
      phone,
      at('customers', company, ['PhoneNumber', 'phone']),
    ),
    done(
      'a name edited in the webshop',
      'customers',
      company,
      `Nytt navn ${number} AS`,
      at('customers', company, ['Name', 'name']),
    ),
    done('an address edited in the webshop', 'customers', company, `Ny gate ${number}`, (look) => [
      part(look.erp.customers.get(company[0])?.['MailAddress'], 'AddressLine1'),
      part(look.shop.customers.get(company[1])?.['address'], 'line1'),
    ]),
    done('a phone cleared in the webshop', 'customers', buyer, '', at('customers', buyer, ['PhoneNumber', 'phone'])),
    done('a department renamed in the webshop', 'departments', department, `Omdøpt ${number}`, (look) => [
      text(look.erp.departments.get(department[0])?.['Name']),
      text(look.shop.customers.get(department[1])?.['name']),
    ]),
    done(
      'a price edited in PowerOffice',
      'products',
      product,
      '44.5',
      number6(at('products', product, ['UnitPrice', 'priceExVat'])),
    ),
    done(
      'stock moved in PowerOffice',
      'products',
      product,
      '60',
      number6(at('products', product, ['StockAvailable', 'erpStock'])),
    ),
    done(
      'a description cleared in the webshop',
      'products',
      product,
      '',
      at('products', product, ['Description', 'description']),
    ),
    done('a reference cleared in the webshop', 'salesOrders', placed, '', (look) => [
      text(look.erp.orders.get(placed[0])?.['PurchaseOrderReference']),
      text(look.shop.orders.get(placed[1])?.['purchaseOrderReference']),
    ]),
    done(
      'a quantity edited in the webshop',
      'salesOrderLines',
      placed,
      '7',
      number6(line(placed, 0, ['Quantity', 'quantity'])),
    ),
    done('an order confirmed in the webshop', 'salesOrders', placed, 'confirmed', (look) => [
      text(look.erp.orders.get(placed[0])?.['SalesOrderStatus']).toLowerCase(),
      text(look.shop.orders.get(placed[1])?.['status']),
    ]),
    done(
      'a quantity edited in PowerOffice',
      'salesOrderLines',
      office,
      '4',
      number6(line(office, 0, ['Quantity', 'quantity'])),
    ),
    done('a line added and one removed in the webshop', 'salesOrderLines', office, `2 Frakt ${number}`, (look) => [
      told(look.erpLines.get(office[0]) ?? [], 'Description'),
      told(shopLinesOf(look, office[1]), 'description'),
    ]),
  ]
  erp.customers.edit(Number(company[0]), { PhoneNumber: phone })
  const address = { line1: `Ny gate ${number}`, line2: null, zip: '4006', city: 'Stavanger', country: 'NO' }
  shop.customers.edit(company[1], { name: `Nytt navn ${number} AS`, address })
  shop.customers.edit(buyer[1], { phone: null })
  shop.customers.edit(department[1], { name: `Omdøpt ${number}` })
  erp.products.edit(Number(product[0]), { UnitPrice: 44.5, StockOnHand: 60 })
  shop.products.edit(product[1], { description: null })
  shop.orders.edit(made.shopOrder, { purchaseOrderReference: null, status: 'confirmed' })
  shop.orders.editLine(made.shopOrder, placedLine?.id ?? '', { quantity: '7' })
  erp.salesOrders.editLine(office[0], erp.salesOrders.linesOf(office[0])[0]?.Id ?? '', { Quantity: 4 })
  shop.orders.removeLine(office[1], removedLine?.id ?? '')
  shop.orders.addLine(office[1], { ...freight, description: `Frakt ${number}` })
  return intents
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

type Names = readonly [erp: string, shop: string]
type Shown = Intent['shown']

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

function idNamed(now: Snapshot, word: string, erpId: string): string {
  return text(now.named.get(`${word}:${erpId}`)?.['id'])
}

function counterpart(record: Raw | undefined): string {
  return text(record?.['erpId']).split(':')[1] ?? ''
}

function shopLinesOf(now: Snapshot, id: string): readonly Raw[] {
  return (now.shop.orders.get(id)?.['lines'] ?? []) as readonly Raw[]
}

function told(lines: readonly Raw[], name: string): string {
  return `${lines.length} ${text(lines[1]?.[name])}`
}

function part(group: unknown, name: string): string {
  return text((group as Raw | null | undefined)?.[name])
}
