import { compareIds } from '../../flows/directory.ts'
import type { SideState } from '../../flows/reading.ts'
import type { Row } from '../../flows/row.ts'
import { changedAgainst, seenByRecord } from '../watch/drop-seen.ts'

/** Webshop records that the memory has seen otherwise, in the order of ids, and how many of them are gone. */
export interface ChangedInShop {
  readonly ids: readonly string[]
  readonly vanished: number
}

/**
 * What people did in the webshop before a first load over a memory that was there already began to watch: its feed is read
 * from here on, and nothing compares the whole webshop later. What changed in PowerOffice is found by the sweep that follows a load (E15).
 */
export function changedInShop(states: ReadonlyMap<string, SideState>, rows: readonly Row[]): ChangedInShop {
  const ids: string[] = []
  let vanished = 0
  for (const [id, known] of seenByRecord(rows, 'shop')) {
    // A create under way is the load's own business (E18).
    if (known.kind === 'creating') continue
    const state = states.get(id) ?? { kind: 'missing', id, tombstone: false }
    if (changedAgainst(state, known) === null) continue
    ids.push(id)
    if (state.kind === 'missing') vanished++
  }
  return { ids: ids.sort(compareIds), vanished }
}
