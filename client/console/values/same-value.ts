import Big from 'big.js'
import type { FieldDefinition } from '../../../flows/flow-definition.ts'
import type { Side } from '../../../flows/side.ts'
import type { FieldPart, FieldValue } from './field-value.ts'
import { noReferences, type References } from './references.ts'

/**
 * Whether people would call the two values the same. For the eye only: what the sync compares is decided by its own
 * canonical forms (activities/canonical), which know more. What one side does not show differs from nothing.
 */
export function isSameValue(
  field: FieldDefinition,
  erp: FieldValue | undefined,
  shop: FieldValue | undefined,
  references: References = noReferences,
): boolean {
  if (erp === undefined || shop === undefined) return true
  const { refersTo } = field
  if (refersTo !== undefined) {
    // PowerOffice's word for "none" on an order that would else inherit one.
    const named = erp.text === '-1' ? '' : erp.text
    if (named === '' || shop.text === '') return named === shop.text
    return references.counterpart(refersTo, 'shop', shop.text) === named
  }
  return erp.parts.every((part) => {
    const counterpart = shop.parts.find((candidate) => candidate.name === part.name) ?? { ...part, text: '' }
    return comparable(field, 'erp', part) === comparable(field, 'shop', counterpart)
  })
}

function comparable(field: FieldDefinition, side: Side, { name, text }: FieldPart): string {
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
    case 'decimal':
      return decimalText(field, side, tidy)
    case 'gtin':
      return tidy === '' ? '' : tidy.padStart(14, '0')
    case 'date':
      return dayInOslo(tidy)
    case 'reference':
    case 'names':
    case 'string':
    case 'text':
    case 'integer':
    case 'boolean':
    case 'enum':
      return tidy
  }
}

function decimalText(field: FieldDefinition, side: Side, text: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text
  const value = new Big(text).round(field.scale ?? 6, Big.roundHalfUp)
  const mapping = field[side]
  const isUnset = 'path' in mapping && mapping.zeroMeansUnset === true && value.eq(0)
  return isUnset || (value.eq(0) && noneIsZero.has(field.name)) ? '' : value.toString()
}

/** Fields where nothing and 0 say the same; a price of 0 is another thing than none. */
const noneIsZero: ReadonlySet<string> = new Set(['discount'])

const osloDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo' })

/** A date-time is the day it was in Oslo; a day is itself. */
function dayInOslo(text: string): string {
  const at = Date.parse(text)
  return text.includes('T') && !Number.isNaN(at) ? osloDay.format(at) : text
}
