import type { FieldDefinition, FlowDefinition } from '../../flows/flow-definition.ts'
import type { Content } from '../../flows/reading.ts'
import { appliesTo } from '../mapping/applies-to.ts'

/**
 * Field by field in the order of the definition: `1` where the sides' canonical values differ, by value, not by hash.
 * A field that applies to one of the records only does not differ: the field on which that depends does (kind).
 */
export function differs(definition: FlowDefinition, erp: Content, shop: Content): string {
  return definition.fields.map((field) => (fieldDiffers(field, erp, shop) ? '1' : '0')).join('')
}

function fieldDiffers(field: FieldDefinition, erp: Content, shop: Content): boolean {
  if (!appliesTo(field, erp) || !appliesTo(field, shop)) return false
  return (erp.canonical[field.name] ?? null) !== (shop.canonical[field.name] ?? null)
}
