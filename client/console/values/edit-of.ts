import type { FieldDefinition } from '../../../flows/flow-definition.ts'
import type { JsonValue } from '../../../flows/json.ts'
import type { Side } from '../../../flows/side.ts'
import type { Edit } from '../systems/system-records.ts'

/** Whether the console offers to edit the field: what is fixed at creation is not. */
export function isEditable(field: FieldDefinition): boolean {
  return field.direction !== 'atCreation'
}

/** What people typed, by part name (`''` for a field of one value), as an edit of that side's record. */
export function editOf(field: FieldDefinition, side: Side, typed: Readonly<Record<string, string>>): Edit {
  const mapping = field[side]
  if ('parts' in mapping) {
    return Object.entries(mapping.parts).flatMap(([name, path]) => {
      const text = typed[name]
      return text === undefined ? [] : [{ path, value: textOrNull(text) }]
    })
  }
  const text = typed['']
  if (text === undefined || 'constant' in mapping) return []
  if ('allOf' in mapping) {
    const inverted = mapping.writes.startsWith('!')
    return [{ path: mapping.writes.replace(/^!/, ''), value: (text === 'true') !== inverted }]
  }
  return [{ path: mapping.writes ?? mapping.path, value: jsonValue(field, side, text) }]
}

function jsonValue(field: FieldDefinition, side: Side, text: string): JsonValue {
  if (field.type === 'boolean') return text === 'true'
  // PowerOffice has integers where the webshop has text; what is no number is sent as typed, and refused in its words.
  if (field.type === 'integer' && side === 'erp' && /^\d{1,15}$/.test(text.trim())) return Number(text)
  return textOrNull(text)
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text
}
