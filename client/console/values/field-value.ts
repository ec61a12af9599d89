import type { FieldDefinition, FlowDefinition, SideMapping } from '../../../flows/flow-definition.ts'
import type { JsonValue } from '../../../flows/json.ts'
import type { Side } from '../../../flows/side.ts'
import { fieldLabel } from '../../text/field-label.ts'
import { type JsonObject, type SystemRecord, valueAt } from '../systems/system-records.ts'

/** What one side shows in one field. */
export interface FieldValue {
  readonly parts: readonly FieldPart[]
  /** All of it on one line; '' for empty. */
  readonly text: string
}

export interface FieldPart {
  /** The part's name in a group; '' where the field is one value. */
  readonly name: string
  readonly label: string
  readonly text: string
}

type Shown = Pick<SystemRecord, 'json' | 'derived'>

/**
 * A field of one record as people read it; undefined where it does not apply (a company has no first name) and where the
 * system's own record does not have it (the sync works it out from elsewhere).
 */
export function readField(
  definition: FlowDefinition,
  field: FieldDefinition,
  side: Side,
  record: Shown,
): FieldValue | undefined {
  if (!fieldApplies(definition, field, side, record)) return undefined
  const mapping = field[side]
  if ('parts' in mapping) {
    const paths = Object.values(mapping.parts)
    if (side === 'erp' && !paths.some((path) => hasProperty(record.json, path))) return undefined
    const parts = Object.entries(mapping.parts).map(([name, path]) => ({
      name,
      label: fieldLabel(name),
      text: textOf(valueAt(record.json, path)),
    }))
    return { parts, text: joined(field, parts) }
  }
  const text = canonicalText(mapping, side, record)
  return text === undefined ? undefined : { parts: [{ name: '', label: fieldLabel(field.name), text }], text }
}

export function fieldApplies(definition: FlowDefinition, field: FieldDefinition, side: Side, record: Shown): boolean {
  const { appliesWhen } = field
  if (appliesWhen === undefined) return true
  const other = definition.fields.find((candidate) => candidate.name === appliesWhen.field)
  if (other === undefined || 'parts' in other[side]) return true
  return canonicalText(other[side], side, record) === appliesWhen.equals
}

/** How people call the record: the first of the definition's label fields that says something. */
export function recordLabel(definition: FlowDefinition, side: Side, record: Shown): string {
  for (const name of definition.labelFields) {
    const field = definition.fields.find((candidate) => candidate.name === name)
    const text = field === undefined ? '' : (readField(definition, field, side, record)?.text ?? '')
    if (text !== '') return text
  }
  return ''
}

/** The property that an edit of the record itself would set; undefined where it has none. */
export function writtenPath(mapping: SideMapping, side: Side, { json, derived = {} }: Shown): string | undefined {
  if ('constant' in mapping || 'parts' in mapping) return undefined
  const path = ('allOf' in mapping ? mapping.writes : (mapping.writes ?? mapping.path)).replace(/^!/, '')
  // PowerOffice leaves some properties out while they are empty; a value worked out from one says that it exists.
  const isWorkedOut = 'path' in mapping && mapping.writes !== undefined && hasProperty(derived, mapping.path)
  return side === 'shop' || hasProperty(json, path) || isWorkedOut ? path : undefined
}

function canonicalText(
  mapping: Exclude<SideMapping, { readonly parts: unknown }>,
  side: Side,
  record: Shown,
): string | undefined {
  if ('constant' in mapping) return mapping.constant
  if ('allOf' in mapping) {
    return String(
      mapping.allOf.every((path) =>
        path.startsWith('!') ? !valueAt(record.json, path.slice(1)) : valueAt(record.json, path) === true,
      ),
    )
  }
  const value = shownValue(mapping, side, record)
  if (value === undefined) return undefined
  const text = textOf(value)
  const { values } = mapping
  return values !== undefined && Object.hasOwn(values, text) ? values[text] : text
}

/**
 * The webshop leaves out what is empty. PowerOffice answers with all that its records have, so a name that is not there is
 * one that the sync gives to something worked out.
 */
function shownValue(
  { path, writes }: { readonly path: string; readonly writes?: string },
  side: Side,
  { json, derived = {} }: Shown,
): JsonValue | undefined {
  if (hasProperty(derived, path)) return valueAt(derived, path)
  if (side === 'shop' || hasProperty(json, path)) return valueAt(json, path) ?? null
  return writes !== undefined && hasProperty(json, writes) ? (valueAt(json, writes) ?? null) : undefined
}

function hasProperty(json: JsonObject, path: string): boolean {
  return Object.hasOwn(json, path.split('.')[0] ?? path)
}

function joined(field: FieldDefinition, parts: readonly FieldPart[]): string {
  const texts = parts.map((part) => part.text).filter((text) => text !== '')
  return texts.join(field.type === 'names' ? ' ' : ', ')
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
