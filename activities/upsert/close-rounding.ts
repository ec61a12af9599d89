import type { FieldNote } from '../../flows/decision.ts'
import { collectionOf } from '../systems/systems.ts'
import type { Chunk } from './chunk.ts'
import { roundingRest } from './totals.ts'
import { listRequest, readWholeNow, type WholeRecord } from './whole-record.ts'
import { words } from './write-side.ts'

/**
 * A new order of PowerOffice whose total differs from the webshop's by rounding gets a line that closes the rest, where the
 * company wants one. Done once, at creation: an order that a crash left without is within the tolerance all the same.
 * @returns the order as it is afterwards
 */
export async function closeRounding(
  chunk: Chunk,
  made: WholeRecord,
  source: WholeRecord,
): Promise<{ readonly made: WholeRecord; readonly notes: readonly FieldNote[] }> {
  const { name } = listRequest(chunk.request).definition
  const { addRounding } = collectionOf(chunk.request.systems, 'erp', name)
  const rest = addRounding ? roundingRest(made.record.totals, source.record.totals, source.items.length) : null
  if (!addRounding || rest === null) return { made, notes: [] }
  chunk.pulse.assertAlive()
  const answer = await addRounding(made.record, rest, chunk.context)
  if (answer.kind === 'refused') {
    const detail = `Its total lacks ${rest} by rounding, and the line that closes it was refused: ${words(answer)}`
    return { made, notes: [{ field: 'totals', kind: 'asks', detail }] }
  }
  const now = await readWholeNow(chunk.request, 'erp', made.header.id)
  return { made: now.kind === 'present' ? now.whole : made, notes: [] }
}
