import type { FieldNote } from '../../flows/decision.ts'
import type { FieldDefinition, FlowName, SideMapping } from '../../flows/flow-definition.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { CanonicalValue } from '../../flows/reading.ts'
import { flowNamed } from '../../flows/registry.ts'
import { otherSide, type Side } from '../../flows/side.ts'
import { exactNumber } from '../canonical/decimal.ts'
import { fromCanonicalEnum } from '../canonical/enum.ts'
import { isUnknown, spellingOf } from '../canonical/unknown-mark.ts'
import { partsToWrite } from './parts-to-write.ts'

const systemNames: Readonly<Record<Side, string>> = { erp: 'PowerOffice', shop: 'the webshop' }

/**
 * Why a value is known beforehand not to be taken by the side `to` (rules 8 and 9, E23); null: it may be written.
 * Sentences follow the field's name, and never repeat a value that people typed.
 */
export function reasonToWithhold(
  field: FieldDefinition,
  to: Side,
  canonical: CanonicalValue,
  written: JsonValue | undefined,
): Omit<FieldNote, 'field'> | null {
  const reason =
    canonical === null ? reasonNotToClear(field, to) : reasonNotToWrite(field, field[to], to, canonical, written)
  if (reason !== null) return { kind: 'withheld', detail: reason }
  if (field.refersTo !== undefined && canonical !== null && written === undefined) {
    return { kind: 'waits', detail: notLinked(field.refersTo, otherSide(to), spellingOf(canonical)) }
  }
  return null
}

function reasonNotToClear(field: FieldDefinition, to: Side): string | null {
  const isRequired = field.requiredOn?.includes(to) === true || 'allOf' in field[to]
  return isRequired
    ? `It is empty, but ${systemNames[to]} requires it; both values stand until it is filled in again.`
    : null
}

function reasonNotToWrite(
  field: FieldDefinition,
  mapping: SideMapping,
  to: Side,
  canonical: string,
  written: JsonValue | undefined,
): string | null {
  const system = systemNames[to]
  if (field.neverWritten?.[to]?.includes(canonical) === true) {
    return `${capitalised(system)} does not take the value ${canonical} from here; both values stand.`
  }
  if ('constant' in mapping) return mapping.constant === canonical ? null : noValue(system)
  if (field.type === 'enum' && isUnknown(canonical)) {
    return `The value of ${systemNames[otherSide(to)]} is not a known one and is not guessed; set a known one there, both values stand until then.`
  }
  if ('path' in mapping && mapping.values && fromCanonicalEnum(canonical, mapping.values) === undefined) {
    return noValue(system)
  }
  if (to === 'erp' && field.type === 'decimal' && exactNumber(canonical) === null) {
    return `It is not a number that ${system} can be given exactly; both values stand until it has fewer digits.`
  }
  if (to === 'erp' && field.type === 'integer' && !/^-?\d+$/.test(canonical)) {
    return `It is not a whole number, which is all that ${system} takes; both values stand.`
  }
  return reasonOfLength(field, to, canonical, written)
}

function noValue(system: string): string {
  return `${capitalised(system)} has no value for this one; both values stand.`
}

function reasonOfLength(
  field: FieldDefinition,
  to: Side,
  canonical: string,
  written: JsonValue | undefined,
): string | null {
  const longest = field.maxLength?.[to]
  if (longest === undefined) return null
  const length = Math.max(...textsToWrite(field[to], canonical, written).map((text) => text.length))
  return length > longest
    ? `It has ${length} characters, but ${systemNames[to]} takes at most ${longest}; shorten it, both values stand until then.`
    : null
}

/** The texts whose length counts: of each part, for groups. Lengths are UTF-16 units, as .NET counts them. */
function textsToWrite(mapping: SideMapping, canonical: string, written: JsonValue | undefined): string[] {
  if ('parts' in mapping) return Object.values(partsToWrite(canonical, written)).map((part) => String(part ?? ''))
  return [typeof written === 'string' ? written : canonical]
}

function notLinked(flow: FlowName, side: Side, id: string): string {
  return `${capitalised(flowNamed(flow).recordName)} ${id} of ${systemNames[side]} is not linked yet.`
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
