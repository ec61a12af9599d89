import type { ReconcileDecision } from '../../flows/decision.ts'
import { type CreatingRow, type ItemLink, type LinkedRow, OPEN_FLAG } from '../../flows/row.ts'
import { otherSide } from '../../flows/side.ts'
import { alignItems, landedAttempt } from './align-items.ts'
import type { Chunk } from './chunk.ts'
import { emptyListRow } from './items-row.ts'
import { listRequest, readWholeNow } from './whole-record.ts'

/**
 * The memory of the lists of a record that our own create made and whose answer was lost: what its lines were given, so
 * that lines edited, added or removed on either side since are told apart (E18, E22). null: the row does not tell, and the
 * flow of lists begins with what it finds.
 */
export async function adoptedList(chunk: Chunk, decision: ReconcileDecision): Promise<LinkedRow | null> {
  const creating = decision.rows.find((row): row is CreatingRow => row.kind === 'creating')
  const latest = creating?.gives?.items
  if (decision.how !== 'adopt' || creating === undefined || latest === undefined) return null
  const on = otherSide(creating.side)
  const read = await readWholeNow(chunk.request, on, decision[on].id)
  if (read.kind !== 'present') return null
  const { definition } = listRequest(chunk.request)
  const identity = definition.fields.findIndex((field) => field.type === 'reference')
  const attempts = [latest, ...(creating.gives?.earlierItems ?? [])]
  const given = landedAttempt(attempts, read.whole.items, identity)
  const made = alignItems(given, read.whole.items, identity)
  const items = given.map(([id, base], index): ItemLink => {
    // Removed there before we knew its id: an id that no item has says just that.
    const other = made.get(id)?.id ?? `?${index + 1}`
    return on === 'erp'
      ? { erpId: other, shopId: id, base, shopBase: '' }
      : { erpId: id, shopId: other, base, shopBase: '' }
  })
  return { ...emptyListRow(definition, decision, chunk.pointer), flags: OPEN_FLAG, items }
}
