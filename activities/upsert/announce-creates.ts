import type { CreateDecision } from '../../flows/decision.ts'
import type { PutItem } from '../../flows/memory.ts'
import type { Reading } from '../../flows/reading.ts'
import { type CreatingRow, type Row, rowKey } from '../../flows/row.ts'
import { encodeRow } from '../../flows/row-codec.ts'
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

interface Announced {
  readonly row: CreatingRow
  readonly decision: CreateDecision
  readonly source: Reading
}

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
  /** Of these nothing was sent: whoever comes next need not look whether it landed, nor wait until it must have. */
  takeBack(indexes: readonly number[]): Promise<void>
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
  const groups = new Map<number, Promise<Map<number, Announced>>>()

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
      const announced = (await own).get(index)
      if (!announced) return 'stale'
      // Neighbours were created in the meantime, and whatever was read for them may have told of another such record.
      if (!hasNamesake(chunk, announced)) return announced.row
      await takeBack(chunk, [announced])
      return 'stale'
    },
    takeBack: async (indexes) => {
      const made = await Promise.all(
        [...groups.values()].map((group) => group.catch(() => new Map<number, Announced>())),
      )
      await takeBack(
        chunk,
        indexes.flatMap((index) => made.flatMap((announced) => announced.get(index) ?? [])),
      )
    },
  }

  function announce(group: number): Promise<Map<number, Announced>> {
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
): Promise<Map<number, Announced>> {
  const announced = new Map<number, Announced>()
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
    if (linked.has(recordKey(decision.from.side, decision.from.id))) continue
    const whole = await wholeSource(chunk, decision)
    const source = whole?.header ?? (await chunk.targets.content(decision.from))
    if (source?.seen !== decision.from.seen) continue
    ready.push({ decision, index, source })
    // What an earlier attempt gave, and when, is kept until it is known that it made nothing.
    const { gives, since } = creatingRowIn(decision) ?? {}
    const row = creatingRow(chunk, decision, source, whole?.items)
    rows.push({ ...row, ...(since === undefined ? {} : { since }), ...(gives ? { gives } : {}) })
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
  const inVain: Announced[] = []
  for (const [at, { decision, index, source }] of ready.entries()) {
    const row = rows[at]
    if (report.answers[at]?.kind !== 'done' || !row) continue
    const matched = world.matchOne(source).match.kind
    const isTaken = matched === 'matched' || (matched === 'ambiguous' && !decision.byHand)
    if (isTaken) inVain.push({ row, decision, source })
    else announced.set(index, { row, decision, source })
  }
  await takeBack(chunk, inVain)
  return announced
}

function hasNamesake({ worlds, input, definition }: Chunk, { decision, source }: Announced): boolean {
  if (decision.byHand || definition.matchKeys.length === 0) return false
  return worlds.asKnown(input)?.hasNamesake(source) === true
}

/**
 * Nothing was sent for these: a row that says so would make of the record that stands there now one of ours, whose values are
 * edits since, and first agreement (rule 2) would have no say. An earlier attempt's row stays.
 */
async function takeBack({ request, input, context }: Chunk, inVain: readonly Announced[]): Promise<void> {
  const puts = inVain.flatMap(({ row, decision }): PutItem[] => {
    if (creatingRowIn(decision)) return []
    const before = decision.rows.find((other) => rowKey(other) === rowKey(row))
    return [{ key: rowKey(row), expect: encodeRow(row), row: before ? encodeRow(before) : null }]
  })
  if (puts.length > 0) await request.memory.put(input, input.directory, puts, context.signal)
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
