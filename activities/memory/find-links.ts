import type { FlowName } from '../../flows/flow-definition.ts'
import type { FlowAddress } from '../../flows/port.ts'
import { recordKey, type Side } from '../../flows/side.ts'
import type { ReferenceId } from '../mapping/reference-ids.ts'
import type { ReferenceLinks } from '../mapping/reference-links.ts'
import type { OtherFlows } from '../other-flows.ts'
import type { Memory } from './memory-client.ts'

/**
 * A link found is believed this long: one order is read several times while it is made, and its customer's link is no older
 * than a request under way. That there is none is never remembered: somebody may be waiting for it.
 */
const BELIEVED_MS = 5_000
/** Forgotten all at once beyond this, so that the cache stays small. */
const MOST_BELIEVED = 20_000

export interface LinkFinder {
  /** One lookup a flow, however many ids; a flow that nobody ever started has no links. @throws VendorTrouble */
  find(connection: string, ids: readonly ReferenceId[], signal: AbortSignal): Promise<ReferenceLinks>
}

export function createLinkFinder(memory: Memory, otherFlows: OtherFlows): LinkFinder {
  const believed = new Map<string, { readonly counterpart: string; readonly until: number }>()

  return {
    find: async (connection, ids, signal) => {
      const found = new Map<string, string>()
      const open = ids.filter(({ flow, side, id }) => {
        const known = believed.get(`${connection} ${nameOf(flow, side, id)}`)
        if (!known || known.until < performance.now()) return true
        found.set(nameOf(flow, side, id), known.counterpart)
        return false
      })
      const flows = [...new Set(open.map((id) => id.flow))]
      await Promise.all(
        flows.map(async (flow) => {
          const address: FlowAddress = { connection, flow }
          const directory = await otherFlows.directoryOf(address, signal)
          if (directory === null) return
          const keys = [...new Set(open.filter((id) => id.flow === flow).map((id) => recordKey(id.side, id.id)))]
          for (const row of await memory.lookup(address, directory, keys, signal)) {
            if (row.kind !== 'linked') continue
            learn(connection, flow, 'erp', row.erpId, row.shopId, found)
            learn(connection, flow, 'shop', row.shopId, row.erpId, found)
          }
        }),
      )
      return { counterpart: (flow, side, id) => found.get(nameOf(flow, side, id)) ?? null }
    },
  }

  function learn(
    connection: string,
    flow: FlowName,
    side: Side,
    id: string,
    counterpart: string,
    found: Map<string, string>,
  ): void {
    const name = nameOf(flow, side, id)
    found.set(name, counterpart)
    if (believed.size >= MOST_BELIEVED) believed.clear()
    believed.set(`${connection} ${name}`, { counterpart, until: performance.now() + BELIEVED_MS })
  }
}

function nameOf(flow: FlowName, side: Side, id: string): string {
  return `${flow} ${side} ${id}`
}
