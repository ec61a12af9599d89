import type { FieldDefinition } from '../../../flows/flow-definition.ts'
import type { FieldPart, FieldValue } from './field-value.ts'

/**
 * Whether people would call the two values the same. For the eye only: what the sync compares is decided by its own
 * canonical forms (activities/canonical), which know more.
 */
export function isSameValue(
  field: FieldDefinition,
  erp: FieldValue | undefined,
  shop: FieldValue | undefined,
): boolean {
  if (erp === undefined || shop === undefined) return true
  return erp.parts.every((part) => {
    const counterpart = shop.parts.find((candidate) => candidate.name === part.name)
    return comparable(field, part) === comparable(field, counterpart ?? { ...part, text: '' })
  })
}

function comparable(field: FieldDefinition, { name, text }: FieldPart): string {
  const tidy = text.normalize('NFC').trim()
  switch (field.type) {
    case 'email':
      return tidy.toLowerCase()
    case 'url':
      return tidy
        .toLowerCase()
        .replace(/^https?:\/\//, '')
        .replace(/\/$/, '')
    case 'phone':
      // A number of eight digits without a country is Norwegian.
      return tidy
        .replace(/^(\+|00)/, '+')
        .replace(/[^\d+]/g, '')
        .replace(/^(\d{8})$/, '+47$1')
    case 'organisationNumber':
      return tidy.replace(/[\s.]/g, '').replace(/^NO/i, '').replace(/MVA$/i, '')
    case 'address':
      return name === 'country' ? tidy.toUpperCase().replace(/^$/, 'NO') : tidy
    case 'names':
    case 'string':
    case 'text':
    case 'integer':
    case 'decimal':
    case 'gtin':
    case 'date':
    case 'reference':
    case 'boolean':
    case 'enum':
      return tidy
  }
}
