import { z } from 'zod'
import type { RequestContext } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import type { Query } from '../http/http-client.ts'
import { idOrStandIn } from '../http/unreadable.ts'
import type { ListReader } from './list-pages.ts'
import { formatTicks, parseTicks, ticksOfMs } from './timestamp.ts'

/** Rows may become visible after a later watermark was read, and addresses are found by the sweep only. */
export const overlapMs = 60_000
const overlapTicks = ticksOfMs(overlapMs)

/** One way in which a list tells what changed. A collection with several (products: stock) polls each by itself. */
export interface ChangeFilter {
  /** Names its watermark in the cursor. */
  readonly watermark: string
  readonly filter: string
  /** The time that the filter looks at. */
  readonly property: string
  /** Rows may lack the time: those never changed in this way. */
  readonly isOptional?: boolean
}

/** The common one; its watermark's name is in every cursor that was ever stored. */
export const byLastChanged: ChangeFilter = {
  watermark: 'watermark',
  filter: 'lastChangedDateTimeOffsetGreaterThan',
  property: 'LastChangedDateTimeOffset',
}

/** Watermarks by name, in the vendor's spelling. */
export type ChangeCursor = Readonly<Record<string, string>>

const cursorSchema = z.record(z.string(), z.string())

export function encodeCursor(cursor: ChangeCursor): string {
  return JSON.stringify(cursor)
}

/** @throws Error for what encodeCursor did not write: cursors are ours and come back as they were */
export function decodeCursor(cursor: string): ChangeCursor {
  return cursorSchema.parse(JSON.parse(cursor))
}

/** "From now on, minus the overlap", for every filter. */
export function cursorAt(serverTimeMs: number, filters: readonly ChangeFilter[]): string {
  const start = formatTicks(ticksOfMs(serverTimeMs) - overlapTicks)
  return encodeCursor(Object.fromEntries(filters.map(({ watermark }) => [watermark, start])))
}

export interface DatedRow {
  readonly row: Row
  readonly raw: string | null
  readonly ticks: bigint | null
}

export interface ChangedRows {
  readonly rows: readonly DatedRow[]
  /** Where the filter goes on. */
  readonly next: string
}

/** What changed by one filter since its watermark, with the overlap asked again. */
export async function readChanged(
  list: Pick<ListReader, 'readAll'>,
  { filter, property, isOptional = false }: ChangeFilter,
  watermark: string,
  context: RequestContext,
  options: { readonly query?: Query; readonly coarseTicks?: bigint } = {},
): Promise<ChangedRows> {
  const since = ticksOfWatermark(watermark)
  const asked = floored(since - overlapTicks, options.coarseTicks)
  const { rows, dateMs } = await list.readAll([...(options.query ?? []), [filter, formatTicks(asked)]], context)
  const dated = rows
    .map((row) => dateRow(row, property))
    // A filter that is ignored answers everything.
    .filter(({ ticks }) => (ticks === null ? !isOptional : ticks > asked))
  const latest = dated.toSorted(byChange).findLast(({ ticks }) => ticks !== null)
  return { rows: dated, next: nextWatermark(watermark, since, latest, dateMs) }
}

/** @throws Error for a cursor that lacks every watermark */
export function watermarkOf(cursor: ChangeCursor, filter: ChangeFilter): string {
  const watermark = cursor[filter.watermark] ?? cursor[byLastChanged.watermark]
  if (watermark === undefined) throw new Error('the cursor holds no time: it was not written by this connector')
  return watermark
}

/** Each row once, in the order of its latest change; rows without a time come last, since nothing waits for them. */
export function inChangeOrder(changed: readonly ChangedRows[], keyOf: (row: Row) => string): readonly Row[] {
  const latest = new Map<string, DatedRow>()
  for (const dated of changed.flatMap(({ rows }) => rows)) {
    const key = keyOf(dated.row)
    const known = latest.get(key)
    if (!known || isLater(dated, known)) latest.set(key, dated)
  }
  return [...latest.values()].toSorted(byChange).map(({ row }) => row)
}

function isLater(one: DatedRow, other: DatedRow): boolean {
  if (one.ticks === null || other.ticks === null) return one.ticks !== null
  return one.ticks > other.ticks
}

function dateRow(row: Row, property: string): DatedRow {
  const value = row[property]
  const raw = typeof value === 'string' ? value : null
  return { row, raw, ticks: parseTicks(raw ?? '') }
}

function floored(ticks: bigint, step: bigint | undefined): bigint {
  return step === undefined ? ticks : ticks - (ticks % step)
}

function ticksOfWatermark(watermark: string): bigint {
  const ticks = parseTicks(watermark)
  if (ticks === null) throw new Error('the cursor holds no time: it was not written by this connector')
  return ticks
}

/** By time, then by id, so that two readings of the same rows agree. */
function byChange(a: DatedRow, b: DatedRow): number {
  if (a.ticks === null || b.ticks === null) return Number(a.ticks === null) - Number(b.ticks === null)
  if (a.ticks !== b.ticks) return a.ticks < b.ticks ? -1 : 1
  return byId(a.row, b.row)
}

function byId(a: Row, b: Row): number {
  const [one, other] = [a['Id'], b['Id']]
  if (typeof one === 'number' && typeof other === 'number') return one - other
  // Some ids cannot be made text (an object with a `toString` of its own).
  const [left, right] = [idOrStandIn(one, a), idOrStandIn(other, b)]
  return left < right ? -1 : Number(left > right)
}

/** The newest change in the vendor's own spelling; without news the server's time minus the overlap. Never backwards. */
function nextWatermark(watermark: string, since: bigint, latest: DatedRow | undefined, dateMs: number | null): string {
  if (latest?.ticks && latest.raw !== null && latest.ticks > since) return latest.raw
  if (dateMs === null) return watermark
  const idle = ticksOfMs(dateMs) - overlapTicks
  return idle > since ? formatTicks(idle) : watermark
}
