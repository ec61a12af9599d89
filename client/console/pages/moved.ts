import type { Side } from '../../../flows/side.ts'
import type { Movement } from '../../../workflows/messages.ts'
import type { ShownPair } from '../pairs.ts'
import { movedTo } from './direction.ts'

/** How long a mark stays; the style sheet lets it fade meanwhile. */
export const markedForMs = 20_000

/** The newest movement of the pair that is still to be marked. */
export function movementOf(
  { erpId, shopId }: Pick<ShownPair, 'erpId' | 'shopId'>,
  recent: readonly Movement[],
  now: number,
): Movement | undefined {
  return recent.find(
    (movement) =>
      now - movement.at < markedForMs &&
      ((erpId !== null && movement.erpId === erpId) || (shopId !== null && movement.shopId === shopId)),
  )
}

/** Whether the movement wrote the field on that side; one that names no field wrote the whole record. */
export function wasWritten(movement: Movement | undefined, side: Side, field: string): boolean {
  if (movement === undefined) return false
  const to = movedTo(movement)
  if (to === null) return movement.fields.includes(field)
  return to === side && (movement.fields.length === 0 || movement.fields.includes(field))
}
