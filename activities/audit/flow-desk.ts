import { type Client, QueryRejectedError, WorkflowNotFoundError } from '@temporalio/client'
import { type Directory, flowWorkflowId } from '../../flows/directory.ts'
import type { FlowAddress } from '../../flows/port.ts'
import type { RecordKey } from '../../flows/side.ts'
import type { InboxMatter } from './listed.ts'

/** What the audit asks a flow; answers are those of its queries (workflows/messages.ts). */
export interface AuditedFlow {
  readonly status: {
    readonly phase: string
    readonly links: number
    readonly idle: string | null
    readonly trouble: { readonly message: string } | null
  }
  readonly directory: Directory
  readonly inbox: readonly InboxMatter[]
}

export type FlowKnowledge =
  | ({ readonly kind: 'running' } & AuditedFlow)
  /** Nobody ever started it. */
  | { readonly kind: 'notStarted' }
  | { readonly kind: 'ended' }

export interface FlowQuestions {
  know(address: FlowAddress, signal: AbortSignal): Promise<FlowKnowledge>
  underWay(address: FlowAddress, signal: AbortSignal): Promise<ReadonlySet<RecordKey>>
}

/** @param client with `queryRejectCondition: 'NOT_OPEN'`: a closed run would answer with old news (E6) */
export function createFlowQuestions(client: Client): FlowQuestions {
  const ask = <T>(address: FlowAddress, query: string, signal: AbortSignal): Promise<T> =>
    client.withAbortSignal(signal, () =>
      client.workflow.getHandle(flowWorkflowId(address.connection, address.flow)).query<T>(query),
    )
  return {
    know: async (address, signal) => {
      try {
        const [status, directory, inbox] = [
          await ask<AuditedFlow['status']>(address, 'status', signal),
          await ask<Directory>(address, 'directory', signal),
          await ask<readonly InboxMatter[]>(address, 'inbox', signal),
        ]
        return { kind: 'running', status, directory, inbox }
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { kind: 'notStarted' }
        if (error instanceof QueryRejectedError) return { kind: 'ended' }
        throw error
      }
    },
    underWay: async (address, signal) => new Set(await ask<readonly RecordKey[]>(address, 'underWay', signal)),
  }
}
