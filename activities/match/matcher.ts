import type { FlowDefinition, MatchKey } from '../../flows/flow-definition.ts'
import { otherSide, type Side } from '../../flows/side.ts'
import { type AmbiguousCase, ambiguousCase, byReference } from './ambiguity.ts'
import { keyJoins } from './key-edge.ts'
import type { MatchEntry } from './match-entry.ts'
import type { EntriesOfSide } from './side-index.ts'
import { createUnvisited } from './unvisited.ts'

/** Whether the two records were unlinked by a person: they are never proposed to each other again. */
export type IsApart = (erpId: string, shopId: string) => boolean

export type Verdict =
  | { readonly kind: 'matched'; readonly by: string; readonly counterpart: string }
  | { readonly kind: 'ambiguous'; readonly case: AmbiguousCase }

export interface Matcher {
  /** What becomes of an entry without link; undefined: nothing on the other side is like it. */
  verdictOf(entry: MatchEntry): Verdict | undefined
}

/**
 * Matches in stages: stage 0 by reference, then one stage a match key. A stage looks only at records that no earlier one
 * settled; where two records propose each other and nobody else, they match, and larger groups are ambiguous. Records
 * that have their counterpart, linked or matched by an earlier key, stand in every stage: whoever shares a key with one is
 * ambiguous, and is so before the pair is linked as after. Where a key names the record (MatchKey.identity),
 * whoever shares it with another record of its own side is ambiguous, too.
 *
 * Works backwards from the entry that is asked for, and remembers: what a record's group is at one stage depends only on
 * who of the group was settled before. So the answer for one live record is the answer of matching everything.
 */
export function createMatcher(
  definition: FlowDefinition,
  { erp, shop }: { readonly [side in Side]: EntriesOfSide },
  isApart: IsApart,
): Matcher {
  const bySide: Readonly<Record<Side, EntriesOfSide>> = { erp, shop }
  const verdicts = new Map<MatchEntry, Verdict>()
  const referencesDone = new Set<MatchEntry>()
  const keysDone = new Set<string>()

  function verdictOf(entry: MatchEntry): Verdict | undefined {
    return entry.linkedTo === null ? settle(entry, definition.matchKeys.length) : undefined
  }

  /** The entry's verdict by reference or one of the first `keyCount` keys. */
  function settle(entry: MatchEntry, keyCount: number): Verdict | undefined {
    settleReferences(entry)
    for (const [stage, key] of definition.matchKeys.slice(0, keyCount).entries()) {
      if (verdicts.has(entry)) break
      const value = entry.keys[key.name] ?? null
      if (value !== null && entry.within !== null) settleKey(stage, key, entry.within, value)
    }
    return verdicts.get(entry)
  }

  function settleReferences(start: MatchEntry): void {
    if (referencesDone.has(start)) return
    const group = [start]
    referencesDone.add(start)
    for (const entry of group) {
      for (const partner of referencePartners(entry)) {
        if (referencesDone.has(partner)) continue
        referencesDone.add(partner)
        group.push(partner)
      }
    }
    conclude(byReference, group)
  }

  function* referencePartners(entry: MatchEntry): Iterable<MatchEntry> {
    const other = bySide[otherSide(entry.side)]
    const named = entry.reference === null ? undefined : other.get(entry.reference)
    for (const partner of [...(named ? [named] : []), ...other.naming(entry.id)]) {
      // Of two linked records neither needs a match.
      const bothLinked = entry.linkedTo !== null && partner.linkedTo !== null
      if (!bothLinked && !areApart(entry, partner)) yield partner
    }
  }

  /** Every group at one value of one key at once. */
  function settleKey(stage: number, key: MatchKey, within: string, value: string): void {
    const done = `${stage}\n${within}\n${value}`
    if (keysDone.has(done)) return
    keysDone.add(done)
    const holders = { erp: [...erp.withKey(key.name, within, value)], shop: [...shop.withKey(key.name, within, value)] }
    if (key.identity && (holders.erp.length > 1 || holders.shop.length > 1)) {
      settleSharedIdentity(stage, key, [...holders.erp, ...holders.shop])
      return
    }
    if (holders.erp.length === 0 || holders.shop.length === 0) return
    const counts = (entry: MatchEntry) => entry.linkedTo !== null || settle(entry, stage)?.kind !== 'ambiguous'
    const unvisited = {
      erp: createUnvisited(key, holders.erp.filter(counts), isTaken),
      shop: createUnvisited(key, holders.shop.filter(counts), isTaken),
    }
    for (let start = unvisited.erp.takeAny(); start; start = unvisited.erp.takeAny()) {
      const group = [start]
      for (const entry of group) {
        const joins = (candidate: MatchEntry) => {
          const pair = entry.side === 'erp' ? ([entry, candidate] as const) : ([candidate, entry] as const)
          return keyJoins(definition, key, ...pair) && !areApart(entry, candidate)
        }
        for (const joined of unvisited[otherSide(entry.side)].takeJoining(entry, joins)) group.push(joined)
      }
      conclude(key.name, group)
    }
  }

  /**
   * One side holds the value more than once, so none of its holders is known by it. Those that an earlier stage matched
   * are in the way like linked ones: their counterpart gets the same value.
   */
  function settleSharedIdentity(stage: number, key: MatchKey, holders: readonly MatchEntry[]): void {
    const open = holders.filter((entry) => entry.linkedTo === null && settle(entry, stage) === undefined)
    if (open.length === 0) return
    const found = ambiguousCase(definition, key.name, [...open, ...holders.filter(isTaken)], isTaken)
    for (const entry of open) verdicts.set(entry, { kind: 'ambiguous', case: found })
  }

  /** It has its counterpart: whoever wants it as well is ambiguous. */
  function isTaken(entry: MatchEntry): boolean {
    return entry.linkedTo !== null || verdicts.get(entry)?.kind === 'matched'
  }

  /** Pairs that a person set apart are not proposed again, whatever they share. */
  function areApart(one: MatchEntry, other: MatchEntry): boolean {
    return one.side === 'erp' ? isApart(one.id, other.id) : isApart(other.id, one.id)
  }

  function conclude(by: string, group: readonly MatchEntry[]): void {
    const [one, other] = group
    if (!one || !other) return
    if (group.length === 2 && !isTaken(one) && !isTaken(other)) {
      verdicts.set(one, { kind: 'matched', by, counterpart: other.id })
      verdicts.set(other, { kind: 'matched', by, counterpart: one.id })
      return
    }
    const verdict: Verdict = { kind: 'ambiguous', case: ambiguousCase(definition, by, group, isTaken) }
    for (const entry of group) if (!isTaken(entry)) verdicts.set(entry, verdict)
  }

  return { verdictOf }
}
