import { Client, Connection, type ConnectionOptions } from '@temporalio/client'
import type { Settings } from '../flows/settings.ts'
import { askAgain } from './ask-again.ts'
import { dataConverterOf } from './codec.ts'
import { holdBriefly } from './hold-briefly.ts'
import { until, untilAborted } from './stop-waiting.ts'
import { temporalConnectionOptions } from './temporal-connection.ts'

/**
 * The link memory's own connection (E8): its caller repeats within milliseconds itself, while the default interceptor
 * waits a second and more whenever a leaf is busy. A closed leaf must not answer (E6).
 */
export async function connectLinkClient(settings: Settings): Promise<{ client: Client; close: () => Promise<void> }> {
  const connection = await Connection.connect({ ...temporalConnectionOptions(settings), interceptors: [endsInTime] })
  waitWithoutTracking(connection)
  const client = new Client({
    connection,
    namespace: settings.temporal.namespace,
    dataConverter: dataConverterOf(settings),
    interceptors: { workflow: [askAgain] },
    workflow: { queryRejectCondition: 'NOT_OPEN' },
  })
  return { client, close: () => connection.close() }
}

/** No request stays for good; most are no longer waited for after a part of this. */
const REQUEST_MS = 30_000

export const endsInTime: NonNullable<ConnectionOptions['interceptors']>[number] = (options, nextCall) =>
  nextCall({ ...options, deadline: options.deadline ?? Date.now() + REQUEST_MS }) as never

/** The SDK would hand a deadline or a signal to its requests wherever they are sent later; here they end the waiting, and the request ends a little after it. */
function waitWithoutTracking(connection: Connection): void {
  connection.withDeadline = until
  connection.withAbortSignal = untilAborted
  holdBriefly(connection.callContextStorage)
}
