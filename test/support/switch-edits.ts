import type { FlowName } from '../../flows/flow-definition.ts'
import { type Snapshot, snapshotOf } from './compare-all.ts'
import { type Raw, text } from './compare-systems.ts'
import { freight } from './orders.ts'
import { counterpart, type Intent, idNamed, type Names, type Round, type Shown } from './switch-round.ts'
import type { World } from './world.ts'

type Ids = Intent['ids']
type Place = 'customers' | 'products' | 'orders'

/** Edits on both sides of what the round before made: values, an address, a header, lines. */
export function editRound(world: World, made: Round): readonly Intent[] {
  const { erp, shop } = world
  const { number } = made
  const now = snapshotOf(world)
  const { company, buyer, product, bought, department, placed, office } = pairsOf(now, made)
  const [first, second] = shop.orders.get(placed[1])?.lines ?? []
  const phone = `24${String(number).padStart(6, '0')}`
  const done = intentsFrom(now)
  const intents = [
    done('a phone edited in PowerOffice', 'customers', company, phone, field('customers', company, telephone)),
    done(
      'a name edited in the webshop',
      'customers',
      buyer,
      `Nytt navn ${number} AS`,
      field('customers', buyer, named),
    ),
    done('an address edited in the webshop', 'customers', buyer, `Ny gate ${number}`, (look) => [
      part(look.erp.customers.get(buyer[0])?.['MailAddress'], 'AddressLine1'),
      part(look.shop.customers.get(buyer[1])?.['address'], 'line1'),
    ]),
    done('a department renamed in the webshop', 'departments', department, `Omdøpt ${number}`, (look) => [
      text(look.erp.departments.get(department[0])?.['Name']),
      text(look.shop.customers.get(department[1])?.['name']),
    ]),
    done('a price edited in PowerOffice', 'products', product, '44.5', amount(field('products', product, price))),
    done('stock moved in PowerOffice', 'products', product, '60', amount(field('products', product, stock))),
    done(
      'a description edited in the webshop',
      'products',
      bought,
      `Nytt ${number}`,
      field('products', bought, described),
    ),
    done(
      'a reference edited in the webshop',
      'salesOrders',
      placed,
      `Ny ref ${number}`,
      field('orders', placed, purchase),
    ),
    done('a quantity edited in the webshop', 'salesOrderLines', placed, '7', amount(lineField(placed, quantity))),
    done('a line added and one removed in the webshop', 'salesOrderLines', placed, `3 Frakt ${number}`, (look) => [
      countAndLast(look.erpLinesOf(placed[0]), 'Description'),
      countAndLast(shopLinesOf(look, placed[1]), 'description'),
    ]),
    done('a quantity edited in PowerOffice', 'salesOrderLines', office, '4', amount(lineField(office, quantity))),
  ]
  erp.customers.edit(Number(company[0]), { PhoneNumber: phone })
  const address = { line1: `Ny gate ${number}`, line2: null, zip: '4006', city: 'Stavanger', country: 'NO' }
  shop.customers.edit(buyer[1], { name: `Nytt navn ${number} AS`, address })
  shop.customers.edit(department[1], { name: `Omdøpt ${number}` })
  erp.products.edit(Number(product[0]), { UnitPrice: 44.5, StockOnHand: 60 })
  shop.products.edit(bought[1], { description: `Nytt ${number}` })
  shop.orders.edit(placed[1], { purchaseOrderReference: `Ny ref ${number}` })
  shop.orders.editLine(placed[1], first?.id ?? '', { quantity: '7' })
  shop.orders.removeLine(placed[1], second?.id ?? '')
  shop.orders.addLine(placed[1], { ...freight, description: `Frakt ${number}` })
  erp.salesOrders.editLine(office[0], erp.salesOrders.linesOf(office[0])[0]?.Id ?? '', { Quantity: 4 })
  return intents
}

/** A last edit of a line, and the order confirmed with it: PowerOffice follows with both. */
export function confirmRound(world: World, made: Round): readonly Intent[] {
  const now = snapshotOf(world)
  const { placed } = pairsOf(now, made)
  const done = intentsFrom(now)
  const [first] = world.shop.orders.get(placed[1])?.lines ?? []
  const intents = [
    done('a quantity edited last in the webshop', 'salesOrderLines', placed, '9', amount(lineField(placed, quantity))),
    done('an order confirmed in the webshop', 'salesOrders', placed, 'confirmed', (look) => [
      text(look.erp.orders.get(placed[0])?.['SalesOrderStatus']).toLowerCase(),
      text(look.shop.orders.get(placed[1])?.['status']),
    ]),
  ]
  world.shop.orders.editLine(placed[1], first?.id ?? '', { quantity: '9' })
  world.shop.orders.edit(placed[1], { status: 'confirmed' })
  return intents
}

/** Values of three kinds of record cleared in the webshop: none that editRound edits. */
export function clearRound(world: World, made: Round): readonly Intent[] {
  const { shop } = world
  const now = snapshotOf(world)
  const { buyer, product, office } = pairsOf(now, made)
  const done = intentsFrom(now)
  const intents = [
    done('a phone cleared in the webshop', 'customers', buyer, '', field('customers', buyer, telephone)),
    done('a description cleared in the webshop', 'products', product, '', field('products', product, described)),
    done('a reference cleared in the webshop', 'salesOrders', office, '', field('orders', office, purchase)),
  ]
  shop.customers.edit(buyer[1], { phone: null })
  shop.products.edit(product[1], { description: null })
  shop.orders.edit(office[1], { purchaseOrderReference: null })
  return intents
}

const named: Names = ['Name', 'name']
const telephone: Names = ['PhoneNumber', 'phone']
const price: Names = ['UnitPrice', 'priceExVat']
const stock: Names = ['StockAvailable', 'erpStock']
const described: Names = ['Description', 'description']
const purchase: Names = ['PurchaseOrderReference', 'purchaseOrderReference']
const quantity: Names = ['Quantity', 'quantity']

/** Both ids of each record of the round. */
function pairsOf(now: Snapshot, made: Round) {
  return {
    company: [made.erpCompany, idNamed(now, 'customer', made.erpCompany)],
    buyer: [counterpart(now.shop.customers.get(made.shopCompany)), made.shopCompany],
    product: [made.erpProduct, idNamed(now, 'product', made.erpProduct)],
    bought: [counterpart(now.shop.products.get(made.shopProduct)), made.shopProduct],
    department: [made.department, idNamed(now, 'department', made.department)],
    placed: [counterpart(now.shop.orders.get(made.shopOrder)), made.shopOrder],
    office: [made.erpOrder, idNamed(now, 'order', made.erpOrder)],
  } satisfies Readonly<Record<string, Ids>>
}

/** Notes what each side shows before anything is done. */
function intentsFrom(now: Snapshot) {
  return (name: string, flow: FlowName, ids: Ids, want: string, shown: Shown): Intent => ({
    name,
    flow,
    ids,
    want,
    before: shown(now),
    shown,
  })
}

function field(place: Place, ids: Ids, [erp, shop]: Names): Shown {
  return (look) => [text(look.erp[place].get(ids[0])?.[erp]), text(look.shop[place].get(ids[1])?.[shop])]
}

/** Of the order's first line. */
function lineField(ids: Ids, [erp, shop]: Names): Shown {
  return (look) => [text(look.erpLinesOf(ids[0])[0]?.[erp]), text(shopLinesOf(look, ids[1])[0]?.[shop])]
}

/** 7 and 7.000 are one amount. */
function amount(shown: Shown): Shown {
  return (look) => {
    const [erp, shop] = shown(look)
    return [String(Number(erp)), String(Number(shop))]
  }
}

function shopLinesOf(now: Snapshot, id: string): readonly Raw[] {
  return (now.shop.orders.get(id)?.['lines'] ?? []) as readonly Raw[]
}

function countAndLast(lines: readonly Raw[], name: string): string {
  return `${lines.length} ${text(lines.at(-1)?.[name])}`
}

function part(group: unknown, name: string): string {
  return text((group as Raw | null | undefined)?.[name])
}
