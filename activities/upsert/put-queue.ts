import type { FlowName } from '../../flows/flow-definition.ts'
import { type LinkCounts, newestCounts } from '../../flows/link-counts.ts'
import type { PutItem } from '../../flows/memory.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { RecordKey } from '../../flows/side.ts'
import type { Chunk, Done, Tell } from './chunk.ts'

/** Rows are put at least this often, so that a crash leaves little to be looked up again (E17). */
const PUT_EVERY_MS = 2_000
const PUT_EVERY_RECORDS = 250

export interface PutQueue {
  /** Keeps the record's rows and outcome until they are put together with others'. */
  add(index: number, done: Done): Promise<void>
  /** Puts the rest; answers the leaves that want to be split, and how many links each leaf holds. */
  flush(): Promise<{ readonly split: readonly number[] } & LinkCounts>
}

/** An outcome counts only once its rows are put: a refused put means that somebody else was faster, so the record is stale (E5). */
export function createPutQueue(chunk: Chunk, settle: (index: number, outcome: Outcome) => void): PutQueue {
  let waiting: { index: number; done: Done }[] = []
  let lastPut = performance.now()
  let running: Promise<void> = Promise.resolve()
  const split = new Set<number>()
  let counts: LinkCounts = { linked: {} }
  const tells: Tell[] = []

  return {
    add: async (index, done) => {
      if (done.puts.length === 0) {
        tells.push(...(done.tell ?? []))
        return settle(index, done.outcome)
      }
      waiting.push({ index, done })
      if (waiting.length >= PUT_EVERY_RECORDS || performance.now() - lastPut > PUT_EVERY_MS) await putWaiting()
    },
    flush: async () => {
      await putWaiting()
      await tellOthers(chunk, tells)
      return { split: [...split], ...counts }
    },
  }

  /** One put after the other: their order is the order in which the records were written. */
  async function putWaiting(): Promise<void> {
    lastPut = performance.now()
    const batch = waiting
    waiting = []
    running = running.then(() => put(batch))
    await running
  }

  async function put(batch: readonly { index: number; done: Done }[]): Promise<void> {
    if (batch.length === 0) return
    const items: PutItem[] = batch.flatMap(({ done }) => done.puts)
    const report = await chunk.request.memory.put(chunk.input, chunk.input.directory, items, chunk.context.signal)
    for (const shard of Object.keys(report.linked).map(Number)) {
      // What the last put says: the leaf may have been split since an earlier one.
      if (report.wantSplit.includes(shard)) split.add(shard)
      else split.delete(shard)
    }
    counts = newestCounts(counts, report)
    let at = 0
    for (const { index, done } of batch) {
      const answers = report.answers.slice(at, at + done.puts.length)
      at += done.puts.length
      const isDone = answers.every((answer) => answer.kind === 'done')
      if (isDone) chunk.worlds.learnRows(chunk.input, done.learned ?? [])
      if (isDone) tells.push(...(done.tell ?? []))
      settle(index, isDone ? done.outcome : { ...done.outcome, kind: 'stale' })
    }
  }
}

/** One signal a flow, whatever the chunk did; a flow that does not run finds it by itself when it is started. */
async function tellOthers(chunk: Chunk, tells: readonly Tell[]): Promise<void> {
  const byFlow = new Map<FlowName, { keys: Set<RecordKey>; why: string }>()
  for (const { flow, keys, why } of tells) {
    const known = byFlow.get(flow) ?? { keys: new Set<RecordKey>(), why }
    for (const key of keys) known.keys.add(key)
    byFlow.set(flow, known)
  }
  const { connection } = chunk.request.address
  await Promise.all(
    [...byFlow].map(([flow, { keys, why }]) =>
      chunk.request.otherFlows.lookAgain({ connection, flow }, [...keys], why),
    ),
  )
}
