import { Client, Connection } from '@temporalio/client'
import type { Settings } from '../flows/settings.ts'
import { askAgain } from './ask-again.ts'
import { dataConverterOf } from './codec.ts'
import { temporalConnectionOptions } from './temporal-connection.ts'

/**
 * The link memory's own connection (E8): its caller repeats within milliseconds itself, while the default interceptor
 * waits a second and more whenever a leaf is busy. A closed leaf must not answer (E6).
 */
export async function connectLinkClient(settings: Settings): Promise<{ client: Client; close: () => Promise<void> }> {
  const connection = await Connection.connect({ ...temporalConnectionOptions(settings), interceptors: [] })
  const client = new Client({
    connection,
    namespace: settings.temporal.namespace,
    dataConverter: dataConverterOf(settings),
    interceptors: { workflow: [askAgain] },
    workflow: { queryRejectCondition: 'NOT_OPEN' },
  })
  return { client, close: () => connection.close() }
}
