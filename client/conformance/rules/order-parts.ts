import { assume } from '../checks.ts'
import { isJson, type Json, pathOf, type ShopRecord } from '../collections.ts'
import { newLine } from '../samples.ts'
import type { Answer } from '../shop-client.ts'
import type { World } from '../world.ts'

export function linesOf({ json }: Pick<ShopRecord, 'json'>): readonly Json[] {
  const { lines } = json
  return Array.isArray(lines) ? lines.filter(isJson) : []
}

export const linesPath = (order: Pick<ShopRecord, 'id'>, lineId?: unknown): string =>
  `${pathOf('orders', order.id)}/lines${lineId === undefined ? '' : `/${encodeURIComponent(String(lineId))}`}`

/** A line with a product where the shop lets the kit make one, else one of freight. */
export async function productLine(world: World, fields: Json = {}): Promise<Json> {
  if (!world.creatable().includes('products')) return newLine(fields)
  const { id } = await world.make('products')
  return newLine({ kind: 'product', description: 'Goods', productId: id, ...fields })
}

/** The POST of a line at the order's present version. */
export async function addLine(world: World, order: ShopRecord, line: Json, headers = {}): Promise<Answer> {
  const ifMatch = { 'if-match': `"${order.version}"` }
  return world.shop.post(linesPath(order), line, { headers: { ...ifMatch, ...headers } })
}

/** @throws SetupFailed */
export async function setStatus(world: World, order: ShopRecord, status: string): Promise<ShopRecord> {
  const answer = await world.shop.patch(pathOf('orders', order.id), order.version, { status })
  assume(answer.status === 200, `a PATCH to status ${status} answers 200`, answer)
  return world.read(order)
}
