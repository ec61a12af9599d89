import type { FlowName } from '../../flows/flow-definition.ts'
import { type Snapshot, snapshotOf } from './compare-all.ts'
import { type Raw, text } from './compare-systems.ts'
import { freight } from './orders.ts'
import { counterpart, type Intent, idNamed, type Names, type Round, type Shown } from './switch-round.ts'
import type { World } from './world.ts'

type Ids = Intent['ids']
type Place = 'customers' | 'products' | 'orders'

/** Edits on both sides of what the round before made: values, an address, headers, lines, a status. */
export function editRound(world: World, made: Round): readonly Intent[] {
  const { erp, shop } = world
  const { number } = made
  const now = snapshotOf(world)
  const { company, product, department, placed, office } = pairsOf(now, made)
  const [placedLine] = shop.orders.get(made.shopOrder)?.lines ?? []
  const [, removedLine] = shop.orders.get(office[1])?.lines ?? []
  const quantity = (ids: Ids): Shown => amount(lineField(ids, ['Quantity', 'quantity']))
  const phone = `24${String(number).padStart(6, '0')}`
  const done = intentsFrom(now)
  const intents = [
    done(
      'a phone edited in PowerOffice',
      'customers',
      company,
      phone,
      field('customers', company, ['PhoneNumber', 'phone']),
    ),
    done(
      'a name edited in the webshop',
      'customers',
      company,
      `Nytt navn ${number} AS`,
      field('customers', company, named),
    ),
    done('an address edited in the webshop', 'customers', company, `Ny gate ${number}`, (look) => [
      part(look.erp.customers.get(company[0])?.['MailAddress'], 'AddressLine1'),
      part(look.shop.customers.get(company[1])?.['address'], 'line1'),
    ]),
    done('a department renamed in the webshop', 'departments', department, `Omdøpt ${number}`, (look) => [
      text(look.erp.departments.get(department[0])?.['Name']),
      text(look.shop.customers.get(department[1])?.['name']),
    ]),
    done(
      'a price edited in PowerOffice',
      'products',
      product,
      '44.5',
      amount(field('products', product, ['UnitPrice', 'priceExVat'])),
    ),
    done(
      'stock moved in PowerOffice',
      'products',
      product,
      '60',
      amount(field('products', product, ['StockAvailable', 'erpStock'])),
    ),
    done(
      'a description edited in the webshop',
      'products',
      product,
      `Nytt ${number}`,
      field('products', product, ['Description', 'description']),
    ),
    done(
      'a reference edited in the webshop',
      'salesOrders',
      placed,
      `Ny ref ${number}`,
      field('orders', placed, purchaseReference),
    ),
    done('a quantity edited in the webshop', 'salesOrderLines', placed, '7', quantity(placed)),
    done('an order confirmed in the webshop', 'salesOrders', placed, 'confirmed', (look) => [
      text(look.erp.orders.get(placed[0])?.['SalesOrderStatus']).toLowerCase(),
      text(look.shop.orders.get(placed[1])?.['status']),
    ]),
    done('a quantity edited in PowerOffice', 'salesOrderLines', office, '4', quantity(office)),
    done('a line added and one removed in the webshop', 'salesOrderLines', office, `2 Frakt ${number}`, (look) => [
      countAndSecond(look.erpLines.get(office[0]) ?? [], 'Description'),
      countAndSecond(shopLinesOf(look, office[1]), 'description'),
    ]),
  ]
  erp.customers.edit(Number(company[0]), { PhoneNumber: phone })
  const address = { line1: `Ny gate ${number}`, line2: null, zip: '4006', city: 'Stavanger', country: 'NO' }
  shop.customers.edit(company[1], { name: `Nytt navn ${number} AS`, address })
  shop.customers.edit(department[1], { name: `Omdøpt ${number}` })
  erp.products.edit(Number(product[0]), { UnitPrice: 44.5, StockOnHand: 60 })
  shop.products.edit(product[1], { description: `Nytt ${number}` })
  shop.orders.edit(made.shopOrder, { purchaseOrderReference: `Ny ref ${number}`, status: 'confirmed' })
  shop.orders.editLine(made.shopOrder, placedLine?.id ?? '', { quantity: '7' })
  erp.salesOrders.editLine(office[0], erp.salesOrders.linesOf(office[0])[0]?.Id ?? '', { Quantity: 4 })
  shop.orders.removeLine(office[1], removedLine?.id ?? '')
  shop.orders.addLine(office[1], { ...freight, description: `Frakt ${number}` })
  return intents
}

/** Values of three kinds of record cleared in the webshop. */
export function clearRound(world: World, made: Round): readonly Intent[] {
  const { shop } = world
  const now = snapshotOf(world)
  const { buyer, bought, office } = pairsOf(now, made)
  const done = intentsFrom(now)
  const intents = [
    done('a phone cleared in the webshop', 'customers', buyer, '', field('customers', buyer, ['PhoneNumber', 'phone'])),
    done(
      'a description cleared in the webshop',
      'products',
      bought,
      '',
      field('products', bought, ['Description', 'description']),
    ),
    done('a reference cleared in the webshop', 'salesOrders', office, '', field('orders', office, purchaseReference)),
  ]
  shop.customers.edit(buyer[1], { phone: null })
  shop.products.edit(bought[1], { description: null })
  shop.orders.edit(office[1], { purchaseOrderReference: null })
  return intents
}

const named: Names = ['Name', 'name']
const purchaseReference: Names = ['PurchaseOrderReference', 'purchaseOrderReference']

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
  return (look) => [text(look.erpLines.get(ids[0])?.[0]?.[erp]), text(shopLinesOf(look, ids[1])[0]?.[shop])]
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

function countAndSecond(lines: readonly Raw[], name: string): string {
  return `${lines.length} ${text(lines[1]?.[name])}`
}

function part(group: unknown, name: string): string {
  return text((group as Raw | null | undefined)?.[name])
}
