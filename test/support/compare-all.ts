import { ofErp as customerOfErp, ofShop as customerOfShop, place, type Raw, text } from './compare-systems.ts'
import { type BothSystems, plainErpLines, plainShopLines } from './orders.ts'

/** What both systems hold at one moment, read past every interface and switch. */
export interface Snapshot {
  readonly erp: Readonly<
    Record<'customers' | 'departments' | 'products' | 'orders' | 'invoices', ReadonlyMap<string, Raw>>
  >
  readonly shop: Readonly<Record<'customers' | 'products' | 'orders', ReadonlyMap<string, Raw>>>
  /** Of an order that is not invoiced; none once it is. */
  readonly erpLinesOf: (orderId: string) => readonly Raw[]
  /** The webshop's record that names this one of PowerOffice (`customer:1042`). */
  readonly named: ReadonlyMap<string, Raw>
}

export function snapshotOf({ erp, shop }: BothSystems): Snapshot {
  const byId = (list: readonly object[], key: string) =>
    new Map(list.map((record) => [String((record as Raw)[key]), record as Raw]))
  const ofShop = {
    customers: byId(shop.customers.all(), 'id'),
    products: byId(shop.products.all(), 'id'),
    orders: byId(shop.orders.all(), 'id'),
  }
  const all = Object.values(ofShop).flatMap((records) => [...records.values()])
  return {
    erp: {
      customers: byId(erp.customers.all(), 'Id'),
      departments: byId(erp.departments.all(), 'Id'),
      products: byId(erp.products.all(), 'Id'),
      orders: byId(erp.salesOrders.all(), 'Id'),
      invoices: byId(erp.outgoingInvoices.all(), 'OrderNo'),
    },
    erpLinesOf: (orderId) => erp.salesOrders.linesOf(orderId),
    shop: ofShop,
    named: new Map(all.flatMap((record) => (record['erpId'] ? [[String(record['erpId']), record] as const] : []))),
  }
}

/**
 * Every difference between the two systems in all five flows, one line each, judged from raw records alone: values of linked
 * records, records that nobody names, and records that stand twice. Empty: the systems are equal.
 */
export function compareAll(world: BothSystems): string[] {
  const now = snapshotOf(world)
  return [
    ...compareEntity('customer', now.erp.customers, now, ({ erp, shop }) => [customerOfErp(erp), customerOfShop(shop)]),
    ...compareEntity('department', now.erp.departments, now, ({ erp, shop }) => [
      { name: text(erp['Name']), code: text(erp['Code']), active: String(erp['IsActive'] === true) },
      { name: text(shop['name']), code: text(shop['customerNumber']), active: String(shop['active'] === true) },
    ]),
    ...compareEntity('product', now.erp.products, now, ({ erp, shop }) => [productOfErp(erp), productOfShop(shop)]),
    ...compareEntity('order', ordersWherever(now), now, ({ erp, shop }) => [
      { ...orderOfErp(world, erp, now), lines: linesOfErp(world, erp) },
      { ...orderOfShop(shop), lines: JSON.stringify(plainShopLines(world, String(shop['id'])).map(numbersOfLine)) },
    ]),
    ...unnamed(now),
    ...twice('reference of a customer', now.erp.customers, 'ExternalImportReference'),
    ...twice('reference of an order', now.erp.orders, 'ExternalImportReference'),
    ...twice('number of an order', now.erp.orders, 'ImportedOrderNo'),
    ...twice('code of a product', now.erp.products, 'Code'),
    ...twice('code of a department', now.erp.departments, 'Code'),
    ...deliveryAddressesTwice(world),
  ]
}

type Fields = Readonly<Record<string, string>>

function compareEntity(
  word: string,
  records: ReadonlyMap<string, Raw>,
  { named }: Snapshot,
  fieldsOf: (pair: { readonly erp: Raw; readonly shop: Raw }) => readonly [Fields, Fields],
): string[] {
  return [...records].flatMap(([id, erp]) => {
    const shop = named.get(`${word}:${id}`)
    if (!shop) return [`${word} ${nameOf(erp)} of PowerOffice: no counterpart`]
    const [left, right] = fieldsOf({ erp, shop })
    return Object.entries(left).flatMap(([field, value]) =>
      value === right[field] ? [] : [`${word} ${nameOf(erp)}: ${field} ${value} <> ${right[field]}`],
    )
  })
}

/** Webshop records that name none, or one that is not there; a name that two records carry. */
function unnamed(now: Snapshot): string[] {
  const known = new Set([
    ...[...now.erp.customers.keys()].map((id) => `customer:${id}`),
    ...[...now.erp.departments.keys()].map((id) => `department:${id}`),
    ...[...now.erp.products.keys()].map((id) => `product:${id}`),
    ...[...ordersWherever(now).keys()].map((id) => `order:${id}`),
  ])
  const seen = new Set<string>()
  return Object.entries(now.shop).flatMap(([collection, records]) =>
    [...records.values()].flatMap((record) => {
      const name = String(record['erpId'] ?? '')
      if (!known.has(name)) return [`${collection} ${nameOf(record)} of the webshop: no counterpart`]
      if (seen.has(name)) return [`${collection} ${nameOf(record)} of the webshop: ${name} is named twice`]
      seen.add(name)
      return []
    }),
  )
}

function twice(what: string, records: ReadonlyMap<string, Raw>, property: string): string[] {
  const seen = new Set<string>()
  return [...records.values()].flatMap((record) => {
    const value = text(record[property])
    if (value === '') return []
    if (seen.has(value)) return [`${what} stands twice: ${value}`]
    seen.add(value)
    return []
  })
}

function deliveryAddressesTwice({ erp }: BothSystems): string[] {
  const seen = new Set<string>()
  return (erp.deliveryAddresses.all() as readonly object[]).flatMap((address) => {
    const of = address as Raw
    const value = ['ContactId', 'AddressLine1', 'AddressLine2', 'ZipCode', 'City']
      .map((name) => text(of[name]))
      .join('|')
    if (seen.has(value)) return [`delivery address stands twice: ${value}`]
    seen.add(value)
    return []
  })
}

/** An invoiced order under the id that it had as an order, as the webshop names it. */
function ordersWherever({ erp, named }: Snapshot): Map<string, Raw> {
  const orders = new Map(erp.orders)
  const byNumber = new Map([...named].map(([name, record]) => [text(record['erpOrderNumber']), name]))
  for (const [orderNo, invoice] of erp.invoices) {
    const name = byNumber.get(orderNo)
    orders.set(name?.startsWith('order:') ? name.slice('order:'.length) : String(invoice['Id']), invoice)
  }
  return orders
}

function productOfErp(product: Raw): Fields {
  return {
    sku: text(product['Code']),
    gtin: text(product['Gtin']),
    name: text(product['Name']),
    description: text(product['Description']),
    price: number(product['UnitPrice']),
    unit: text(product['UnitOfMeasureCode']) || 'EA',
    stock: product['IsStockItem'] === true ? number(product['StockAvailable']) : '',
    active: String(product['IsArchived'] !== true),
  }
}

function productOfShop(product: Raw): Fields {
  return {
    sku: text(product['sku']),
    gtin: text(product['gtin']),
    name: text(product['name']),
    description: text(product['description']),
    price: number(product['priceExVat']),
    unit: text(product['unit']) || 'EA',
    stock: number(product['erpStock']),
    active: String(product['active'] === true),
  }
}

function orderOfErp({ erp }: BothSystems, order: Raw, now: Snapshot): Fields {
  const isInvoice = 'InvoiceNo' in order
  const addressId = Number(order['ContactDeliveryAddressId'] ?? 0)
  const standing = addressId > 0 ? ((erp.deliveryAddresses.get(addressId) ?? {}) as Raw) : {}
  const address = isInvoice ? addressOfInvoice(order) : standing
  return {
    customer: text(now.named.get(`customer:${order['CustomerId']}`)?.['id']),
    department: text(now.named.get(`department:${order['DepartmentId'] ?? ''}`)?.['id']),
    purchaseOrderReference: text(order['PurchaseOrderReference']),
    customerReference: text(order['CustomerReference']),
    erpOrderNumber: text(order[isInvoice ? 'OrderNo' : 'SalesOrderNo']),
    status: isInvoice ? 'invoiced' : order['SalesOrderStatus'] === 'Confirmed' ? 'confirmed' : 'open',
    invoiceNumber: text(order['InvoiceNo']),
    dueDate: text(order['DueDate']).slice(0, 10),
    // What is to be paid is whole cents, whatever PowerOffice makes of its sums (switch amountRounding).
    balance: cents(order['Balance']),
    address: addressText(address, ['AddressLine1', 'AddressLine2', 'ZipCode', 'City'], 'CountryCode'),
  }
}

function orderOfShop(order: Raw): Fields {
  return {
    customer: text(order['customerId']),
    department: text(order['departmentId']),
    purchaseOrderReference: text(order['purchaseOrderReference']),
    customerReference: text(order['customerReference']),
    erpOrderNumber: text(order['erpOrderNumber']),
    status: text(order['status']),
    invoiceNumber: text(order['invoiceNumber']),
    dueDate: text(order['invoiceDueDate']),
    balance: cents(order['invoiceBalance']),
    address: addressText((order['deliveryAddress'] ?? {}) as Raw, ['line1', 'line2', 'zip', 'city'], 'country'),
  }
}

function linesOfErp(world: BothSystems, order: Raw): string {
  const id = String(order['Id'])
  if (!('InvoiceNo' in order)) return JSON.stringify(plainErpLines(world, id).map(numbersOfLine))
  return JSON.stringify(
    (world.erp.outgoingInvoices.linesOf(id) as readonly Raw[]).map((line) => [
      text(world.erp.products.get(Number(line['ProductId']))?.Code),
      text(line['Description']),
      Number(line['Quantity'] ?? 0),
      Number(line['UnitPrice'] ?? line['ProductUnitPrice'] ?? 0),
      Number(line['Allowance'] ?? 0),
    ]),
  )
}

function numbersOfLine(line: ReturnType<typeof plainErpLines>[number]): readonly (string | number)[] {
  return [line.product, text(line.description), line.quantity, line.price, line.discount]
}

function addressOfInvoice(invoice: Raw): Raw {
  return {
    AddressLine1: invoice['DeliveryAddress1'],
    AddressLine2: invoice['DeliveryAddress2'],
    ZipCode: invoice['DeliveryAddressZipCode'],
    City: invoice['DeliveryAddressCity'],
    CountryCode: invoice['DeliveryAddressCountryCode'],
  }
}

function addressText(address: Raw, names: readonly string[], country: string): string {
  const parts = names.map((name) => text(address[name]))
  return parts.every((part) => part === '') ? '' : [...parts, place(address, country)].join('|')
}

function number(value: unknown): string {
  return value === null || value === undefined || value === '' ? '' : String(Number(value))
}

function cents(value: unknown): string {
  return number(value) === '' ? '' : Number(value).toFixed(2)
}

function nameOf(record: Raw): string {
  const name = record['Name'] ?? record['name'] ?? record['SalesOrderNo'] ?? record['OrderNo'] ?? record['number']
  return text(name) || text(record['LastName'] ?? record['lastName'] ?? record['Id'] ?? record['id'])
}
