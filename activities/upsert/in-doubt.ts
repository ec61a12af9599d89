import type { Decision } from '../../flows/decision.ts'
import type { PutItem } from '../../flows/memory.ts'
import { type Chunk, replacing } from './chunk.ts'
import { creatingRow, creatingRowIn } from './creating-row.ts'
import { rowWithTried } from './tried-writes.ts'

/** What the memory is to hold of a decision that was cut short, since its write may have landed (E18, E19). */
export function inDoubt(chunk: Chunk, decision: Decision): PutItem[] {
  if (decision.kind === 'create') {
    // A create in PowerOffice was announced before.
    if (decision.on === 'erp' || creatingRowIn(decision)) return []
    return [replacing(decision.rows, creatingRow(chunk, decision, decision.from))]
  }
  const row = rowWithTried(chunk.definition, decision)
  return row ? [replacing(decision.rows, row)] : []
}
