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

/** What the webshop's lists looked like when a load began, and from where its changes are told since. */
interface ListedShop {
  readonly loadId: string
  readonly seen: ReadonlyMap<string, string | null>
  readonly cursor: string
}

/** The pages of loads of lists. The webshop is listed once for all pages of a load; after a crash it is listed again. */
export function createListLoads(): (request: WorldRequest, input: FirstLoadInput) => Promise<ListLoadPage> {
  const held = new Map<string, ListedShop>()
  return async (request, input) => {
    const name = `${input.connection}.${input.flow}`
    const existing = held.get(name)
    const listed = existing?.loadId === input.loadId ? existing : await listShop(request, input.loadId)
    const page = await listLoadPage(request, input, listed)
    if (page.next === null) held.delete(name)
    else held.set(name, listed)
    return page
  }
}

async function listShop(request: WorldRequest, loadId: string): Promise<ListedShop> {
  const { systems, address, context } = request
  const shop = collectionOf(systems, 'shop', address.flow)
  const listing = await shop.listAll(context)
  const seen = new Map<string, string | null>()
  for (const state of await readStates(request, 'shop', listing)) seen.set(idOfState(state) ?? '', seenOf(state))
  return { loadId, seen, cursor: await shop.startCursor(context, listing) }
}

/**
 * A flow of lists begins with the records that its parent flow has linked and whose lists nobody paired yet: usually none,
 * since a new record's list is remembered with it (E22). Such a list may have been edited since, for the parent's first load
 * takes its time, and the webshop is watched from here on only: one that it shows otherwise than remembered is looked at as well.
 */
async function listLoadPage(request: WorldRequest, input: FirstLoadInput, shop: ListedShop): Promise<ListLoadPage> {
  const { memory, address, context, otherFlows, systems } = request
  const cursors = {
    erp: await collectionOf(systems, 'erp', address.flow).startCursor(context),
    shop: shop.cursor,
  }
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
    const seen = shop.seen.get(shopId)
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
