import type { FieldDefinition } from '../../flows/flow-definition.ts'
import type { Content } from '../../flows/reading.ts'

/** Whether a record of this content has the field at all (the name of a company, the names of a person). */
export function appliesTo(field: FieldDefinition, content: Content): boolean {
  if (field.isOff) return false
  return !field.appliesWhen || content.canonical[field.appliesWhen.field] === field.appliesWhen.equals
}
