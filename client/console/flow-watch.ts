import type { Client } from '@temporalio/client'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Row } from '../../flows/row.ts'
import type { Settings } from '../../flows/settings.ts'
import { type Side, sides } from '../../flows/side.ts'
import type { InboxEntry } from '../../workflows/messages.ts'
import { type FlowDesk, openFlowDesk } from '../flow-desk.ts'
import { readRows } from '../memory/read-rows.ts'
import { type FlowReport, reportFlow } from '../status-report.ts'
import { type Kept, keep } from './kept.ts'
import { pairRecords, type RecordMap, type ShownPair } from './pairs.ts'
import { powerOfficeRecords } from './systems/power-office-records.ts'
import type { SystemRecords } from './systems/system-records.ts'
import { webshopRecords } from './systems/webshop-records.ts'

/** All that the console's pages show of one flow, and the desk that takes orders. */
export interface FlowWatch {
  readonly definition: FlowDefinition
  readonly desk: FlowDesk
  report(): Promise<FlowReport>
  inbox(): Promise<readonly InboxEntry[]>
  pairs(): Promise<readonly ShownPair[]>
  /** How a side is read and edited; null: a real system, which people look at in its own pages. */
  readonly systems: Readonly<Record<Side, SystemRecords | null>>
  /** What is shown next is read anew: somebody just changed something. */
  expire(): void
}

/** Questions to the flow cost it a little; one a second is what a person can follow. */
const statusFreshMs = 900
/** One list request of PowerOffice shows everything, of the ten a second that the sync may use. */
const erpFreshMs = 2500
const shopFreshMs = 900
const rowsFreshMs = 2500

export function watchFlow(client: Client, settings: Settings, definition: FlowDefinition): FlowWatch {
  const desk = openFlowDesk(client, settings, definition)
  const systems = {
    erp: settings.powerOffice.sandbox ? powerOfficeRecords(settings.powerOffice, definition.erpCollection) : null,
    shop: settings.webshop.sandbox ? webshopRecords(settings.webshop, definition.shopCollection) : null,
  }
  const records: Record<Side, Kept<RecordMap>> = {
    erp: keep(() => readSide(systems.erp), { freshMs: erpFreshMs, busyShare: 0.2 }),
    shop: keep(() => readSide(systems.shop), { freshMs: shopFreshMs, busyShare: 0.2 }),
  }
  const rows = keep(() => collectRows(client, settings, desk), { freshMs: rowsFreshMs, busyShare: 0.1 })
  const report = keep(() => reportFlow(desk), { freshMs: statusFreshMs, busyShare: 0.5 })
  const inbox = keep(() => desk.inbox(), { freshMs: statusFreshMs, busyShare: 0.5 })
  let paired: { readonly from: readonly unknown[]; readonly pairs: readonly ShownPair[] } | undefined
  let lastMovement = 0

  async function pairs(): Promise<readonly ShownPair[]> {
    const from = await Promise.all([rows.get(), records.erp.get(), records.shop.get()] as const)
    // Pairing thousands takes longer than noticing that nothing was read anew.
    if (paired === undefined || paired.from.some((part, index) => part !== from[index])) {
      const [memory, erp, shop] = from
      paired = { from, pairs: pairRecords(definition, memory, { erp, shop }) }
    }
    return paired.pairs
  }

  function expireRecords(): void {
    for (const side of sides) records[side].expire()
    rows.expire()
  }

  return {
    definition,
    desk,
    systems,
    pairs,
    inbox: inbox.get,
    async report() {
      const present = await report.get()
      const newest = present.status?.recent[0]?.at ?? 0
      // What just moved is to be seen where it moved to, not one interval later.
      if (newest > lastMovement) expireRecords()
      lastMovement = Math.max(lastMovement, newest)
      return present
    },
    expire() {
      expireRecords()
      report.expire()
      inbox.expire()
    },
  }
}

async function readSide(records: SystemRecords | null): Promise<RecordMap> {
  return records === null ? new Map() : records.readAll()
}

async function collectRows(client: Client, settings: Settings, desk: FlowDesk): Promise<Row[]> {
  const rows: Row[] = []
  for await (const { row } of readRows(client, settings, desk)) rows.push(row)
  return rows
}
