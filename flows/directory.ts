import type { Side } from './side.ts'

/**
 * One leaf of a flow's memory: it holds the rows whose id is `low` or above, up to the next entry's `low` (E4).
 * `low` '' is the first leaf of its side. `generation` grows when the memory is rebuilt.
 */
export interface ShardEntry {
  readonly side: Side
  readonly low: string
  readonly number: number
}

export interface Directory {
  readonly generation: number
  readonly shards: readonly ShardEntry[]
}

/**
 * Leaves of a memory that was rebuilt have numbers of their own, so that none of them ever takes the workflow id of an earlier
 * one: the number tells the generation.
 */
const LEAVES_PER_GENERATION = 1_000_000

export function firstShardOf(generation: number): number {
  return (generation - 1) * LEAVES_PER_GENERATION
}

export function generationOf(shardNumber: number): number {
  return Math.floor(shardNumber / LEAVES_PER_GENERATION) + 1
}

/** Order of ids: numbers by size, other text by spelling; shorter before longer, so that plain numbers sort as numbers. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}

/** The leaf that holds `id`, or undefined where the flow has not started that side's first leaf. */
export function shardFor(directory: Directory, side: Side, id: string): ShardEntry | undefined {
  let found: ShardEntry | undefined
  for (const shard of directory.shards) {
    if (shard.side !== side || (shard.low !== '' && compareIds(shard.low, id) > 0)) continue
    if (!found || found.low === '' || compareIds(shard.low, found.low) > 0) found = shard
  }
  return found
}

export function flowWorkflowId(connection: string, flow: string): string {
  return `${connection}.${flow}`
}

export function shardWorkflowId(connection: string, flow: string, number: number): string {
  return `${connection}.${flow}.links.${number}`
}
