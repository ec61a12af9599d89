import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Match } from '../../flows/pair.ts'
import type { MatchEntry } from './match-entry.ts'
import { createMatcher, type IsApart } from './matcher.ts'
import type { EntriesOfSide } from './side-index.ts'

export interface MatchOfOne {
  readonly match: Match
  /** The id on the other side, of a match or a link; else null. */
  readonly counterpart: string | null
}

/**
 * What matchAll would say of this one record. `entry` counts in place of whatever `own` holds under its id, so that a
 * record can be matched as it was read just now; `own` need not hold it at all.
 */
export function matchOne(
  definition: FlowDefinition,
  entry: MatchEntry,
  own: EntriesOfSide,
  other: EntriesOfSide,
  isApart: IsApart,
): MatchOfOne {
  if (entry.linkedTo !== null) return { match: { kind: 'notAsked' }, counterpart: entry.linkedTo }
  const present = withEntry(own, entry)
  const sides = entry.side === 'erp' ? { erp: present, shop: other } : { erp: other, shop: present }
  const verdict = createMatcher(definition, sides, isApart).verdictOf(entry)
  if (!verdict) return { match: { kind: 'none' }, counterpart: null }
  if (verdict.kind === 'ambiguous') return { match: { kind: 'ambiguous', ...verdict.case }, counterpart: null }
  return { match: { kind: 'matched', by: verdict.by }, counterpart: verdict.counterpart }
}

/** The side as it is with `entry` put, without changing the index. */
function withEntry(own: EntriesOfSide, entry: MatchEntry): EntriesOfSide {
  const placed = (found: Iterable<MatchEntry>, isThere: boolean): Iterable<MatchEntry> => {
    const others = [...found].filter((candidate) => candidate.id !== entry.id)
    return isThere ? [...others, entry] : others
  }
  return {
    side: own.side,
    get: (id) => (id === entry.id ? entry : own.get(id)),
    entries: () => placed(own.entries(), true),
    withKey: (keyName, within, value) =>
      placed(own.withKey(keyName, within, value), entry.within === within && entry.keys[keyName] === value),
    naming: (otherId) => placed(own.naming(otherId), entry.reference === otherId),
  }
}
