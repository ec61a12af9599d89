import type { FieldDefinition, SideMapping } from '../../../flows/flow-definition.ts'
import type { JsonValue } from '../../../flows/json.ts'
import type { Side } from '../../../flows/side.ts'
import type { Edit, SystemRecord } from '../systems/system-records.ts'
import { writtenPath } from './field-value.ts'

/** Whether the field may change once a record exists. */
export function isChangeable(field: FieldDefinition): boolean {
  return field.direction !== 'atCreation'
}

/** Whether the console offers to edit the field: not what is fixed at creation, nor what the record itself does not have. */
export function isEditable(
  field: FieldDefinition,
  side: Side,
  record: Pick<SystemRecord, 'json' | 'derived'>,
): boolean {
  if (!isChangeable(field)) return false
  return 'parts' in field[side] || writtenPath(field[side], side, record) !== undefined
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
  return [{ path: mapping.writes ?? mapping.path, value: jsonValue(field, side, spelt(mapping, text)) }]
}

/** The words to choose from, in the definition's order; undefined: anything may be typed. */
export function choicesOf(field: FieldDefinition, side: Side): readonly string[] | undefined {
  if (field.type === 'boolean') return ['true', 'false']
  const mapping = field[side]
  const values = 'path' in mapping ? mapping.values : undefined
  return values === undefined ? undefined : [...new Set(Object.values(values))]
}

/** The side's own spelling of a canonical word: of several the first. */
function spelt({ values = {} }: Extract<SideMapping, { readonly path: string }>, text: string): string {
  return Object.entries(values).find(([, canonical]) => canonical === text)?.[0] ?? text
}

/** PowerOffice has numbers where the webshop has text; what is no number is sent as typed, and refused in its words. */
function jsonValue(field: FieldDefinition, side: Side, text: string): JsonValue {
  if (field.type === 'boolean') return text === 'true'
  const typed = text.trim()
  if (side === 'shop') return textOrNull(field.type === 'decimal' ? typed.replace(',', '.') : text)
  if ((field.type === 'integer' || field.type === 'reference') && /^-?\d{1,15}$/.test(typed)) return Number(typed)
  if (field.type === 'decimal' && /^-?\d{1,12}([.,]\d{1,6})?$/.test(typed)) return Number(typed.replace(',', '.'))
  return textOrNull(text)
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text
}
