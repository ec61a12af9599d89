import { sides } from '../../../flows/side.ts'
import { applying } from '../activities.ts'
import type { FlowRun } from '../flow-run.ts'

/** Starts the first leaf of each side; a memory that outlived its flow is taken over as it is (E6). */
export async function startMemoryTask(run: FlowRun): Promise<void> {
  const state = run.state()
  const shards = sides.map((side, index) => ({ side, low: '', number: state.nextShard + index }))
  const directory = { ...state.directory, shards }
  const answer = await applying.startShards.executeWithOptions({ summary: 'start the link memory' }, [
    { ...run.address, directory },
  ])
  if (answer.kind === 'trouble') return run.setTrouble(answer.trouble)
  const nextShard = Math.max(...answer.directory.shards.map((shard) => shard.number)) + 1
  run.set({ ...run.state(), directory: answer.directory, nextShard, linked: answer.linked })
}

/** Splits one leaf that grew too large (E7); the number of the new one is used up even if the split fails. */
export async function splitTask(run: FlowRun, shard: number): Promise<void> {
  const newNumber = run.state().nextShard
  run.set({ ...run.state(), nextShard: newNumber + 1 })
  const answer = await applying.splitShard.executeWithOptions({ summary: `split leaf ${shard} of the link memory` }, [
    { ...run.address, shard, newNumber },
  ])
  if (answer.kind === 'trouble') {
    // Half done it refuses writes, so it is finished as soon as the memory answers again.
    run.wantSplit([shard])
    return run.setTrouble(answer.trouble)
  }
  if (answer.kind === 'unneeded') return
  const state = run.state()
  if (state.directory.shards.some((entry) => entry.number === answer.number)) return
  const parent = state.directory.shards.find((entry) => entry.number === shard)
  const shards = [...state.directory.shards, { side: parent?.side ?? 'erp', low: answer.low, number: answer.number }]
  run.set({ ...state, directory: { ...state.directory, shards } })
  run.setLinkCounts(answer)
}
