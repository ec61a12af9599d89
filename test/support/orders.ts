import { flowNames } from '../../flows/flow-definition.ts'
import { type ErpSandbox, type ShopSandbox, startWorld, until, type World, type WorldOptions } from './world.ts'

/** Both systems, whoever synchronises them. */
export interface BothSystems {
  readonly erp: ErpSandbox
  readonly shop: ShopSandbox
}

/** Both systems with all five flows running; every flow has ended its first load. */
export async function startOrderWorld(options: WorldOptions = {}): Promise<World> {
  const world = await startWorld(options)
  await world.startWorker()
  for (const flow of flowNames) await world.of(flow).start()
  // Seeds of hundreds of records in every flow take a busy machine minutes.
  for (const flow of flowNames) await world.of(flow).settled(240_000)
  return world
}

/** Nothing is under way in any flow, twice in a row: what one flow did may have woken another. */
export async function allSettled(world: World): Promise<void> {
  for (let round = 0; round < 2; round++) for (const flow of flowNames) await world.of(flow).settled(240_000)
}

let count = 0

/** A company that exists in the webshop only, until it is synchronised. */
export function shopCompany(world: BothSystems, more: Readonly<Record<string, unknown>> = {}): string {
  count++
  return world.shop.customers.create({
    kind: 'company',
    name: `Handel ${count} AS`,
    email: `handel${count}@fjordnett.example`,
    ...more,
  }).id
}

export function shopProduct(world: BothSystems, more: Readonly<Record<string, unknown>> = {}): string {
  count++
  return world.shop.products.create({
    sku: `V-${count}`,
    name: `Vare ${count}`,
    priceExVat: '100.00',
    vatRate: '25',
    unit: 'EA',
    type: 'product',
    ...more,
  }).id
}

export function shopLine(productId: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    kind: 'product',
    productId,
    description: 'En vare',
    quantity: '2',
    unit: 'EA',
    unitPriceExVat: '100.00',
    vatRate: '25',
    ...more,
  }
}

export const freight = { kind: 'shipping', description: 'Frakt', quantity: '1', unitPriceExVat: '79.20', vatRate: '25' }

/** The articles on which freight, fees, discounts and the like stand in PowerOffice (the option `lineProducts`). */
export function addLineArticles(world: BothSystems): void {
  world.erp.products.insert(
    [
      ['FRAKT', 'Frakt'],
      ['GEBYR', 'Gebyr'],
      ['RABATT', 'Rabatt'],
      ['GAVEKORT', 'Gavekort'],
      ['AVRUNDING', 'Avrunding'],
    ].map(([Code, Name]) => ({ Code, Name, ProductType: 'Service', UnitPrice: 0, StandardSalesAccount: 3000 })),
  )
}

export function placeOrder(
  world: BothSystems,
  customerId: string,
  lines: readonly Record<string, unknown>[],
  more: Readonly<Record<string, unknown>> = {},
): string {
  return world.shop.orders.create({
    customerId,
    currency: 'NOK',
    orderedAt: '2026-11-20T10:00:00Z',
    lines,
    ...more,
  }).id
}

/** The PowerOffice order that a webshop order names; waits until it names one. */
export async function erpOrderOf(world: BothSystems, shopId: string): Promise<string> {
  return until(`the order ${shopId} to be linked`, async () => {
    const erpId = world.shop.orders.get(shopId)?.erpId
    return erpId?.startsWith('order:') ? erpId.slice('order:'.length) : undefined
  })
}

/** The webshop order that names a PowerOffice order; waits until there is one. */
export async function shopOrderOf(world: BothSystems, erpId: string): Promise<string> {
  return until(`the order ${erpId} to be linked`, async () => {
    return world.shop.orders.all().find((order) => order.erpId === `order:${erpId}`)?.id
  })
}

interface PlainLine {
  readonly product: string
  readonly description: string
  readonly quantity: number
  readonly price: number
  readonly discount: number
}

/** The lines of both sides as a person would compare them, from raw records alone. */
export function plainErpLines(world: BothSystems, erpId: string): PlainLine[] {
  return world.erp.salesOrders.linesOf(erpId).map((line) => ({
    product: codeOf(world, line.ProductId),
    description: line.Description ?? '',
    quantity: Number(line.Quantity ?? 0),
    price: Number(line.ProductUnitPrice ?? 0),
    discount: Number(line.Allowance ?? 0),
  }))
}

const articles: Readonly<Record<string, string>> = {
  shipping: 'FRAKT',
  payment: 'GEBYR',
  discount: 'RABATT',
  giftcard: 'GAVEKORT',
  rounding: 'AVRUNDING',
  text: '',
}

export function plainShopLines(world: BothSystems, shopId: string): PlainLine[] {
  const order = world.shop.orders.get(shopId)
  return (order?.lines ?? []).map((line) => ({
    product:
      line.kind === 'product'
        ? (world.shop.products.get(line.productId ?? '')?.sku ?? '')
        : (articles[line.kind] ?? ''),
    description: line.description ?? '',
    quantity: Number(line.quantity ?? 0),
    price: Number(line.unitPriceExVat ?? 0),
    discount: Number(line.discountPercent ?? 0),
  }))
}

function codeOf(world: BothSystems, productId: number | null | undefined): string {
  return productId === null || productId === undefined
    ? ''
    : (world.erp.products.get(productId)?.Code ?? `#${productId}`)
}

/** Waits until both sides show the same lines in the same order. */
export async function linesAgree(world: BothSystems, erpId: string, shopId: string): Promise<PlainLine[]> {
  return until('the lines of both sides to be equal', async () => {
    const erp = plainErpLines(world, erpId)
    return JSON.stringify(erp) === JSON.stringify(plainShopLines(world, shopId)) ? erp : undefined
  })
}
