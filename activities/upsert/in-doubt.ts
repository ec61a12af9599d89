import type { Decision } from '../../flows/decision.ts'
import type { PutItem } from '../../flows/memory.ts'
import { type Chunk, replacing } from './chunk.ts'
import { creatingRow, creatingRowIn } from './creating-row.ts'
import { rowWithTried } from './tried-writes.ts'

/**
 * Nothing of the chunk can be carried out now, and an earlier attempt may have: what that one may have created is noted.
 * What it may have written is, by then (tried-writes.ts).
 * @throws VendorTrouble while the memory does not answer
 */
export async function noteCreatesInDoubt(chunk: DoubtedChunk, decisions: readonly (Decision | null)[]): Promise<void> {
  const puts = decisions.flatMap((decision) => (decision?.kind === 'create' ? inDoubt(chunk, decision) : []))
  if (puts.length > 0) await chunk.request.memory.put(chunk.input, chunk.input.directory, puts, chunk.context.signal)
}

type DoubtedChunk = Omit<Chunk, 'targets'>

/** What the memory is to hold of a decision that was cut short, since its write may have landed (E18, E19). */
export function inDoubt(chunk: DoubtedChunk, decision: Decision): PutItem[] {
  if (decision.kind === 'create') {
    // A create in PowerOffice was announced before.
    if (decision.on === 'erp' || creatingRowIn(decision)) return []
    return [replacing(decision.rows, creatingRow(chunk, decision, decision.from))]
  }
  const row = rowWithTried(chunk.definition, decision)
  return row ? [replacing(decision.rows, row)] : []
}
