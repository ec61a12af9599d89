import type { Client, WorkflowExecution } from '@temporalio/client'
import type proto from '@temporalio/proto'

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent
type EventType = proto.temporal.api.enums.v1.EventType

/** The newest event of one of the types, read from the end; undefined when there is none. */
export function findLastEvent(client: Client, execution: WorkflowExecution, types: readonly EventType[]) {
  return findEvent(types, (nextPageToken) =>
    client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution,
      maximumPageSize: eventsPerPage,
      nextPageToken,
    }),
  )
}

/** The oldest event of one of the types. */
export function findFirstEvent(client: Client, execution: WorkflowExecution, types: readonly EventType[]) {
  return findEvent(types, (nextPageToken) =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution,
      maximumPageSize: eventsPerPage,
      nextPageToken,
    }),
  )
}

const eventsPerPage = 100

interface HistoryPage {
  readonly history?: { readonly events?: readonly HistoryEvent[] | null } | null
  readonly nextPageToken?: Uint8Array | null
}

async function findEvent(
  types: readonly EventType[],
  readPage: (nextPageToken: Uint8Array) => Promise<HistoryPage>,
): Promise<HistoryEvent | undefined> {
  for (let token: Uint8Array = new Uint8Array(); ; ) {
    const page = await readPage(token)
    const found = page.history?.events?.find((event) => event.eventType != null && types.includes(event.eventType))
    if (found !== undefined) return found
    token = page.nextPageToken ?? new Uint8Array()
    if (token.length === 0) return undefined
  }
}
