import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { LeafState, PutItem, SplitPlan } from '../flows/memory.ts'
import type { RecordKey } from '../flows/side.ts'
import { continueOnCurrentVersion, watchForUpgrade } from './engine/next-run.ts'
import { leafRunIsLong } from './engine/run-length.ts'
import {
  chooseSplit,
  closeLeaf,
  dropFrom,
  lookupRows,
  openLeaf,
  putRows,
  rowsAfter,
  rowsFromLow,
  wantsSplit,
} from './memory/leaf.ts'
import { upgradeLeaf } from './memory/upgrade-leaf.ts'
import {
  beginSplit1Update,
  beginSplitUpdate,
  endSplitUpdate,
  lookupQuery,
  put1Update,
  rollSignal,
  rowsQuery,
  shardSummaryQuery,
} from './messages.ts'

/**
 * A first load writes a page of this many records side by side, so the highest id is seldom among those put last; where
 * it is among the last thousand, the leaf still grows at its right end.
 */
const RECENT_KEYS = 1_000

/**
 * One leaf of a flow's memory (E4 to E8). Read by query, written by compare-and-set; started by its flow alone.
 * Every handler is synchronous, so nothing can come between a comparison and its store.
 */
export async function linkMemory(input: LeafState): Promise<void> {
  const leaf = openLeaf(upgradeLeaf(input), Date.now())
  const isUpgradeDue = watchForUpgrade()
  const isLimited = patched('leaf-runs-of-500-events')
  let rollAsked = false
  let lastPutKeys: readonly RecordKey[] = []
  let recentKeys: readonly RecordKey[] = []

  setHandler(lookupQuery, (ask) => lookupRows(leaf, ask))
  setHandler(rowsQuery, ({ afterKey, limit }) => rowsAfter(leaf, afterKey, limit))
  setHandler(shardSummaryQuery, () => ({
    shard: leaf.state.shard,
    side: leaf.state.side,
    low: leaf.state.low,
    rows: leaf.byKey.size,
    linked: leaf.linked,
    linkedAt: leaf.countedAt,
    bytes: leaf.bytes,
    splitting: leaf.state.splitting?.newNumber ?? null,
    wantsSplit: wantsSplit(leaf),
    movedTo: leaf.state.moved.map((range) => range.shard),
    historyEvents: workflowInfo().historyLength,
  }))
  setHandler(
    put1Update,
    (items: readonly PutItem[]) => {
      lastPutKeys = items.map((item) => item.key)
      recentKeys = [...recentKeys, ...lastPutKeys].slice(-RECENT_KEYS)
      return putRows(leaf, items, Date.now())
    },
    {
      // Refused before it enters the history: the writer asks again in a moment (E7).
      validator: (_items: readonly PutItem[]): void => {
        if (leaf.state.splitting)
          throw ApplicationFailure.create({ type: 'Splitting', message: 'this leaf is being split' })
      },
    },
  )
  setHandler(beginSplit1Update, ({ newNumber }) => beginSplit(newNumber, recentKeys))
  setHandler(beginSplitUpdate, ({ newNumber }) => beginSplit(newNumber, lastPutKeys))
  setHandler(endSplitUpdate, ({ newNumber }) => {
    if (leaf.state.splitting?.newNumber !== newNumber) return
    dropFrom(leaf, leaf.state.splitting.low, newNumber, Date.now())
    rollAsked = true
  })
  setHandler(rollSignal, () => {
    rollAsked = true
  })

  await condition(() => leaf.state.splitting === null && (rollAsked || isUpgradeDue() || isLong()))
  await condition(allHandlersFinished)
  await continueOnCurrentVersion<typeof linkMemory>(closeLeaf(leaf))

  function isLong(): boolean {
    return leafRunIsLong(workflowInfo(), {
      maxBytes: Math.max(leaf.state.maxHistoryBytes, 2 * leaf.bytes),
      isLimited,
    })
  }

  function beginSplit(newNumber: number, putKeys: readonly RecordKey[]): SplitPlan {
    const moved = leaf.state.moved.find((range) => range.shard === newNumber)
    if (moved) return { newNumber, low: moved.low, high: null, rows: [], isDone: true }
    const splitting = leaf.state.splitting ?? { low: chooseSplit(leaf, putKeys).low, newNumber }
    leaf.state = { ...leaf.state, splitting }
    return { ...splitting, high: leaf.state.high, rows: rowsFromLow(leaf, splitting.low), isDone: false }
  }
}
