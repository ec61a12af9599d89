import { Problem } from '../problem.ts'
import type { RecordStore, StoredRecord } from '../record-store.ts'

/** @throws Problem 404, 410 */
export function liveRecord<Fields>(store: RecordStore<Fields>, singular: string, id: string): StoredRecord<Fields> {
  const found = store.find(id)
  if (found.kind === 'live') return found.record
  if (found.kind === 'deleted') throw new Problem(410, 'gone', `The ${singular} ${id} was deleted.`)
  throw new Problem(404, 'not-found', `There is no ${singular} ${id}.`)
}
