import { assume } from '../checks.ts'
import { type Json, pathOf, type ShopRecord } from '../collections.ts'
import { recordIn, type World } from '../world.ts'

/**
 * The record after a patch, read anew: an answer that shows something else is the concern of one rule alone.
 * @throws SetupFailed
 */
export async function patched(world: World, record: ShopRecord, patch: Json): Promise<ShopRecord> {
  const answer = await world.shop.patch(pathOf(record.collection, record.id), record.version, patch)
  assume(answer.status === 200, 'a PATCH at the present version answers 200', answer)
  recordIn(answer, record.collection)
  return world.read(record)
}
