import { compareIds } from '../../flows/directory.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { AmbiguousCase } from './ambiguity.ts'
import { createMatcher, type IsApart } from './matcher.ts'
import type { EntriesOfSide } from './side-index.ts'

/** Every entry without link is in exactly one of these; a matched one may be in the way of others among the ambiguous. */
export interface MatchResult {
  readonly matched: readonly MatchedPair[]
  readonly ambiguous: readonly AmbiguousCase[]
  readonly erpOnly: readonly string[]
  readonly shopOnly: readonly string[]
}

export interface MatchedPair {
  readonly erpId: string
  readonly shopId: string
  /** The match key, or `reference`. */
  readonly by: string
}

/** Matches all records without link, before anything is created (rule 1, E13). Lists are in the order of ids. */
export function matchAll(
  definition: FlowDefinition,
  erp: EntriesOfSide,
  shop: EntriesOfSide,
  isApart: IsApart,
): MatchResult {
  const matcher = createMatcher(definition, { erp, shop }, isApart)
  const matched: MatchedPair[] = []
  const ambiguous = new Set<AmbiguousCase>()
  const only: Record<'erp' | 'shop', string[]> = { erp: [], shop: [] }
  for (const side of [erp, shop]) {
    for (const entry of side.entries()) {
      if (entry.linkedTo !== null) continue
      const verdict = matcher.verdictOf(entry)
      if (!verdict) only[entry.side].push(entry.id)
      else if (verdict.kind === 'ambiguous') ambiguous.add(verdict.case)
      else if (entry.side === 'erp') matched.push({ erpId: entry.id, shopId: verdict.counterpart, by: verdict.by })
    }
  }
  return {
    matched: matched.sort((a, b) => compareIds(a.erpId, b.erpId)),
    ambiguous: [...ambiguous].sort(compareCases),
    erpOnly: only.erp.sort(compareIds),
    shopOnly: only.shop.sort(compareIds),
  }
}

/** A linked record may be the first member of several cases; no two have all members in common. */
function compareCases(a: AmbiguousCase, b: AmbiguousCase): number {
  return compareIds(a.members[0] ?? '', b.members[0] ?? '') || compareIds(a.members.join(' '), b.members.join(' '))
}
