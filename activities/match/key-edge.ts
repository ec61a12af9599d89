import type { FlowDefinition, MatchKey } from '../../flows/flow-definition.ts'
import type { MatchEntry } from './match-entry.ts'

/**
 * Whether the key, whose value the two entries share, proposes them to each other. What rules out whole groups of
 * partners (links, MatchKey.unlessBothHave) is left to Unvisited, pairs that were set apart to the matcher.
 */
export function keyJoins(definition: FlowDefinition, key: MatchKey, erp: MatchEntry, shop: MatchEntry): boolean {
  if (definition.neverMatchAcross.some((field) => areFilledAndDiffer(erp, shop, field))) return false
  return !key.confirmedBy || key.confirmedBy.some((field) => agree(erp, shop, field))
}

/** Of two records that both have it, the key does not count (MatchKey.unlessBothHave). */
export function hasRulingOutField({ unlessBothHave }: MatchKey, entry: MatchEntry): boolean {
  if (!unlessBothHave) return false
  const { field, onRecordsWhere } = unlessBothHave
  return filled(entry, field) !== null && filled(entry, onRecordsWhere.field) === onRecordsWhere.equals
}

function areFilledAndDiffer(erp: MatchEntry, shop: MatchEntry, field: string): boolean {
  const [one, other] = [filled(erp, field), filled(shop, field)]
  return one !== null && other !== null && one !== other
}

function agree(erp: MatchEntry, shop: MatchEntry, field: string): boolean {
  const value = filled(erp, field)
  return value !== null && value === filled(shop, field)
}

function filled(entry: MatchEntry, field: string): string | null {
  return entry.confirm[field] ?? null
}
