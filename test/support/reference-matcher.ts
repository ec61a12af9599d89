import type { FlowDefinition, MatchKey } from '../../flows/flow-definition.ts'
import type { CanonicalValue } from '../../flows/reading.ts'
import type { Side } from '../../flows/side.ts'

/** A record as matching sees it, in the words of the rules and not of the code under test. */
export interface MatchWorldRecord {
  readonly side: Side
  readonly id: string
  readonly canonical: Readonly<Record<string, CanonicalValue>>
  readonly reference: string | null
  readonly linkedTo: string | null
}

export interface ReferenceAnswer {
  /** `by erp:1 shop:2` */
  readonly matched: readonly string[]
  /** `by erp:1 erp:2 shop:1` */
  readonly ambiguous: readonly string[]
  readonly left: readonly string[]
}

/**
 * Rule 1 and E13 by brute force: at each stage every pair is looked at, groups grow until they stop growing. Slow and
 * plain on purpose; it shares nothing with activities/match.
 */
export function matchByBruteForce(
  definition: FlowDefinition,
  records: readonly MatchWorldRecord[],
  isValidKey: (value: string) => boolean,
  isApart: (erpId: string, shopId: string) => boolean,
): ReferenceAnswer {
  const settled = new Set<string>()
  const matched: string[] = []
  const ambiguous: string[] = []
  const nameOf = ({ side, id }: MatchWorldRecord) => `${side}:${id}`
  for (const key of [null, ...definition.matchKeys]) {
    const isTaken = (record: MatchWorldRecord) =>
      record.linkedTo !== null || matched.some((line) => line.split(' ').slice(1).includes(nameOf(record)))
    const takenBefore = new Set(records.filter(isTaken))
    const present = records.filter((record) => takenBefore.has(record) || !settled.has(nameOf(record)))
    const edges: [MatchWorldRecord, MatchWorldRecord][] = []
    for (const erp of present.filter((record) => record.side === 'erp')) {
      for (const shop of present.filter((record) => record.side === 'shop')) {
        if (takenBefore.has(erp) && takenBefore.has(shop)) continue
        if (isApart(erp.id, shop.id)) continue
        const joined =
          key === null
            ? erp.reference === shop.id || shop.reference === erp.id
            : keyProposes(definition, key, erp, shop, isValidKey)
        if (joined) edges.push([erp, shop])
      }
    }
    // Records of one side that share what names them, with all that share it: no edge is needed (MatchKey.identity).
    const shared = key?.identity ? sharedIdentities(definition, key, records, isValidKey) : []
    for (const holders of shared) {
      const open = holders.filter((record) => record.linkedTo === null && !settled.has(nameOf(record)))
      if (open.length === 0) continue
      const ambiguousBefore = (record: MatchWorldRecord) =>
        ambiguous.some((line) => line.split(' ').slice(1).includes(nameOf(record)))
      const members = holders.filter(
        (record) => open.includes(record) || record.linkedTo !== null || !ambiguousBefore(record),
      )
      ambiguous.push(`${key?.name} ${members.map(nameOf).sort().join(' ')}`)
      for (const record of open) settled.add(nameOf(record))
    }
    const isShared = (record: MatchWorldRecord) => shared.some((holders) => holders.includes(record))
    for (const group of groupsOf(edges.filter((edge) => !edge.some(isShared)))) {
      const members = records.filter((record) => group.has(record))
      const count = edges.filter(([erp]) => group.has(erp)).length
      const names = members.map(nameOf).sort()
      const line = `${key?.name ?? 'reference'} ${names.join(' ')}`
      if (count === 1 && members.every((record) => !takenBefore.has(record))) matched.push(line)
      else ambiguous.push(line)
      for (const name of names) settled.add(name)
    }
  }
  const left = records.filter((record) => record.linkedTo === null && !settled.has(nameOf(record))).map(nameOf)
  return { matched: matched.sort(), ambiguous: ambiguous.sort(), left: left.sort() }
}

/** Values of the key that one side holds more than once: all their holders on both sides, settled or not. */
function sharedIdentities(
  definition: FlowDefinition,
  key: MatchKey,
  records: readonly MatchWorldRecord[],
  isValidKey: (value: string) => boolean,
): MatchWorldRecord[][] {
  const groups: MatchWorldRecord[][] = []
  for (const record of records) {
    // A record proposes itself by its key as it would a copy of itself on the other side.
    const alike = records.filter((other) =>
      keyProposes({ ...definition, neverMatchAcross: [] }, withoutPairRules(key), record, other, isValidKey),
    )
    const isTwiceOn = (side: Side) => alike.filter((other) => other.side === side).length > 1
    if (!isTwiceOn('erp') && !isTwiceOn('shop')) continue
    if (!groups.some((group) => group.includes(record))) groups.push(alike)
  }
  return groups
}

function withoutPairRules({ name, field, when, valid, together }: MatchKey): MatchKey {
  return { name, field, ...(when && { when }), ...(valid && { valid }), ...(together && { together }) }
}

function keyProposes(
  definition: FlowDefinition,
  key: MatchKey,
  erp: MatchWorldRecord,
  shop: MatchWorldRecord,
  isValidKey: (value: string) => boolean,
): boolean {
  const both = [erp, shop]
  const value = (record: MatchWorldRecord, field: string) => record.canonical[field] ?? null
  const equal = (field: string) => value(erp, field) !== null && value(erp, field) === value(shop, field)
  const bothFilled = (field: string) => value(erp, field) !== null && value(shop, field) !== null
  if (definition.matchWithin !== null && !equal(definition.matchWithin)) return false
  if (!equal(key.field)) return false
  if (definition.neverMatchAcross.some((field) => bothFilled(field) && !equal(field))) return false
  const { when, valid, together, confirmedBy, unlessBothHave } = key
  if (when && !both.every((record) => value(record, when.field) === when.equals)) return false
  if (valid && !isValidKey(value(erp, key.field) ?? '')) return false
  if (together) {
    const [one, other] = both.map((record) => {
      const group = JSON.parse(value(record, together.group) ?? '{}') as Record<string, string | null>
      return group[together.part] ?? together.emptyEquals
    })
    if (one !== other) return false
  }
  if (unlessBothHave) {
    const { field, onRecordsWhere } = unlessBothHave
    const where = both.every((record) => value(record, onRecordsWhere.field) === onRecordsWhere.equals)
    if (where && bothFilled(field)) return false
  }
  return confirmedBy ? confirmedBy.some(equal) : true
}

function groupsOf(edges: readonly (readonly [MatchWorldRecord, MatchWorldRecord])[]): Set<MatchWorldRecord>[] {
  const groups = edges.map((edge) => new Set<MatchWorldRecord>(edge))
  for (let merged = true; merged; ) {
    merged = false
    for (const [index, group] of groups.entries()) {
      const touching = groups.findIndex((other, at) => at > index && [...group].some((record) => other.has(record)))
      if (touching < 0) continue
      for (const record of groups.splice(touching, 1)[0] ?? []) group.add(record)
      merged = true
    }
  }
  return groups
}
