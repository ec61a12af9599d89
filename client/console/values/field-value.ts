import type { FieldDefinition, FlowDefinition, SideMapping } from '../../../flows/flow-definition.ts'
import type { JsonValue } from '../../../flows/json.ts'
import type { Side } from '../../../flows/side.ts'
import { fieldLabel } from '../../text/field-label.ts'
import { type JsonObject, valueAt } from '../systems/system-records.ts'

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

/** A field of one record as people read it; undefined where it does not apply (a company has no first name). */
export function readField(
  definition: FlowDefinition,
  field: FieldDefinition,
  side: Side,
  json: JsonObject,
): FieldValue | undefined {
  if (!fieldApplies(definition, field, side, json)) return undefined
  const mapping = field[side]
  if ('parts' in mapping) {
    const parts = Object.entries(mapping.parts).map(([name, path]) => ({
      name,
      label: fieldLabel(name),
      text: textOf(valueAt(json, path)),
    }))
    return { parts, text: joined(field, parts) }
  }
  const text = canonicalText(mapping, json)
  return { parts: [{ name: '', label: fieldLabel(field.name), text }], text }
}

export function fieldApplies(
  definition: FlowDefinition,
  field: FieldDefinition,
  side: Side,
  json: JsonObject,
): boolean {
  const { appliesWhen } = field
  if (appliesWhen === undefined) return true
  const other = definition.fields.find((candidate) => candidate.name === appliesWhen.field)
  if (other === undefined || 'parts' in other[side]) return true
  return canonicalText(other[side], json) === appliesWhen.equals
}

/** How people call the record: the first of the definition's label fields that says something. */
export function recordLabel(definition: FlowDefinition, side: Side, json: JsonObject): string {
  for (const name of definition.labelFields) {
    const field = definition.fields.find((candidate) => candidate.name === name)
    const text = field === undefined ? '' : (readField(definition, field, side, json)?.text ?? '')
    if (text !== '') return text
  }
  return ''
}

function canonicalText(mapping: Exclude<SideMapping, { readonly parts: unknown }>, json: JsonObject): string {
  if ('constant' in mapping) return mapping.constant
  if ('allOf' in mapping) {
    return String(
      mapping.allOf.every((path) =>
        path.startsWith('!') ? !valueAt(json, path.slice(1)) : valueAt(json, path) === true,
      ),
    )
  }
  const text = textOf(valueAt(json, mapping.path))
  return mapping.values === undefined ? text : (mapping.values[text] ?? text)
}

function joined(field: FieldDefinition, parts: readonly FieldPart[]): string {
  const texts = parts.map((part) => part.text).filter((text) => text !== '')
  return texts.join(field.type === 'names' ? ' ' : ', ')
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
