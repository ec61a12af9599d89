import type { CreateDecision } from '../../flows/decision.ts'
import type { Reading } from '../../flows/reading.ts'
import { type CreatingRow, rowKey } from '../../flows/row.ts'
import { type Chunk, replacing } from './chunk.ts'
import { creationAfter } from './creation.ts'
import { createdContent } from './values-to-create.ts'

/** What the memory holds of a create whose end is not known (E18). `source`: what the new record is made from. */
export function creatingRow(chunk: Chunk, decision: CreateDecision, source: Reading): CreatingRow {
  const creation = creationAfter(decision)
  return {
    kind: 'creating',
    side: source.side,
    id: source.id,
    reference: source.id,
    creation,
    since: Date.now(),
    gives: createdContent(chunk.definition, decision.on, source, chunk.collections[decision.on], creation),
  }
}

export function creatingRowIn({ rows }: CreateDecision): CreatingRow | undefined {
  return rows.find((row): row is CreatingRow => row.kind === 'creating')
}

/** The decision with the row of its create, which stands where the record's row of before stood. */
export function withCreatingRow(decision: CreateDecision, row: CreatingRow): CreateDecision {
  return { ...decision, rows: [...decision.rows.filter((other) => rowKey(other) !== rowKey(row)), row] }
}

/**
 * An earlier attempt is known to have made nothing: from now on the memory says what this one gives. undefined: the row
 * is another by now, and the record is decided anew.
 */
export async function announcedAnew(
  chunk: Chunk,
  decision: CreateDecision,
  source: Reading,
): Promise<CreateDecision | undefined> {
  const row = creatingRow(chunk, decision, source)
  if (creatingRowIn(decision)?.gives?.hashes === row.gives?.hashes) return decision
  const put = [replacing(decision.rows, row)]
  const report = await chunk.request.memory.put(chunk.input, chunk.input.directory, put, chunk.context.signal)
  return report.answers[0]?.kind === 'done' ? withCreatingRow(decision, row) : undefined
}
