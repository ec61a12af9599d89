import { setTimeout as pause } from 'node:timers/promises'
import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import { failingWork } from '../activities/upkeep/failing-work.ts'
import { latestGeneration, listedLeaves } from '../activities/upkeep/known-workflows.ts'
import { type Directory, flowWorkflowId } from '../flows/directory.ts'
import type { FlowDefinition } from '../flows/flow-definition.ts'
import type { Settings } from '../flows/settings.ts'
import type { RecordKey } from '../flows/side.ts'
import {
  approveDeleteUpdate,
  approveUpdate,
  type By,
  createUpdate,
  directoryQuery,
  eraseUpdate,
  type FlowPhase,
  type FlowStatus,
  type InboxEntry,
  inboxQuery,
  linkUpdate,
  pauseUpdate,
  resumeUpdate,
  retryUpdate,
  startUpdate,
  statusQuery,
  stopUpdate,
  unlinkUpdate,
} from '../workflows/messages.ts'
import { explainFailure, isNotReady } from './explain-failure.ts'
import { startFlow } from './start-flow.ts'

/** How a flow's workflow stands with the server, whether or not a worker answers for it. */
export type FlowExistence = 'running' | 'notStarted' | 'closed'

export interface FlowStanding {
  readonly existence: FlowExistence
  /** Work that fails again and again and is repeated: its name, how often, and why. null: none. */
  readonly failing: string | null
}

/** What people can ask a flow and tell it. Every failure is a CommandFailure of one sentence. */
export interface FlowDesk {
  readonly definition: FlowDefinition
  readonly workflowId: string
  standing(): Promise<FlowStanding>
  status(): Promise<FlowStatus>
  inbox(): Promise<readonly InboxEntry[]>
  directory(): Promise<Directory>
  /** Starts it, or lets a stopped one go on. */
  start(by: By): Promise<{ readonly started: boolean; readonly phase: FlowPhase | null }>
  stop(by: By): Promise<FlowPhase>
  pause(by: By): Promise<FlowPhase>
  resume(by: By): Promise<FlowPhase>
  approve(by: By): Promise<FlowPhase>
  link(pair: { readonly erpId: string; readonly shopId: string } & By): Promise<string>
  unlink(pair: { readonly erpId: string; readonly shopId: string } & By): Promise<string>
  retry(entry: { readonly id: string } & By): Promise<number>
  approveDelete(entry: { readonly id: string } & By): Promise<string>
  /** A counterpart is created whatever the record resembles. */
  create(record: { readonly key: RecordKey } & By): Promise<string>
  /** @returns how many places of the flow's state were emptied */
  erase(ids: { readonly erpId: string | null; readonly shopId: string | null } & By): Promise<number>
}

/** A query is answered within milliseconds by a worker that lives; after this long nobody is there. */
const answerWithinMs = 10_000
/** A flow that begins a new run is not ready for some milliseconds; the server says so, and has done nothing. */
const readyWithinMs = 3_000
const askAgainMs = 100

export function openFlowDesk(client: Client, settings: Settings, definition: FlowDefinition): FlowDesk {
  const workflowId = flowWorkflowId(settings.connection, definition.name)
  const handle = client.workflow.getHandle(workflowId)

  async function ask<T>(question: () => Promise<T>): Promise<T> {
    const until = Date.now() + readyWithinMs
    for (;;) {
      try {
        return await client.connection.withDeadline(Date.now() + answerWithinMs, question)
      } catch (error) {
        if (!isNotReady(error) || Date.now() > until)
          throw explainFailure(error, settings, `flow ${definition.name}`, definition.name)
      }
      await pause(askAgainMs)
    }
  }

  async function standing(): Promise<FlowStanding> {
    return ask(async () => {
      try {
        const { status, raw } = await handle.describe()
        const isOpen = status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW'
        return { existence: isOpen ? 'running' : 'closed', failing: failingWork(raw.pendingActivities ?? []) }
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { existence: 'notStarted', failing: null }
        throw error
      }
    })
  }

  return {
    definition,
    workflowId,
    standing,
    status: () => ask(() => handle.query(statusQuery)),
    inbox: () => ask(() => handle.query(inboxQuery)),
    directory: () => ask(() => handle.query(directoryQuery)),
    async start(by) {
      const { existence } = await standing()
      if (existence === 'running') {
        return { started: false, phase: await ask(() => handle.executeUpdate(startUpdate, { args: [by] })) }
      }
      await ask(async () => {
        const address = { connection: settings.connection, flow: definition.name }
        const generation = latestGeneration(await listedLeaves(client, address))
        await startFlow(client, settings, definition, { hadEarlierRun: existence === 'closed', generation })
      })
      return { started: true, phase: null }
    },
    stop: (by) => ask(() => handle.executeUpdate(stopUpdate, { args: [by] })),
    pause: (by) => ask(() => handle.executeUpdate(pauseUpdate, { args: [by] })),
    resume: (by) => ask(() => handle.executeUpdate(resumeUpdate, { args: [by] })),
    approve: (by) => ask(() => handle.executeUpdate(approveUpdate, { args: [by] })),
    link: (pair) => ask(() => handle.executeUpdate(linkUpdate, { args: [pair] })),
    unlink: (pair) => ask(() => handle.executeUpdate(unlinkUpdate, { args: [pair] })),
    retry: (entry) => ask(() => handle.executeUpdate(retryUpdate, { args: [entry] })),
    approveDelete: (entry) => ask(() => handle.executeUpdate(approveDeleteUpdate, { args: [entry] })),
    erase: (ids) => ask(() => handle.executeUpdate(eraseUpdate, { args: [ids] })),
    create: (record) => ask(() => handle.executeUpdate(createUpdate, { args: [record] })),
  }
}
