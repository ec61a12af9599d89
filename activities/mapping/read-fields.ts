import type { FieldDefinition, FlowDefinition, SideMapping } from '../../flows/flow-definition.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { CanonicalValue, UnlinkedReference } from '../../flows/reading.ts'
import { recordKey, type Side } from '../../flows/side.ts'
import { countryOf, toCanonicalAddress } from '../canonical/address.ts'
import { toCanonicalBoolean } from '../canonical/boolean.ts'
import { type CanonicalResult, canonicalAs, notCanonical, type VendorValue } from '../canonical/canonical-result.ts'
import { toCanonicalValue } from '../canonical/canonical-value.ts'
import { toCanonicalString } from '../canonical/string.ts'
import type { JsonObject } from '../connector.ts'
import { noLinks, type ReferenceLinks } from './reference-ids.ts'
import { valueAt } from './vendor-path.ts'

export interface FieldProblem {
  readonly field: string
  /** In the vendor's JSON. */
  readonly path: string
  /** A phrase that follows the path: `is not a whole number`. */
  readonly problem: string
}

export interface FieldsRead {
  /** By field name; fields that do not apply to the record, or have a problem, are absent. */
  readonly canonical: Readonly<Record<string, CanonicalValue>>
  /** The form to write, only where it differs. */
  readonly written: Readonly<Record<string, JsonValue>>
  readonly problems: readonly FieldProblem[]
  /** References to records without a link. */
  readonly unlinked: readonly UnlinkedReference[]
}

/** The fields of a flow from one side's JSON, by the side's mapping. Generic: it knows no vendor and no field. */
export function readFields(
  definition: FlowDefinition,
  side: Side,
  raw: JsonObject,
  links: ReferenceLinks = noLinks,
): FieldsRead {
  const country = countryOfRecord(definition, side, raw)
  const results = new Map(definition.fields.map((field) => [field.name, readField(field, side, raw, country)]))
  const unlinked: UnlinkedReference[] = []
  const canonical: Record<string, CanonicalValue> = {}
  const written: Record<string, JsonValue> = {}
  const problems: FieldProblem[] = []
  for (const field of definition.fields) {
    const result = results.get(field.name) ?? notCanonical('was not read')
    if (!applies(field, results)) continue
    if (field.type === 'reference' && result.ok && result.canonical !== null && field.refersTo !== undefined) {
      const id = result.canonical
      const counterpart = links.counterpart(field.refersTo, side, id)
      canonical[field.name] = side === 'erp' ? id : (counterpart ?? `?${id}`)
      // The other side's own id is what is written there.
      if (side === 'shop') {
        if (counterpart !== null && Number.isSafeInteger(Number(counterpart))) written[field.name] = Number(counterpart)
      } else if (counterpart !== null) written[field.name] = counterpart
      if (counterpart === null) unlinked.push({ field: field.name, flow: field.refersTo, key: recordKey(side, id) })
      continue
    }
    if (!result.ok) problems.push({ field: field.name, path: pathOf(field[side]), problem: result.problem })
    else if (result.canonical === null && decidesOthers(definition, field)) {
      problems.push({
        field: field.name,
        path: pathOf(field[side]),
        problem: 'is empty, so it is unknown what applies',
      })
    } else {
      canonical[field.name] = result.canonical
      if (result.written !== result.canonical) written[field.name] = result.written
    }
  }
  return { canonical, written, problems, unlinked }
}

function readField(field: FieldDefinition, side: Side, raw: JsonObject, country: string): CanonicalResult {
  const mapping = field[side]
  if ('constant' in mapping) return canonicalAs(mapping.constant)
  if ('allOf' in mapping) return readAllOf(mapping.allOf, raw)
  const values = 'path' in mapping && mapping.values !== undefined ? { values: mapping.values } : {}
  const shown = vendorValue(mapping, raw)
  const value = 'path' in mapping && mapping.zeroMeansUnset && Number(shown) === 0 ? null : shown
  const result = toCanonicalValue(field, value, { country, ...values })
  // A side that only receives the field may show what it likes until we write there: a shop's own customer number `K-7`
  // is a value that differs, not a record that cannot be read.
  if (!result.ok && typeof value === 'string' && receivesOnly(field, side)) return toCanonicalString(value)
  // An unknown unit withholds the field, not the record (rule 9).
  if (!result.ok && field.unknownValues === 'withhold' && typeof value === 'string') return canonicalAs(`?${value}`)
  return result
}

function receivesOnly(field: FieldDefinition, side: Side): boolean {
  return field.direction === (side === 'shop' ? 'toShop' : 'toErp')
}

function vendorValue(
  mapping: Exclude<SideMapping, { readonly allOf: readonly string[] } | { readonly constant: string }>,
  raw: JsonObject,
): VendorValue {
  if ('path' in mapping) return valueAt(raw, mapping.path)
  const parts = Object.entries(mapping.parts)
  return Object.fromEntries(parts.map(([name, path]) => [name, valueAt(raw, path) ?? null]))
}

/** True when all are, false when one is known not to be; empty when that cannot be told. */
function readAllOf(properties: readonly string[], raw: JsonObject): CanonicalResult {
  let all: CanonicalValue = 'true'
  for (const property of properties) {
    const inverted = property.startsWith('!')
    const result = toCanonicalBoolean(valueAt(raw, inverted ? property.slice(1) : property))
    if (!result.ok) return result
    if (result.canonical === null) all = all === 'false' ? all : null
    else if (result.canonical === String(inverted)) all = 'false'
  }
  return canonicalAs(all)
}

function applies(field: FieldDefinition, results: ReadonlyMap<string, CanonicalResult>): boolean {
  if (!field.appliesWhen) return true
  const condition = results.get(field.appliesWhen.field)
  return condition?.ok === true && condition.canonical === field.appliesWhen.equals
}

function decidesOthers(definition: FlowDefinition, field: FieldDefinition): boolean {
  return definition.fields.some((other) => other.appliesWhen?.field === field.name)
}

/** An organisation number means another thing abroad, so the record's first address says how it is read. */
function countryOfRecord(definition: FlowDefinition, side: Side, raw: JsonObject): string {
  const field = definition.fields.find((candidate) => candidate.type === 'address')
  const mapping = field?.[side]
  if (mapping === undefined || 'allOf' in mapping || 'constant' in mapping) return countryOf(null)
  const address = toCanonicalAddress(vendorValue(mapping, raw))
  return countryOf(address.ok ? address.canonical : null)
}

function pathOf(mapping: SideMapping): string {
  if ('path' in mapping) return mapping.path
  if ('constant' in mapping) return mapping.constant
  return 'parts' in mapping ? Object.values(mapping.parts).join(', ') : mapping.allOf.join(', ').replaceAll('!', '')
}
