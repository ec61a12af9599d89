import { compareIds } from '../../flows/directory.ts'
import type { FirstLoadInput, FirstLoadPosition } from '../../flows/port.ts'
import { FINAL_FLAG, type LinkedRow } from '../../flows/row.ts'
import { type RecordKey, recordKey } from '../../flows/side.ts'
import { parentOf } from '../live/fetch-lists.ts'
import type { WorldRequest } from '../live/world-request.ts'
import { readStates } from '../reading/read-states.ts'
import { idOfState, seenOf } from '../reading/side-state.ts'
import { collectionOf } from '../systems/systems.ts'

export interface ListLoadPage {
  readonly lookAt: readonly RecordKey[]
  readonly next: FirstLoadPosition | null
  readonly cursors: { readonly erp: string; readonly shop: string }
  readonly linked: number
}

/**
 * A flow of lists begins with the records that its parent flow has linked and whose lists nobody paired yet: usually none,
 * since a new record's list is remembered with it (E22). Such a list may have been edited since, for the parent's first load
 * takes its time, and the webshop is watched from here on only: one that it shows otherwise than remembered is looked at as well.
 */
export async function listLoadPage(request: WorldRequest, input: FirstLoadInput): Promise<ListLoadPage> {
  const { memory, address, context, otherFlows, systems } = request
  const erpCursor = await collectionOf(systems, 'erp', address.flow).startCursor(context)
  const shop = collectionOf(systems, 'shop', address.flow)
  const shown = new Map<string, string | null>()
  const listing = await shop.listAll(context)
  for (const state of await readStates(request, 'shop', listing)) shown.set(idOfState(state) ?? '', seenOf(state))
  const cursors = { erp: erpCursor, shop: await shop.startCursor(context, listing) }
  const linked = await linkedInParent(request)
  const known = new Set<string>()
  await memory.eachRow(
    address,
    input.directory,
    (row) => {
      if (row.kind === 'linked' && isAsShown(row)) known.add(row.erpId)
    },
    context.signal,
  )
  const open = linked
    .filter(
      (erpId) => !known.has(erpId) && (input.position.afterId === '' || compareIds(erpId, input.position.afterId) > 0),
    )
    .sort(compareIds)
  const page = open.slice(0, input.limit)
  const last = page.at(-1)
  return {
    lookAt: page.map((erpId) => recordKey('erp', erpId)),
    next: page.length < open.length && last !== undefined ? { step: 'pairs', afterId: last } : null,
    cursors,
    linked: linked.length,
  }

  /** What became of a record that the webshop does not list is found by its own flow. */
  function isAsShown({ shopId, shopSeen }: LinkedRow): boolean {
    const seen = shown.get(shopId)
    return seen === undefined || seen === shopSeen
  }

  async function linkedInParent({ context: { signal } }: WorldRequest): Promise<string[]> {
    const parent = parentOf(request)
    const directory = parent === null ? null : await otherFlows.directoryOf(parent, signal)
    const ids: string[] = []
    if (parent === null || directory === null) return ids
    await memory.eachRow(
      parent,
      directory,
      (row) => {
        // What is invoiced has lines no more to keep equal.
        if (row.kind === 'linked' && !row.flags.includes(FINAL_FLAG)) ids.push(row.erpId)
      },
      signal,
    )
    return ids
  }
}
