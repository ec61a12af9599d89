import type { FlowName } from '../../flows/flow-definition.ts'
import type { FlowAddress } from '../../flows/port.ts'
import { recordKey, type Side } from '../../flows/side.ts'
import type { ReferenceId } from '../mapping/reference-ids.ts'
import type { ReferenceLinks } from '../mapping/reference-links.ts'
import type { OtherFlows } from '../other-flows.ts'
import type { Memory } from './memory-client.ts'

/** One lookup a flow, however many ids; a flow that nobody ever started has no links. */
export async function findLinks(
  parts: { readonly memory: Memory; readonly otherFlows: OtherFlows },
  connection: string,
  ids: readonly ReferenceId[],
  signal: AbortSignal,
): Promise<ReferenceLinks> {
  const found = new Map<string, string>()
  const flows = [...new Set(ids.map((id) => id.flow))]
  await Promise.all(
    flows.map(async (flow) => {
      const address: FlowAddress = { connection, flow }
      const directory = await parts.otherFlows.directoryOf(address, signal)
      if (directory === null) return
      const keys = [...new Set(ids.filter((id) => id.flow === flow).map((id) => recordKey(id.side, id.id)))]
      for (const row of await parts.memory.lookup(address, directory, keys, signal)) {
        if (row.kind !== 'linked') continue
        found.set(nameOf(flow, 'erp', row.erpId), row.shopId)
        found.set(nameOf(flow, 'shop', row.shopId), row.erpId)
      }
    }),
  )
  return { counterpart: (flow, side, id) => found.get(nameOf(flow, side, id)) ?? null }
}

function nameOf(flow: FlowName, side: Side, id: string): string {
  return `${flow} ${side} ${id}`
}
