import type { FlowDefinition, MatchKey } from '../../flows/flow-definition.ts'
import type { CanonicalValue, Content, Reading } from '../../flows/reading.ts'
import type { Side } from '../../flows/side.ts'
import { decodeParts } from '../canonical/group.ts'
import { isValidNorwegianOrganisationNumber } from '../canonical/organisation-number.ts'

/** What matching needs of one record that takes part (rule 1); small, since both sides' lie in memory at a first load. */
export interface MatchEntry {
  readonly side: Side
  readonly id: string
  /** The value that matching never crosses (kind); null: unknown, so no key counts. */
  readonly within: string | null
  /** By key name; null where the record has no such key. */
  readonly keys: Readonly<Record<string, string | null>>
  /** Fields that confirm a key or rule a candidate out, by field name. */
  readonly confirm: Readonly<Record<string, CanonicalValue>>
  /** The counterpart's id that the record itself names (rule 12). */
  readonly reference: string | null
  /** The counterpart's id in the link memory; null: not linked. */
  readonly linkedTo: string | null
}

/** `within` of all records where the flow has one kind only. */
const oneKind = ''

/**
 * null: the record is no candidate at all, since it is out of scope, or since the caller's memory says so (`takesPart`
 * false: ignored by a person, its counterpart deleted).
 */
export function toMatchEntry(
  definition: FlowDefinition,
  reading: Reading & { readonly content: Content },
  linkedTo: string | null,
  takesPart: boolean,
): MatchEntry | null {
  if (!takesPart || reading.outOfScope !== null) return null
  const { canonical } = reading.content
  return {
    side: reading.side,
    id: reading.id,
    within: definition.matchWithin === null ? oneKind : (canonical[definition.matchWithin] ?? null),
    keys: Object.fromEntries(definition.matchKeys.map((key) => [key.name, keyValue(key, canonical)])),
    confirm: Object.fromEntries(weighedFields(definition).map((field) => [field, canonical[field] ?? null])),
    reference: reading.reference,
    linkedTo,
  }
}

/** Fields whose values are weighed when two records share a key. */
export function weighedFields(definition: FlowDefinition): readonly string[] {
  const fields = new Set(definition.neverMatchAcross)
  for (const key of definition.matchKeys) {
    for (const field of key.confirmedBy ?? []) fields.add(field)
    if (key.unlessBothHave) fields.add(key.unlessBothHave.field).add(key.unlessBothHave.onRecordsWhere.field)
  }
  return [...fields]
}

function keyValue(key: MatchKey, canonical: Content['canonical']): string | null {
  const value = canonical[key.field] ?? null
  if (value === null) return null
  if (key.when && canonical[key.when.field] !== key.when.equals) return null
  if (key.valid === 'organisationNumber' && !isValidNorwegianOrganisationNumber(value)) return null
  if (!key.together) return value
  const { group, part, emptyEquals } = key.together
  return `${decodeParts(canonical[group] ?? null)[part] ?? emptyEquals} ${value}`
}
