import type { MatchKey } from '../../flows/flow-definition.ts'
import { hasRulingOutField } from './key-edge.ts'
import type { MatchEntry } from './match-entry.ts'

/**
 * The entries of one side that share a key value and that no component has taken yet. Kept by what rules out whole
 * groups of partners, so that an e-mail shared by thousands (`ingen@example.no`) does not compare each with each:
 * of two that have their counterparts neither needs the other, and entries with a ruling-out field never join such entries.
 */
export interface Unvisited {
  takeAny(): MatchEntry | undefined
  /** Takes out what joins `entry`; costs what is taken and what is looked at in vain. */
  takeJoining(entry: MatchEntry, joins: (candidate: MatchEntry) => boolean): MatchEntry[]
}

export function createUnvisited(
  key: MatchKey,
  entries: readonly MatchEntry[],
  isTaken: (entry: MatchEntry) => boolean,
): Unvisited {
  const lanes = new Map<string, { readonly taken: boolean; readonly ruling: boolean; waiting: MatchEntry[] }>()
  for (const entry of entries) {
    const lane = { taken: isTaken(entry), ruling: hasRulingOutField(key, entry), waiting: [] }
    const name = `${lane.taken} ${lane.ruling}`
    if (!lanes.has(name)) lanes.set(name, lane)
    lanes.get(name)?.waiting.push(entry)
  }
  return {
    takeAny() {
      for (const lane of lanes.values()) {
        const entry = lane.waiting.pop()
        if (entry) return entry
      }
      return undefined
    },
    takeJoining(entry, joins) {
      const taken = isTaken(entry)
      const ruling = hasRulingOutField(key, entry)
      const joining: MatchEntry[] = []
      for (const lane of lanes.values()) {
        if ((taken && lane.taken) || (ruling && lane.ruling)) continue
        const left: MatchEntry[] = []
        for (const candidate of lane.waiting) (joins(candidate) ? joining : left).push(candidate)
        if (left.length < lane.waiting.length) lane.waiting = left
      }
      return joining
    },
  }
}
