import type { FieldDefinition } from '../../flows/flow-definition.ts'
import type { Side } from '../../flows/side.ts'
import { unreachable } from '../../flows/unreachable.ts'
import { toCanonicalAddress } from './address.ts'
import { toCanonicalBoolean } from './boolean.ts'
import type { CanonicalResult, VendorValue } from './canonical-result.ts'
import { toCanonicalDate } from './date.ts'
import { toCanonicalDecimal } from './decimal.ts'
import { toCanonicalEmail } from './email.ts'
import { toCanonicalEnum } from './enum.ts'
import { toCanonicalGtin } from './gtin.ts'
import { toCanonicalInteger } from './integer.ts'
import { toCanonicalNames } from './names.ts'
import { toCanonicalOrganisationNumber } from './organisation-number.ts'
import { toCanonicalPhone } from './phone.ts'
import { type CounterpartOf, toCanonicalReference } from './reference.ts'
import { toCanonicalString } from './string.ts'
import { toCanonicalText } from './text.ts'
import { toCanonicalUrl } from './url.ts'

/** What a value's meaning depends on besides itself. */
export interface CanonicalContext {
  /** Whose value it is. */
  readonly side: Side
  /** Of the record's address; `NO` where it names none. */
  readonly country: string
  /** For enums: the side's spellings, to canonical values. */
  readonly values?: Readonly<Record<string, string>>
  /** For references: the links of the flow that is referred to; default: nothing is linked. */
  readonly counterpartOf?: CounterpartOf
}

const nothingLinked: CounterpartOf = () => null

/**
 * One value as its type is compared and written (docs/dataflow.md, canonical types). Groups take an object of their
 * parts. Pure, and a fixed point: the canonical form of a canonical or written form is the same canonical form.
 */
export function toCanonicalValue(
  field: Pick<FieldDefinition, 'type' | 'scale' | 'unknownValues'>,
  value: VendorValue,
  context: CanonicalContext,
): CanonicalResult {
  switch (field.type) {
    case 'string':
      return toCanonicalString(value)
    case 'text':
      return toCanonicalText(value)
    case 'email':
      return toCanonicalEmail(value)
    case 'phone':
      return toCanonicalPhone(value)
    case 'organisationNumber':
      return toCanonicalOrganisationNumber(value, context.country)
    case 'url':
      return toCanonicalUrl(value)
    case 'integer':
      return toCanonicalInteger(value)
    case 'decimal':
      return toCanonicalDecimal(value, field.scale)
    case 'gtin':
      return toCanonicalGtin(value)
    case 'date':
      return toCanonicalDate(value, context.side)
    case 'boolean':
      return toCanonicalBoolean(value)
    case 'enum':
      return toCanonicalEnum(value, context.values ?? {}, field.unknownValues)
    case 'reference':
      return toCanonicalReference(value, context.side, context.counterpartOf ?? nothingLinked)
    case 'address':
      return toCanonicalAddress(value)
    case 'names':
      return toCanonicalNames(value)
    default:
      return unreachable(field.type)
  }
}
