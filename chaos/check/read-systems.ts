import type { Side } from '../load/ledger.ts'
import type { ErpPeople, ErpRecord } from '../systems/erp-people.ts'
import type { ShopPeople, ShopRecord } from '../systems/shop-people.ts'
import { plain, type Shown, type ShownLine } from './compare.ts'

/** How many orders' lines are read at a time. */
const AT_ONCE = 8

/** Both systems as their own people see them, in one form. */
export async function readSystems(erp: ErpPeople, shop: ShopPeople): Promise<Record<Side, Shown[]>> {
  const [customers, products, orders] = [await erp.all('customers'), await erp.all('products'), await erp.all('orders')]
  const withLines = await inGroups(orders, async (order) => ({ ...order, lines: await erp.lines(String(order.Id)) }))
  const codes = new Map(products.map((product) => [product.Id, product.Code ?? '']))
  const shopProducts = await shop.all('products')
  const skus = new Map(shopProducts.map((product) => [product.id, product.sku ?? '']))
  return {
    erp: [
      ...customers.map(erpCustomer),
      ...products.map(erpProduct),
      ...withLines.map((order) => erpOrder(order, codes)),
    ],
    shop: [
      ...(await shop.all('customers')).map(shopCustomer),
      ...shopProducts.map(shopProduct),
      ...(await shop.all('orders')).map((order) => shopOrder(order, skus)),
    ],
  }
}

function erpCustomer(record: ErpRecord): Shown {
  return {
    entity: 'customer',
    id: String(record.Id),
    mark: markIn(record.WebsiteUrl),
    names: null,
    lines: [],
    fields: {
      name: plain('name', record.Name ?? ''),
      email: plain('email', record.EmailAddress ?? ''),
      phone: plain('phone', record.PhoneNumber ?? ''),
      invoiceEmail: plain('invoiceEmail', record.InvoiceEmailAddress ?? ''),
    },
  }
}

function shopCustomer(record: ShopRecord): Shown {
  return {
    entity: 'customer',
    id: record.id,
    mark: markIn(record.website),
    names: record.erpId,
    lines: [],
    fields: {
      name: plain('name', record.name ?? ''),
      email: plain('email', record.email ?? ''),
      phone: plain('phone', record.phone ?? ''),
      invoiceEmail: plain('invoiceEmail', record.invoiceEmail ?? ''),
    },
  }
}

function markIn(website: string | null | undefined): string | null {
  return /kaos-kunde-\d+/.exec(website ?? '')?.[0] ?? null
}

function erpProduct(record: ErpRecord): Shown {
  return {
    entity: 'product',
    id: String(record.Id),
    mark: record.Code?.startsWith('KAOS-') ? record.Code : null,
    names: null,
    lines: [],
    fields: {
      name: plain('name', record.Name ?? ''),
      description: plain('description', record.Description ?? ''),
      price: plain('price', String(record.UnitPrice ?? '')),
    },
  }
}

function shopProduct(record: ShopRecord): Shown {
  return {
    entity: 'product',
    id: record.id,
    mark: record.sku?.startsWith('KAOS-') ? record.sku : null,
    names: record.erpId,
    lines: [],
    fields: {
      name: plain('name', record.name ?? ''),
      description: plain('description', record.description ?? ''),
      price: plain('price', record.priceExVat ?? ''),
    },
  }
}

function erpOrder(record: ErpRecord, codes: ReadonlyMap<number | string, string>): Shown {
  const lines = [...(record.lines ?? [])].sort((one, other) => (one.SortOrder ?? 0) - (other.SortOrder ?? 0))
  return {
    entity: 'order',
    id: String(record.Id),
    mark: orderMark(record.PurchaseOrderReference),
    names: null,
    fields: {},
    lines: lines.map(
      (line): ShownLine => ({
        mark: line.Description ?? '',
        fields: {
          quantity: plain('quantity', String(line.Quantity ?? 0)),
          price: plain('price', String(line.ProductUnitPrice ?? 0)),
          product: codes.get(line.ProductId ?? '') ?? `#${line.ProductId}`,
        },
      }),
    ),
  }
}

function shopOrder(record: ShopRecord, skus: ReadonlyMap<string, string>): Shown {
  return {
    entity: 'order',
    id: record.id,
    mark: orderMark(record.purchaseOrderReference),
    names: record.erpId,
    fields: {},
    lines: (record.lines ?? []).map(
      (line): ShownLine => ({
        mark: line.description,
        fields: {
          quantity: plain('quantity', line.quantity),
          price: plain('price', line.unitPriceExVat),
          product: skus.get(line.productId ?? '') ?? `#${line.productId}`,
        },
      }),
    ),
  }
}

function orderMark(reference: string | null | undefined): string | null {
  return reference?.startsWith('kaos-ordre-') ? reference : null
}

async function inGroups<T, R>(list: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  for (let from = 0; from < list.length; from += AT_ONCE)
    done.push(...(await Promise.all(list.slice(from, from + AT_ONCE).map(work))))
  return done
}
