import type { MatchKey } from '../../flows/flow-definition.ts'
import { hasRulingOutField } from './key-edge.ts'
import type { MatchEntry } from './match-entry.ts'

/**
 * The entries of one side that share a key value and that no component has taken yet. Kept by what rules out whole
 * groups of partners, so that an e-mail shared by thousands (`ingen@example.no`) does not compare each with each:
 * linked entries never join linked ones, and entries with a ruling-out field never join such entries.
 */
export interface Unvisited {
  takeAny(): MatchEntry | undefined
  /** Takes out what joins `entry`; costs what is taken and what is looked at in vain. */
  takeJoining(entry: MatchEntry, joins: (candidate: MatchEntry) => boolean): MatchEntry[]
}

export function createUnvisited(key: MatchKey, entries: readonly MatchEntry[]): Unvisited {
  const lanes = new Map<string, { readonly linked: boolean; readonly ruling: boolean; waiting: MatchEntry[] }>()
  for (const entry of entries) {
    const lane = { linked: entry.linkedTo !== null, ruling: hasRulingOutField(key, entry), waiting: [] }
    const name = `${lane.linked} ${lane.ruling}`
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
      const linked = entry.linkedTo !== null
      const ruling = hasRulingOutField(key, entry)
      const taken: MatchEntry[] = []
      for (const lane of lanes.values()) {
        if ((linked && lane.linked) || (ruling && lane.ruling)) continue
        const left: MatchEntry[] = []
        for (const candidate of lane.waiting) (joins(candidate) ? taken : left).push(candidate)
        if (left.length < lane.waiting.length) lane.waiting = left
      }
      return taken
    },
  }
}
