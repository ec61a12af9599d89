import type { Difference } from '../../flows/audit.ts'
import type { Pair } from '../../flows/pair.ts'
import type { SideState } from '../../flows/reading.ts'
import type { Row } from '../../flows/row.ts'
import { idOf, type RecordKey, recordKey, type Side, sideOf, sides } from '../../flows/side.ts'
import { fetchLists, parentOf } from '../live/fetch-lists.ts'
import { notOfferedBy } from '../live/offers.ts'
import type { WorldRequest } from '../live/world-request.ts'
import { readStates } from '../reading/read-states.ts'
import { collectionOf } from '../systems/systems.ts'
import { compareLists } from './compare-lists.ts'
import { compareRecords } from './compare-records.ts'
import { isFinal } from './known-rows.ts'
import { type InboxMatter, listedIn } from './listed.ts'

export interface Look {
  readonly differences: readonly Difference[]
  readonly listed: number
  readonly compared: { readonly erp: number; readonly shop: number; readonly rows: number }
}

/** Lists asked for at once; `fetchLists` gives back what makes an answer too large. */
const LISTS_TOGETHER = 100

/**
 * One look at a flow's two systems and its memory. The memory is read first, so that what is linked meanwhile is in the
 * lists. Lists of items are read whole, one request a side and record: with `only`, those of these records alone.
 */
export async function lookAtFlow(
  request: WorldRequest,
  inbox: readonly InboxMatter[],
  say: (words: string) => void,
  only?: readonly RecordKey[],
): Promise<Look> {
  const rows: Row[] = []
  await request.memory.eachRow(request.address, request.directory, (row) => rows.push(row), request.context.signal)
  return request.definition.listOf
    ? lookAtLists(request, inbox, rows, say, only)
    : lookAtRecords(request, inbox, rows, say)
}

async function lookAtRecords(
  request: WorldRequest,
  inbox: readonly InboxMatter[],
  rows: readonly Row[],
  say: (words: string) => void,
): Promise<Look> {
  const { definition, systems, context } = request
  const listSide = async (side: Side): Promise<SideState[]> => {
    const collection = collectionOf(systems, side, definition.name)
    const records = await collection.listAll(context, (count) => say(`${side}: ${count} ${definition.name} read`))
    return readStates(request, side, records)
  }
  const [erp, shop] = await Promise.all([listSide('erp'), listSide('shop')])
  const { differences, listed } = compareRecords({
    definition,
    erp,
    shop,
    rows,
    listed: listedIn(inbox),
    notOffered: await notOfferedBy(request),
    nowMs: Date.now(),
  })
  return {
    differences: await withoutFound(request, differences),
    listed,
    compared: { erp: erp.length, shop: shop.length, rows: rows.length },
  }
}

/** A list may leave a record out that is there: gone is believed when asking by id finds nothing either (E16). */
async function withoutFound(request: WorldRequest, differences: readonly Difference[]): Promise<Difference[]> {
  const gone = new Set<RecordKey>()
  for (const side of sides) {
    const ids = differences
      .filter(({ kind }) => kind === 'vanished')
      .flatMap(({ keys }) => keys.filter((key) => sideOf(key) === side).map(idOf))
    if (ids.length === 0) continue
    const collection = collectionOf(request.systems, side, request.definition.name)
    const found = await collection.readMany([...new Set(ids)], request.context)
    for (const id of ids) if ((found.get(id)?.kind ?? 'missing') === 'missing') gone.add(recordKey(side, id))
  }
  return differences.flatMap((difference) => {
    if (difference.kind !== 'vanished') return [difference]
    const keys = difference.keys.filter((key) => gone.has(key))
    return keys.length === 0 ? [] : [{ ...difference, keys }]
  })
}

async function lookAtLists(
  request: WorldRequest,
  inbox: readonly InboxMatter[],
  rows: readonly Row[],
  say: (words: string) => void,
  only?: readonly RecordKey[],
): Promise<Look> {
  const keys = only?.filter((key) => sideOf(key) === 'erp') ?? (await keysOfLists(request, rows))
  const pairs: Pair[] = []
  let left = [...keys]
  while (left.length > 0) {
    const asked = left.slice(0, LISTS_TOGETHER)
    const answer = await fetchLists(request, {
      ...request.address,
      keys: asked,
      linkByHand: [],
      directory: request.directory,
    })
    pairs.push(...answer.pairs.map(({ pair }) => pair))
    left = [...answer.left, ...left.slice(asked.length)]
    say(`${pairs.length} of ${keys.length} lists read`)
  }
  const { definition } = request
  const found = compareLists({ definition, pairs, listed: listedIn(inbox), notOffered: await notOfferedBy(request) })
  return { ...found, compared: { erp: pairs.length, shop: pairs.length, rows: rows.length } }
}

/** What this flow remembers and what its parent flow has linked, by PowerOffice id; invoiced ones have no lists to keep. */
async function keysOfLists(request: WorldRequest, rows: readonly Row[]): Promise<RecordKey[]> {
  const ids = new Set<string>()
  const add = (row: Row): void => {
    if (row.kind === 'linked' && !isFinal(row)) ids.add(row.erpId)
  }
  for (const row of rows) add(row)
  const parent = parentOf(request)
  const { signal } = request.context
  const directory = parent === null ? null : await request.otherFlows.directoryOf(parent, signal)
  const finals = new Set<string>()
  if (parent !== null && directory !== null)
    await request.memory.eachRow(
      parent,
      directory,
      (row) => {
        if (row.kind === 'linked' && isFinal(row)) finals.add(row.erpId)
        else add(row)
      },
      signal,
    )
  return [...ids].filter((id) => !finals.has(id)).map((id) => recordKey('erp', id))
}
