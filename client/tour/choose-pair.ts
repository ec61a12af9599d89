import type { Client } from '@temporalio/client'
import type { Settings } from '../../flows/settings.ts'
import { CommandFailure } from '../command-failure.ts'
import { fieldsOf, pairRecords, type ShownPair } from '../console/pairs.ts'
import type { SystemRecords } from '../console/systems/system-records.ts'
import type { FlowDesk } from '../flow-desk.ts'
import { readRows } from '../memory/read-rows.ts'
import type { TourWorld } from './tour-step.ts'

/** A linked company that both sides show alike and about which nothing waits, so that every change seen is the tour's. */
export async function choosePair(
  client: Client,
  settings: Settings,
  desk: FlowDesk,
  systems: { readonly erp: SystemRecords; readonly shop: SystemRecords },
): Promise<TourWorld['pair']> {
  const rows = []
  for await (const { row } of readRows(client, settings, desk)) rows.push(row)
  const [erp, shop, inbox] = [await systems.erp.readAll(), await systems.shop.readAll(), await desk.inbox()]
  const waiting = new Set(inbox.flatMap((entry) => [entry.erpId, entry.shopId]))
  const chosen = pairRecords(desk.definition, rows, { erp, shop }).find(
    (pair) => isCalm(desk, pair) && !waiting.has(pair.erpId) && !waiting.has(pair.shopId),
  )
  if (chosen === undefined || chosen.erpId === null || chosen.shopId === null) {
    throw new CommandFailure(
      'There is no linked company that both sides show alike yet: wait for the first load to end.',
    )
  }
  return { erpId: chosen.erpId, shopId: chosen.shopId, label: chosen.label }
}

function isCalm({ definition }: FlowDesk, pair: ShownPair): boolean {
  if (!pair.linked || pair.erp === undefined || pair.shop === undefined) return false
  // Other companies' names and companies that are not trading make a poor example.
  if (pair.shop.json['kind'] !== 'company' || pair.shop.json['active'] !== true) return false
  return fieldsOf(definition, pair).every((field) => !field.differs)
}
