import type { Decision } from '../../flows/decision.ts'
import type { Reading } from '../../flows/reading.ts'
import { otherSide, type Side, sides } from '../../flows/side.ts'
import type { Collection, ParsedRecord } from '../connector.ts'
import { contentIn, type Snapshot } from '../first-load/snapshot.ts'
import type { WorldRequest } from '../live/world-request.ts'
import { readState } from '../reading/read-states.ts'
import type { Current, Targets } from './chunk.ts'

/** A read older than this is repeated just before a write that no version guards (E19). */
const FRESH_MS = 2_000

interface Read {
  readonly record: ParsedRecord | undefined
  readonly at: number
}

/**
 * Reads what a chunk is about to write, together: one list instead of a request a record (E19). Records of a first load
 * come from its lists; the webshop's version guards those writes.
 */
export async function readTargets(
  request: WorldRequest,
  collections: Readonly<Record<Side, Collection>>,
  snapshot: Snapshot | undefined,
  decisions: readonly Decision[],
): Promise<Targets> {
  const reads: Record<Side, Map<string, Read>> = { erp: new Map(), shop: new Map() }
  await Promise.all(
    sides.map(async (side) => {
      const ids = decisions.flatMap((decision) => targetsOf(decision, side, snapshot))
      if (ids.length > 0) await read(side, [...new Set(ids)])
    }),
  )
  return { current, content, again }

  async function read(side: Side, ids: readonly string[]): Promise<void> {
    const at = performance.now()
    const records = await collections[side].readMany(ids, request.context)
    for (const id of ids) reads[side].set(id, { record: records.get(id), at })
  }

  async function current(side: Side, reading: Reading): Promise<Current> {
    const known = reads[side].get(reading.id)
    const isGuarded = reading.version !== null
    if (known && (isGuarded || performance.now() - known.at < FRESH_MS)) return currentOf(side, known.record)
    const listed =
      side === 'shop' && contentIn(snapshot, side, reading.id, reading.seen)
        ? snapshot?.shopRecords.get(reading.id)
        : undefined
    if (listed) return currentOf(side, listed)
    return again(side, reading.id)
  }

  async function again(side: Side, id: string): Promise<Current> {
    await read(side, [id])
    return currentOf(side, reads[side].get(id)?.record)
  }

  async function content(reading: Reading): Promise<Reading | undefined> {
    if (reading.content) return reading
    const listed = contentIn(snapshot, reading.side, reading.id, reading.seen)
    if (listed) return listed
    const now = await current(reading.side, reading)
    return now.kind === 'present' && now.reading.seen === reading.seen ? now.reading : undefined
  }

  async function currentOf(side: Side, record: ParsedRecord | undefined): Promise<Current> {
    if (record?.kind !== 'record') return { kind: 'gone' }
    const state = await readState(request, side, record)
    return state.kind === 'present' ? { kind: 'present', record, reading: state.reading } : { kind: 'gone' }
  }
}

function targetsOf(decision: Decision, side: Side, snapshot: Snapshot | undefined): string[] {
  if (decision.kind === 'reconcile') {
    const reading = decision[side]
    const writes =
      side === 'erp' ? decision.writeErp.length > 0 : decision.writeShop.length > 0 || decision.nameCounterpart
    if (!writes) return []
    return side === 'shop' && contentIn(snapshot, side, reading.id, reading.seen) ? [] : [reading.id]
  }
  if (decision.kind === 'retire') {
    const target = decision.archive ?? decision.remove
    return target?.side === side ? [target.id] : []
  }
  // A record created in PowerOffice is named in the webshop's afterwards (rule 12).
  if (decision.kind === 'create' && decision.on === 'erp' && side === otherSide(decision.on))
    return contentIn(snapshot, side, decision.from.id, decision.from.seen) ? [] : [decision.from.id]
  return []
}
