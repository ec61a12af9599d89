import type { CreateDecision } from '../../flows/decision.ts'
import type { Reading } from '../../flows/reading.ts'
import type { CreatingRow, Row } from '../../flows/row.ts'
import { type RecordKey, recordKey } from '../../flows/side.ts'
import { type Chunk, replacing } from './chunk.ts'
import { creatingRow, creatingRowIn, withOwnRefusal } from './creating-row.ts'
import { readWholeNow, type WholeRecord } from './whole-record.ts'

/**
 * Creates announced by one put and one list. An announced create that is not carried out costs three lookups when its
 * turn comes, so no more are announced than four seconds of PowerOffice's rate.
 */
const ANNOUNCED_TOGETHER = 40
/** So many before a group ends, the next one is announced: a second's worth, so that the rate is not left unused. */
const AHEAD = 10

/** What the announcement of a create came to. `stale`: the record is known or matched by now, and is decided anew. */
export type Announcement = CreatingRow | 'stale'

export interface Announcer {
  /** False for a decision that needs no announcement. */
  isNeeded(index: number): boolean
  /** True for a create whose group was announced: it cannot be deferred at no cost any more. */
  isAnnounced(index: number): boolean
  /**
   * Announces the group of the decision at `index`, which needs it, once.
   * @param mayGoOn whether the next group, too, is likely to be reached
   */
  announced(index: number, mayGoOn: () => boolean): Promise<Announcement>
}

/**
 * Before anything is POSTed to PowerOffice, the memory says what is about to be created, and everything that came or
 * changed since the match was made is read and matched again (E18). A webshop's Idempotency-Key makes that needless.
 */
export function createAnnouncer(chunk: Chunk): Announcer {
  const creates = chunk.input.decisions.flatMap((decision, index) =>
    decision.kind === 'create' && decision.on === 'erp' ? [{ decision, index }] : [],
  )
  const placeOf = new Map(creates.map(({ index }, place) => [index, place]))
  const groups = new Map<number, Promise<Map<number, Announcement>>>()

  return {
    isNeeded: (index) => placeOf.has(index),
    isAnnounced: (index) => {
      const place = placeOf.get(index)
      return place !== undefined && groups.has(groupOf(place))
    },
    announced: async (index, mayGoOn) => {
      const place = placeOf.get(index)
      if (place === undefined) return 'stale'
      const group = groupOf(place)
      const own = announce(group)
      const left = (group + 1) * ANNOUNCED_TOGETHER - place
      // Whoever needs the next group awaits it and hears of its failure; until then nobody does.
      if (left <= AHEAD && mayGoOn()) announce(group + 1).catch(() => undefined)
      return (await own).get(index) ?? 'stale'
    },
  }

  function announce(group: number): Promise<Map<number, Announcement>> {
    const known = groups.get(group)
    if (known) return known
    const from = group * ANNOUNCED_TOGETHER
    const made = announceTogether(chunk, creates.slice(from, from + ANNOUNCED_TOGETHER))
    groups.set(group, made)
    return made
  }
}

function groupOf(place: number): number {
  return Math.floor(place / ANNOUNCED_TOGETHER)
}

async function announceTogether(
  chunk: Chunk,
  creates: readonly { readonly decision: CreateDecision; readonly index: number }[],
): Promise<Map<number, Announcement>> {
  const announced = new Map<number, Announcement>()
  if (creates.length === 0) return announced
  const known = await rowsNow(
    chunk,
    creates.map(({ decision }) => recordKey(decision.from.side, decision.from.id)),
  )
  const linked = linkedIn(known)
  const rows: CreatingRow[] = []
  const ready: { readonly decision: CreateDecision; readonly index: number; readonly source: Reading }[] = []
  for (const { decision: decided, index } of creates) {
    const decision = withOwnRefusal(chunk, decided, known)
    if (linked.has(recordKey(decision.from.side, decision.from.id))) {
      announced.set(index, 'stale')
      continue
    }
    const whole = await wholeSource(chunk, decision)
    const source = whole?.header ?? (await chunk.targets.content(decision.from))
    if (source?.seen !== decision.from.seen) {
      announced.set(index, 'stale')
      continue
    }
    ready.push({ decision, index, source })
    // What an earlier attempt gave is kept until it is known that it made nothing.
    const { gives } = creatingRowIn(decision) ?? {}
    rows.push({ ...creatingRow(chunk, decision, source, whole?.items), ...(gives ? { gives } : {}) })
  }
  if (ready.length === 0) return announced
  const report = await chunk.request.memory.put(
    chunk.input,
    chunk.input.directory,
    ready.map(({ decision }, at) => replacing(decision.rows, rows[at] as CreatingRow)),
    chunk.context.signal,
  )
  // Where our reference alone matches, nothing can have come since but by us, and the system keeps it unique.
  const asKnown = chunk.definition.matchKeys.length === 0
  const world = await chunk.worlds.current(chunk.request, { asKnown })
  for (const [at, { decision, index, source }] of ready.entries()) {
    const answer = report.answers[at]
    const row = rows[at]
    const matched = world.matchOne(source).match.kind
    const isTaken = matched === 'matched' || (matched === 'ambiguous' && !decision.byHand)
    const isStale = answer?.kind !== 'done' || !row || isTaken
    announced.set(index, isStale ? 'stale' : row)
  }
  return announced
}

function rowsNow(chunk: Chunk, keys: readonly RecordKey[]): Promise<readonly Row[]> {
  return chunk.request.memory.lookup(chunk.input, chunk.input.directory, keys, chunk.context.signal)
}

/**
 * Which of these records have a link by now. An attempt that created, linked and died before it could say so leaves no
 * `creating` row behind, and its record is matched by nobody, since the one that it was linked with is taken.
 */
function linkedIn(rows: readonly Row[]): ReadonlySet<RecordKey> {
  return new Set(
    rows.flatMap((row) => (row.kind === 'linked' ? [recordKey('erp', row.erpId), recordKey('shop', row.shopId)] : [])),
  )
}

/** Of a record that is created with its list (E22); null where that cannot be read, which its create finds out by itself. */
async function wholeSource(chunk: Chunk, { from }: CreateDecision): Promise<WholeRecord | null> {
  if (chunk.definition.items === undefined) return null
  const read = await readWholeNow(chunk.request, from.side, from.id)
  return read.kind === 'present' ? read.whole : null
}
