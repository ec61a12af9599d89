import type { Client } from '@temporalio/client'
import { readRows as readRowsOf, type StoredRow } from '../../activities/upkeep/read-rows.ts'
import type { Settings } from '../../flows/settings.ts'
import { explainFailure } from '../explain-failure.ts'
import type { FlowDesk } from '../flow-desk.ts'

/** Every row of a flow's memory, each once; what goes wrong is a CommandFailure of one sentence. */
export async function* readRows(client: Client, settings: Settings, desk: FlowDesk): AsyncGenerator<StoredRow> {
  const { name } = desk.definition
  try {
    yield* readRowsOf(client, { connection: settings.connection, flow: name }, () => desk.directory())
  } catch (error) {
    throw explainFailure(error, settings, `memory of ${name}`, name)
  }
}
