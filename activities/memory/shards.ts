import type { Client } from '@temporalio/client'
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client'
import { type Directory, firstShardOf, shardWorkflowId } from '../../flows/directory.ts'
import { countsOf, type LinkCounts, newestCounts } from '../../flows/link-counts.ts'
import { emptyLeaf, type LeafState, type ShardSummary, type SplitPlan } from '../../flows/memory.ts'
import type { FlowAddress } from '../../flows/port.ts'
import { sides } from '../../flows/side.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { askLeaf } from './ask-leaf.ts'
import type { Memory } from './memory-client.ts'

export interface ShardKeeper {
  start(
    address: FlowAddress,
    directory: Directory,
    signal: AbortSignal,
  ): Promise<{ readonly directory: Directory } & LinkCounts>
  /** Throws MemoryUnavailable when a first leaf was closed; one that was never started is fine. */
  assertFirstNotClosed(address: FlowAddress, generation: number): Promise<void>
  split(address: FlowAddress, shard: number, newNumber: number, signal: AbortSignal): Promise<SplitLeaf>
  /**
   * The same for a leaf that still asks for it; null: it does not. Of a first load's chunks side by side several hear that
   * a leaf is too large, and say so when they end, which may be after it was split: another cut would only halve what is left.
   */
  splitIfWanted(address: FlowAddress, shard: number, newNumber: number, signal: AbortSignal): Promise<SplitLeaf | null>
}

export interface SplitLeaf extends LinkCounts {
  readonly low: string
  readonly number: number
}

/** Only the flow starts leaves, through these; nobody else does: an empty leaf in a closed one's place is amnesia (E6). */
export function createShardKeeper(client: Client, memory: Memory, taskQueue: string): ShardKeeper {
  return { start, split, splitIfWanted, assertFirstNotClosed }

  async function assertFirstNotClosed(address: FlowAddress, generation: number): Promise<void> {
    for (const index of sides.keys()) {
      const workflowId = shardWorkflowId(address.connection, address.flow, firstShardOf(generation) + index)
      const found = await client.workflow
        .getHandle(workflowId)
        .describe()
        .catch((error: unknown) => {
          if (error instanceof WorkflowNotFoundError) return null
          throw error
        })
      if (found !== null && found.status.name !== 'RUNNING') throw closedLeaf(workflowId)
    }
  }

  async function start(address: FlowAddress, directory: Directory, signal: AbortSignal) {
    await Promise.all(
      directory.shards.map(({ side, low, number }) => startLeaf(emptyLeaf({ ...address, shard: number, side, low }))),
    )
    const complete = await memory.discover(address, directory, signal)
    const summaries = await summariesOf(complete)
    // A split that an earlier run of the flow left half done would refuse writes for ever.
    for (const { shard, splitting } of summaries) if (splitting !== null) await split(address, shard, splitting, signal)
    if (summaries.every(({ splitting }) => splitting === null)) return { directory: complete, ...countsIn(summaries) }
    const whole = await memory.discover(address, complete, signal)
    return { directory: whole, ...countsIn(await summariesOf(whole)) }

    function summariesOf({ shards }: Directory): Promise<ShardSummary[]> {
      return Promise.all(shards.map(({ number }) => summaryOf(address, number, signal)))
    }
  }

  async function splitIfWanted(address: FlowAddress, shard: number, newNumber: number, signal: AbortSignal) {
    const { wantsSplit, splitting, movedTo } = await summaryOf(address, shard, signal)
    // A split that was begun is always finished, and one whose answer was lost is answered.
    const isOver = wantsSplit === false && splitting === null && movedTo?.includes(newNumber) === false
    return isOver ? null : split(address, shard, newNumber, signal)
  }

  /**
   * Two steps in the parent with the new leaf's first answer in between; every step may be repeated, also by an attempt
   * that brings another number: a split that was begun is finished as it began (E7).
   */
  async function split(address: FlowAddress, shard: number, newNumber: number, signal: AbortSignal) {
    const parent = shardWorkflowId(address.connection, address.flow, shard)
    const tell = <T>(update: string, number: number): Promise<T> =>
      askLeaf(
        client,
        parent,
        () =>
          client.workflow
            .getHandle(parent)
            .executeUpdate<T, [{ newNumber: number }]>(update, { args: [{ newNumber: number }] }),
        signal,
      )
    const plan = await tell<SplitPlan>('beginSplit1', newNumber)
    const { low, newNumber: number } = plan
    if (!plan.isDone) {
      const { side } = await summaryOf(address, shard, signal)
      await startLeaf({
        ...emptyLeaf({ ...address, shard: number, side, low }),
        high: plan.high,
        rows: plan.rows,
      })
      assertHolds(await summaryOf(address, number, signal), plan)
      await tell<void>('endSplit', number)
    }
    const both = await Promise.all([shard, number].map((each) => summaryOf(address, each, signal)))
    return { low, number, ...countsIn(both) }
  }

  function summaryOf(address: FlowAddress, shard: number, signal: AbortSignal): Promise<ShardSummary> {
    const workflowId = shardWorkflowId(address.connection, address.flow, shard)
    return askLeaf(
      client,
      workflowId,
      () => client.workflow.getHandle(workflowId).query<ShardSummary>('summary'),
      signal,
    )
  }

  async function startLeaf(state: LeafState): Promise<void> {
    const workflowId = shardWorkflowId(state.connection, state.flow, state.shard)
    try {
      await client.workflow.start('linkMemory', {
        workflowId,
        taskQueue,
        args: [state],
        workflowIdConflictPolicy: 'USE_EXISTING',
        // A closed leaf is restored by a reset, never replaced by an empty one.
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        staticSummary: `links of ${state.flow}, ${state.side === 'erp' ? 'PowerOffice' : 'webshop'} ids from ${state.low || 'the first'}`,
      })
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
      throw closedLeaf(workflowId, error)
    }
  }
}

function countsIn(summaries: readonly ShardSummary[]): LinkCounts {
  return summaries.reduce<LinkCounts>((counts, summary) => newestCounts(counts, countsOf(summary.shard, summary)), {
    linked: {},
  })
}

function closedLeaf(workflowId: string, cause?: unknown): VendorTrouble {
  return new VendorTrouble(
    {
      type: 'MemoryUnavailable',
      where: 'memory',
      message: `A leaf of the link memory was closed (${workflowId}); it is restored, never replaced: run kobling check --repair.`,
    },
    { cause },
  )
}

/** The parent drops its rows on this word, so it is not taken on trust: another leaf of that number may exist. */
function assertHolds(leaf: ShardSummary, plan: SplitPlan): void {
  if (leaf.low === plan.low && leaf.rows === plan.rows.length) return
  throw new VendorTrouble({
    type: 'MemoryUnavailable',
    where: 'memory',
    message: `Leaf ${plan.newNumber} of the link memory exists already and is not the one that is being split off; nothing was moved.`,
  })
}
