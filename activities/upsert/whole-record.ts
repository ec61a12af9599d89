import type { ItemReading, Reading } from '../../flows/reading.ts'
import { flowNamed } from '../../flows/registry.ts'
import type { Side } from '../../flows/side.ts'
import type { ParsedRecord } from '../connector.ts'
import { readWholeRecord } from '../live/fetch-lists.ts'
import type { WorldRequest } from '../live/world-request.ts'
import { readState } from '../reading/read-states.ts'

/** A record with its items as both flows see them: its own reading, and that of its list (E22). */
export interface WholeRecord {
  readonly record: ParsedRecord & { readonly kind: 'record' }
  readonly header: Reading
  /** With values: what is written is taken from here. */
  readonly list: Reading
  readonly items: readonly ItemReading[]
}

export type WholeRead =
  | { readonly kind: 'present'; readonly whole: WholeRecord }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unreadable'; readonly problem: string }

/** Reads the record of a flow that has items, now. */
export async function readWholeNow(request: WorldRequest, side: Side, id: string): Promise<WholeRead> {
  return wholeOf(request, side, await readWholeRecord(request, side, id))
}

/** The same of a record that a write has just answered. */
export async function wholeOf(request: WorldRequest, side: Side, record: ParsedRecord): Promise<WholeRead> {
  if (record.kind === 'missing') return { kind: 'gone' }
  if (record.kind === 'unreadable') return { kind: 'unreadable', problem: `${record.path}: ${record.problem}` }
  const header = await readState(request, side, record)
  if (header.kind === 'unreadable') return { kind: 'unreadable', problem: `${header.path}: ${header.problem}` }
  const list = await readState(listRequest(request), side, record)
  if (list.kind === 'unreadable') return { kind: 'unreadable', problem: `${list.path}: ${list.problem}` }
  if (header.kind !== 'present' || list.kind !== 'present') return { kind: 'gone' }
  return {
    kind: 'present',
    whole: { record, header: header.reading, list: list.reading, items: list.reading.items ?? [] },
  }
}

/** The same systems seen as the flow of the record's items. */
export function listRequest(request: WorldRequest): WorldRequest {
  const { items } = request.definition
  if (items === undefined) return request
  return { ...request, definition: flowNamed(items) }
}
