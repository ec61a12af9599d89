import type { FieldDefinition, FlowDefinition, FlowName, SideMapping } from '../../flows/flow-definition.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { CanonicalValue, UnlinkedReference } from '../../flows/reading.ts'
import { recordKey, type Side } from '../../flows/side.ts'
import { countryOf } from '../canonical/address.ts'
import { toCanonicalBoolean } from '../canonical/boolean.ts'
import { type CanonicalResult, canonicalAs, notCanonical, type VendorValue } from '../canonical/canonical-result.ts'
import { toCanonicalValue } from '../canonical/canonical-value.ts'
import { toCanonicalReference } from '../canonical/reference.ts'
import { toCanonicalString } from '../canonical/string.ts'
import type { JsonObject } from '../connector.ts'
import { nothingLinked, type ReferenceLinks } from './reference-links.ts'
import { valueAt } from './vendor-path.ts'
import { vendorValue } from './vendor-value.ts'

/**
 * Some ten pages of text. Values travel in payloads, of which one may have 2 MiB: a single endless one must not stop the
 * records beside it.
 */
export const longestValue = 20_000

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
  /** The form to write, only where it differs; of references wherever there is one, which is where there is a link. */
  readonly written: Readonly<Record<string, JsonValue>>
  readonly problems: readonly FieldProblem[]
  /** References to records that have no link, in the order of the fields. */
  readonly unlinked: readonly UnlinkedReference[]
}

/**
 * The fields of a flow from one side's JSON, by the side's mapping. Generic: it knows no vendor and no field.
 * @param links of the flows that the record refers to; without them every reference counts as not linked
 */
export function readFields(
  definition: FlowDefinition,
  side: Side,
  raw: JsonObject,
  links: ReferenceLinks = nothingLinked,
): FieldsRead {
  const { address, conditions } = structureOf(definition)
  const country = countryOfRecord(address, side, raw)
  const read = (field: FieldDefinition): FieldResult => bounded(readField(field, side, raw, country, links))
  const decided = new Map(conditions.map((field) => [field.name, read(field)]))
  const canonical: Record<string, CanonicalValue> = {}
  const written: Record<string, JsonValue> = {}
  const problems: FieldProblem[] = []
  const unlinked: UnlinkedReference[] = []
  for (const field of definition.fields) {
    if (!applies(field, decided)) continue
    const decides = decided.get(field.name)
    const result = decides ?? read(field)
    if (!result.ok) problems.push({ field: field.name, path: pathOf(field[side]), problem: result.problem })
    else if (result.canonical === null && decides) {
      problems.push({
        field: field.name,
        path: pathOf(field[side]),
        problem: 'is empty, so it is unknown what applies',
      })
    } else {
      canonical[field.name] = result.canonical
      if (result.unlinked) unlinked.push(result.unlinked)
      // The two sides may call a record by the same text, so a reference's form to write is not told by difference.
      else if (result.written !== result.canonical || (field.type === 'reference' && result.canonical !== null)) {
        written[field.name] = result.written
      }
    }
  }
  return { canonical, written, problems, unlinked }
}

interface Structure {
  readonly address: FieldDefinition | undefined
  /** The fields that say whether others apply. */
  readonly conditions: readonly FieldDefinition[]
}

/** Definitions never change; going through their fields for each record would take longer than reading it. */
const structures = new WeakMap<FlowDefinition['fields'], Structure>()

function structureOf({ fields }: FlowDefinition): Structure {
  const known = structures.get(fields)
  if (known) return known
  const structure = {
    address: fields.find((field) => field.type === 'address'),
    conditions: fields.filter(({ name }) => fields.some((other) => other.appliesWhen?.field === name)),
  }
  structures.set(fields, structure)
  return structure
}

function bounded(result: FieldResult): FieldResult {
  const length = result.ok ? (result.canonical?.length ?? 0) : 0
  return length > longestValue
    ? notCanonical(`has ${length} characters, more than the ${longestValue} that travel`)
    : result
}

type FieldResult = CanonicalResult & { readonly unlinked?: UnlinkedReference }

function readField(
  field: FieldDefinition,
  side: Side,
  raw: JsonObject,
  country: string,
  links: ReferenceLinks,
): FieldResult {
  const mapping = field[side]
  if ('constant' in mapping) return canonicalAs(mapping.constant)
  if ('allOf' in mapping) return readAllOf(mapping.allOf, raw)
  const value = vendorValue(mapping, raw)
  if (field.refersTo !== undefined) return readReference(field, field.refersTo, side, value, links)
  const values = 'path' in mapping && mapping.values !== undefined ? { values: mapping.values } : {}
  const result = toCanonicalValue(field, value, { side, country, ...values })
  if (!result.ok && typeof value === 'string' && mayBeAnyText(field, side)) return toCanonicalString(value)
  return result
}

function readReference(
  field: FieldDefinition,
  flow: FlowName,
  side: Side,
  value: VendorValue,
  links: ReferenceLinks,
): FieldResult {
  let missing: string | null = null
  const result = toCanonicalReference(value, side, (id) => {
    const counterpart = links.counterpart(flow, side, id)
    if (counterpart === null) missing = id
    return counterpart
  })
  if (missing === null) return result
  return { ...result, unlinked: { field: field.name, flow, key: recordKey(side, missing) } }
}

/**
 * A side that only receives the field may show what it likes until we write there: a shop's own customer number `K-7` is
 * a value that differs, not a record that cannot be read. So may one whose value is only offered to a new record.
 */
function mayBeAnyText(field: FieldDefinition, side: Side): boolean {
  return field.direction === (side === 'shop' ? 'toShop' : 'toErp') || field.settled === 'ignored'
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

function applies(field: FieldDefinition, decided: ReadonlyMap<string, CanonicalResult>): boolean {
  if (field.isOff) return false
  if (!field.appliesWhen) return true
  const condition = decided.get(field.appliesWhen.field)
  return condition?.ok === true && condition.canonical === field.appliesWhen.equals
}

/** An organisation number means another thing abroad, so the record's first address says how it is read. */
function countryOfRecord(address: FieldDefinition | undefined, side: Side, raw: JsonObject): string {
  const mapping = address?.[side]
  return countryOf(mapping !== undefined && 'parts' in mapping ? vendorValue(mapping, raw) : null)
}

function pathOf(mapping: SideMapping): string {
  if ('path' in mapping) return mapping.path
  if ('constant' in mapping) return ''
  return 'parts' in mapping ? Object.values(mapping.parts).join(', ') : mapping.allOf.join(', ').replaceAll('!', '')
}
