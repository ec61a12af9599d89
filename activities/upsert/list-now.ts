import type { ItemReading, Reading, SideState } from '../../flows/reading.ts'
import { type Side, sides } from '../../flows/side.ts'
import type { ParsedRecord } from '../connector.ts'
import { readWholeRecord } from '../live/fetch-lists.ts'
import { readState } from '../reading/read-states.ts'
import type { Chunk } from './chunk.ts'
import type { ItemsResult, ShownAtFirst } from './item-links.ts'

/** A record with its items, as its side showed it at one moment. */
export interface ReadList {
  readonly record: ParsedRecord & { readonly kind: 'record' }
  readonly reading: Reading
  readonly items: readonly ItemReading[]
}

/** null: it is gone, or cannot be read. */
export async function readListNow(chunk: Chunk, side: Side, id: string): Promise<ReadList | null> {
  const record = await readWholeRecord(chunk.request, side, id)
  const state: SideState = await readState(chunk.request, side, record)
  if (record.kind !== 'record' || state.kind !== 'present') return null
  return { record, reading: state.reading, items: state.reading.items ?? [] }
}

/** What the answers to the writes showed, in the form that is compared. */
export async function readAnswered(
  chunk: Chunk,
  lists: Readonly<Record<Side, ReadList>>,
  { answered }: ItemsResult,
): Promise<ShownAtFirst> {
  const readSide = async (side: Side): Promise<ReadonlyMap<string, ItemReading>> => {
    if (answered[side].size === 0) return new Map()
    const state = await readState(chunk.request, side, { ...lists[side].record, items: [...answered[side].values()] })
    const items = state.kind === 'present' ? (state.reading.items ?? []) : []
    return new Map(items.map((item) => [item.id, item]))
  }
  const [erp, shop] = await Promise.all(sides.map(readSide))
  return { erp: erp ?? new Map(), shop: shop ?? new Map() }
}
