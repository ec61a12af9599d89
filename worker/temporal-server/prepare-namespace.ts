import type { Connection } from '@temporalio/client'
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js'
import proto from '@temporalio/proto'

const { INDEXED_VALUE_TYPE_INT, INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType

/** What the Temporal UI and the command line filter by. */
const searchAttributes = {
  KoblingFlow: INDEXED_VALUE_TYPE_KEYWORD,
  KoblingPhase: INDEXED_VALUE_TYPE_KEYWORD,
  KoblingInbox: INDEXED_VALUE_TYPE_INT,
}

/**
 * Closed runs hold what explain, replay and a repair by reset need. The server's own default is 24 hours, in which a chain of
 * continued runs forgets its past.
 */
export const retentionDays = 30

/**
 * Brings a namespace to what the engine expects, also one on a database file that an earlier version made: the search attributes,
 * which the server registers by itself only on a new file, and the retention, which is raised and never lowered. Repeating it does nothing.
 */
export async function prepareNamespace(connection: Connection, namespace: string): Promise<void> {
  await registerSearchAttributes(connection, namespace)
  await raiseRetention(connection, namespace)
}

async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
  const missing = Object.entries(searchAttributes).filter(([name]) => customAttributes[name] === undefined)
  if (missing.length === 0) return
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) })
}

async function raiseRetention(connection: Connection, namespace: string): Promise<void> {
  const wantedMs = retentionDays * 24 * 60 * 60 * 1000
  const { config } = await connection.workflowService.describeNamespace({ namespace })
  const present = config?.workflowExecutionRetentionTtl
  if (present && tsToMs(present) >= wantedMs) return
  const workflowExecutionRetentionTtl = msToTs(wantedMs)
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } })
}
