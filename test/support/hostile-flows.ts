import { orderNames } from '../../activities/poweroffice/order-heads.ts'
import { lineNames } from '../../activities/poweroffice/order-lines.ts'
import { productNames } from '../../activities/poweroffice/products.ts'
import type { Side } from '../../flows/side.ts'
import { erpCompany, shopCompany } from './customers.ts'
import {
  deep,
  drawn,
  type HostileRecords,
  type HostileValue,
  hostileField,
  hostileRecords,
  large,
  shadows,
} from './hostile-records.ts'
import { hostileJson } from './hostile-values.ts'
import { type BothSystems, shopLine } from './orders.ts'

/** Flows whose records are planted; the lists of orders are a fourth kind, since the lines' flow sees them of linked orders only. */
export const hostileKinds = ['departments', 'products', 'salesOrders', 'lists'] as const
export type HostileKind = (typeof hostileKinds)[number]

export type HostileOf = Readonly<Record<HostileKind, Readonly<Record<Side, HostileRecords>>>>

export interface Planted {
  readonly hostile: HostileOf
  /** For a rewriting proxy before either system. */
  rewrite(side: Side): (record: Shown, path: string) => Shown
  spell(side: Side): (text: string) => string
}

type Shown = Record<string, unknown>

const departmentsOfErp = ['Id', 'Code', 'Name', 'IsActive', 'LastChangedDateTimeOffset']
const head = ['id', 'version', 'changedAt', 'erpId']
const departmentsOfShop = [...head, 'kind', 'name', 'customerNumber', 'active']
const productsOfShop = [
  ...head,
  ...['sku', 'gtin', 'name', 'description', 'type', 'category', 'unit', 'priceExVat', 'vatRate', 'erpStock', 'active'],
]
const ordersOfShop = [
  ...head,
  ...['number', 'status', 'customerId', 'departmentId', 'currency', 'orderedAt', 'purchaseOrderReference'],
  ...['customerReference', 'deliveryAddress', 'payment', 'creditsOrderId', 'erpOrderNumber', 'invoiceNumber'],
  ...['invoiceDueDate', 'invoiceBalance', 'totalExVat', 'totalIncVat', 'lines'],
]
const linesOfShop = [
  ...['id', 'kind', 'productId', 'description', 'quantity', 'unit', 'unitPriceExVat', 'discountPercent'],
  ...['vatRate', 'position'],
]

export interface HowMany {
  readonly departments: number
  readonly products: number
  readonly salesOrders: number
  readonly lists: number
}

export interface Planting {
  readonly howMany: HowMany
  /** Tells one planting from another: in names and keys, and in what is drawn. */
  readonly number: number
  /** Whether the first of each kind show what is chosen for it: sizes of megabytes among it. */
  readonly withChosen: boolean
}

/**
 * Hostile records of both systems in all flows but the customers', among nothing sound but what their orders name. The largest
 * value stands in the webshop, whose feed tells of it once: PowerOffice is asked for the last minute again and again.
 */
export function plantHostile({ erp, shop }: BothSystems, { howMany, number, withChosen }: Planting): Planted {
  const [buyer] = erp.insertCustomers([erpCompany(8_000 + number)])
  const [shopBuyer = ''] = shop.insertCustomers([shopCompany(8_000 + number) as never])
  const [bought] = erp.products.insert([productOfErp(`BOUGHT-${number}`, 'Kjøpt i begge')])
  const [shopBought = ''] = shop.insertProducts([productOfShop(`BOUGHT-${number}`, 'Kjøpt i begge')])
  const planted = (options: Parameters<typeof hostileRecords>[0], chosen: readonly HostileValue[]) =>
    hostileRecords({ ...options, seed: 100 * number + options.seed }, withChosen ? chosen : [])
  const orderOfErp = () => ({
    CustomerId: buyer?.Id,
    SalesOrderLines: [
      { ProductId: bought?.Id, Quantity: 2, Description: 'Første' },
      { ProductId: bought?.Id, Quantity: 3, Description: 'Andre' },
    ],
  })
  const orderOfShop = () => ({
    customerId: shopBuyer,
    orderedAt: '2026-11-20T10:00:00Z',
    totalExVat: '500.00',
    totalIncVat: '625.00',
    lines: [shopLine(shopBought), shopLine(shopBought, { quantity: '3' })] as never,
  })
  const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
  const ofErp = (seed: number, ids: readonly (string | number)[]) => ({
    idField: 'Id' as const,
    seed,
    ids: ids.map(String),
  })
  const ofShop = (seed: number, ids: readonly string[]) => ({ idField: 'id' as const, seed, ids })
  const ids = (records: readonly { readonly Id: number | string }[]) => records.map(({ Id }) => Id)
  const hostile: HostileOf = {
    departments: {
      erp: planted(
        {
          ...ofErp(
            11,
            ids(
              erp.departments.insert(
                times(howMany.departments, (at) => ({
                  Code: `H${number}-${at}`,
                  Name: `Fiendtlig ${number}.${at}`,
                  IsActive: true,
                })),
              ),
            ),
          ),
          values: drawn(departmentsOfErp),
        },
        [hostileField('Name', large(0.1)), hostileField('Code', deep), hostileField('IsActive', shadows)],
      ),
      shop: planted(
        {
          ...ofShop(
            12,
            shop.insertCustomers(
              times(howMany.departments, (at) => ({
                kind: 'department' as const,
                name: `Fiendtlig butikk ${number}.${at}`,
                customerNumber: `F${number}-${at}`,
              })),
            ),
          ),
          values: drawn(departmentsOfShop),
        },
        [hostileField('name', large(1)), hostileField('customerNumber', deep), hostileField('active', shadows)],
      ),
    },
    products: {
      erp: planted(
        {
          ...ofErp(
            13,
            ids(
              erp.products.insert(
                times(howMany.products, (at) => productOfErp(`HE${number}-${at}`, `Fiendtlig vare ${at}`)),
              ),
            ),
          ),
          values: drawn(Object.keys(productNames)),
        },
        [
          hostileField('Description', large(0.3)),
          hostileField('ProductGroupId', deep),
          hostileField('UnitPrice', () => '{"amount":12}'),
          hostileField('UnitPrice', () => '1e400'),
          hostileField('StockAvailable', () => '-1e400'),
          hostileField('LastChangedDateTimeOffset', () => '"0000-01-01T00:00:00Z"'),
        ],
      ),
      shop: planted(
        {
          ...ofShop(
            14,
            shop.insertProducts(
              times(howMany.products, (at) => productOfShop(`HB${number}-${at}`, `Butikkens fiende ${at}`)),
            ),
          ),
          values: drawn(productsOfShop),
        },
        [
          hostileField('name', large(10)),
          hostileField('description', deep),
          hostileField('priceExVat', () => '{"amount":"12.00","currency":"NOK"}'),
          hostileField('priceExVat', () => '1e400'),
          hostileField('priceExVat', () => '"1e400"'),
          hostileField('changedAt', () => '"99999-12-31T23:59:59Z"'),
        ],
      ),
    },
    salesOrders: {
      erp: planted(
        {
          ...ofErp(15, ids(erp.salesOrders.insert(times(howMany.salesOrders, orderOfErp)))),
          values: drawn(Object.keys(orderNames)),
        },
        [
          hostileField('CustomerReference', large(0.2)),
          hostileField('ContactDeliveryAddressId', deep),
          hostileField('SalesOrderDate', () => '"0000-00-00"'),
          hostileField('SalesOrderDate', () => '"0001-01-01T00:00:00"'),
          hostileField('SalesOrderDate', () => '"99999-12-31"'),
          hostileField('SalesOrderStatus', () => '"Teleported"'),
          hostileField('CustomerId', () => '9007199254740991'),
          hostileField('LineCount', () => '-1'),
          hostileField('NetAmount', () => '1e400'),
          hostileField('ContactDeliveryAddressId', () => '2147483648'),
        ],
      ),
      shop: planted(
        {
          ...ofShop(16, shop.insertOrders(times(howMany.salesOrders, orderOfShop))),
          values: drawn(ordersOfShop),
        },
        [
          hostileField('customerReference', large(1)),
          hostileField('deliveryAddress', deep),
          hostileField('payment', deep),
          hostileField('orderedAt', () => '"0000-01-01T00:00:00Z"'),
          hostileField('orderedAt', () => '"99999-12-31T00:00:00Z"'),
          hostileField('orderedAt', () => '"0001-01-01"'),
          hostileField('status', () => '"teleported"'),
          hostileField('totalExVat', () => '1e400'),
          ofItself('creditsOrderId'),
          ofItself('customerId'),
          ofItself('departmentId'),
        ],
      ),
    },
    lists: {
      erp: planted(
        { ...ofErp(17, ids(erp.salesOrders.insert(times(howMany.lists, orderOfErp)))), values: drawnInLines('erp') },
        hostileLists.erp,
      ),
      shop: planted(
        { ...ofShop(18, shop.insertOrders(times(howMany.lists, orderOfShop))), values: drawnInLines('shop') },
        hostileLists.shop,
      ),
    },
  }
  return withProxies(hostile)
}

/** Ids of PowerOffice's departments and products are numbers, and may be the same. */
const pathsOf: Readonly<Record<HostileKind, RegExp>> = {
  departments: /^\/v2\/Departments|^\/api\/customers/i,
  products: /^\/v2\/Products|^\/api\/products/i,
  salesOrders: /^\/v2\/SalesOrders|^\/api\/orders/i,
  lists: /^\/v2\/SalesOrders|^\/api\/orders/i,
}

function withProxies(hostile: HostileOf): Planted {
  return {
    hostile,
    rewrite: (side) => (record, path) =>
      hostileKinds
        .filter((kind) => pathsOf[kind].test(path))
        .reduce((shown, kind) => (shown === record ? hostile[kind][side].rewrite(record) : shown), record),
    spell: (side) => (text) => hostileKinds.reduce((spelled, kind) => hostile[kind][side].spell(spelled), text),
  }
}

/** Linked records that turn hostile: of departments none, which PowerOffice alone creates. Their ids stay: they are what they are known by. */
export function turnHostile(ids: Readonly<Record<Exclude<HostileKind, 'departments'>, BySide>>, seed: number): Planted {
  const turned = (kind: HostileKind, side: Side, of: readonly string[], fields: readonly string[]) =>
    hostileRecords({
      ids: of,
      idField: side === 'erp' ? 'Id' : 'id',
      seed: seed + hostileKinds.indexOf(kind),
      values: drawn(fields.filter((field) => field.toLowerCase() !== 'id')),
    })
  const lists = (side: Side) =>
    hostileRecords(
      { ids: ids.lists[side], idField: side === 'erp' ? 'Id' : 'id', seed: seed + 9, values: drawnInLines(side) },
      hostileLists[side],
    )
  return withProxies({
    departments: { erp: turned('departments', 'erp', [], ['Name']), shop: turned('departments', 'shop', [], ['name']) },
    products: {
      erp: turned('products', 'erp', ids.products.erp, Object.keys(productNames)),
      shop: turned('products', 'shop', ids.products.shop, productsOfShop),
    },
    salesOrders: {
      erp: turned('salesOrders', 'erp', ids.salesOrders.erp, Object.keys(orderNames)),
      shop: turned('salesOrders', 'shop', ids.salesOrders.shop, ordersOfShop),
    },
    lists: { erp: lists('erp'), shop: lists('shop') },
  })
}

type BySide = Readonly<Record<Side, readonly string[]>>

export function productOfErp(code: string, name: string) {
  return { Code: code, Name: name, UnitPrice: 100, UnitOfMeasureCode: 'EA', StandardSalesAccount: 3000 }
}

export function productOfShop(sku: string, name: string) {
  return { sku, name, type: 'product' as const, priceExVat: '100.00', vatRate: '25', unit: 'EA' }
}

/** The record refers to itself. */
function ofItself(field: string): HostileValue {
  return { field, json: () => '', place: (record) => ({ ...record, [field]: record['id'] }) }
}

const linesNamed: Readonly<Record<Side, string>> = { erp: 'SalesOrderLines', shop: 'lines' }
const lineFields: Readonly<Record<Side, readonly string[]>> = { erp: Object.keys(lineNames), shop: linesOfShop }

/** What becomes of an order's lines where they are shown: lists of PowerOffice show heads alone. */
function inLines(
  side: Side,
  change: (lines: readonly Shown[], mark: string, order: Shown) => unknown,
): HostileValue['place'] {
  const name = linesNamed[side]
  return (order, mark) => {
    const lines = order[name]
    return Array.isArray(lines) ? { ...order, [name]: change(lines as readonly Shown[], mark, order) } : order
  }
}

/** A value of the first line. */
function lineValue(side: Side, field: string, json: () => string): HostileValue {
  return {
    field: `line ${field}`,
    json,
    place: inLines(side, ([first, ...others], mark) => [{ ...first, [field]: mark }, ...others]),
  }
}

function wholeList(side: Side, json: string): HostileValue {
  return { field: 'list', json: () => json, place: inLines(side, (_lines, mark) => mark) }
}

function listForm(side: Side, field: string, change: (lines: readonly Shown[], order: Shown) => unknown): HostileValue {
  return { field, json: () => '', place: inLines(side, (lines, _mark, order) => change(lines, order)) }
}

/** So many as no person types. */
const LONG_LIST = 10_000

/** Of both sides' lists, what a list in particular may show. */
const hostileLists: Readonly<Record<Side, readonly HostileValue[]>> = {
  erp: [
    ...['null', '"none"', '{}', '[null]', '[[]]', '17'].map((json) => wholeList('erp', json)),
    listForm('erp', 'ids that two lines share', (lines) => [...lines, ...lines]),
    listForm('erp', 'very many lines', ([first]) =>
      Array.from({ length: LONG_LIST }, (_, at) => ({ ...first, Id: 900_000 + at })),
    ),
    listForm('erp', 'a line of the order itself', (lines, order) =>
      lines.map((line) => ({ ...line, ProductId: order['Id'] })),
    ),
    lineValue('erp', 'Quantity', () => '1e400'),
    lineValue('erp', 'ProductUnitPrice', () => '{"amount":12}'),
    lineValue('erp', 'ProductId', () => '9007199254740991'),
    lineValue('erp', 'Description', large(0.3)),
    lineValue('erp', 'Description', deep),
    lineValue('erp', 'ExternalImportReference', deep),
  ],
  shop: [
    ...['null', '"none"', '{}', '[null]', '[[]]', '17'].map((json) => wholeList('shop', json)),
    listForm('shop', 'ids that two lines share', (lines) => [...lines, ...lines]),
    listForm('shop', 'very many lines', ([first]) =>
      Array.from({ length: LONG_LIST }, (_, at) => ({ ...first, id: `very-many-${at}` })),
    ),
    listForm('shop', 'a line of the order itself', (lines, order) =>
      lines.map((line) => ({ ...line, productId: order['id'] })),
    ),
    lineValue('shop', 'quantity', () => '1e400'),
    lineValue('shop', 'quantity', () => '"1e400"'),
    lineValue('shop', 'unitPriceExVat', () => '{"amount":"12"}'),
    lineValue('shop', 'productId', () => '"no-such-product"'),
    lineValue('shop', 'description', large(0.3)),
    lineValue('shop', 'description', deep),
    lineValue('shop', 'position', shadows),
  ],
}

function drawnInLines(side: Side) {
  return lineFields[side].map(
    (field) => (dice: Parameters<typeof hostileJson>[0]) => lineValue(side, field, () => hostileJson(dice)),
  )
}
