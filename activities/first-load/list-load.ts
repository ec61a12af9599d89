import { compareIds } from '../../flows/directory.ts'
import type { FirstLoadInput, FirstLoadPosition } from '../../flows/port.ts'
import { FINAL_FLAG } from '../../flows/row.ts'
import { type RecordKey, recordKey } from '../../flows/side.ts'
import { parentOf } from '../live/fetch-lists.ts'
import type { WorldRequest } from '../live/world-request.ts'
import { collectionOf } from '../systems/systems.ts'

export interface ListLoadPage {
  readonly lookAt: readonly RecordKey[]
  readonly next: FirstLoadPosition | null
  readonly cursors: { readonly erp: string; readonly shop: string }
  readonly linked: number
}

/**
 * A flow of lists begins with the records that its parent flow has linked and whose lists nobody paired yet: usually none,
 * since a new record's list is remembered with it (E22).
 */
export async function listLoadPage(request: WorldRequest, input: FirstLoadInput): Promise<ListLoadPage> {
  const { memory, address, context, otherFlows } = request
  const cursors = {
    erp: await collectionOf(request.systems, 'erp', address.flow).startCursor(context),
    shop: await collectionOf(request.systems, 'shop', address.flow).startCursor(context),
  }
  const linked = await linkedInParent(request)
  const known = new Set<string>()
  await memory.eachRow(
    address,
    input.directory,
    (row) => {
      if (row.kind === 'linked') known.add(row.erpId)
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
