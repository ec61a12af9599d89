import type { FieldNote } from '../../flows/decision.ts'
import { type FieldDefinition, type FlowDefinition, fieldNamed, type SideMapping } from '../../flows/flow-definition.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { CanonicalValue, Content } from '../../flows/reading.ts'
import type { Side } from '../../flows/side.ts'
import { fromCanonicalEnum } from '../canonical/enum.ts'
import { decodeParts } from '../canonical/group.ts'
import type { JsonObject } from '../connector.ts'
import { appliesTo } from './applies-to.ts'
import { type MutableJsonObject, setAt } from './vendor-path.ts'

export interface FieldsToWrite {
  /** Nested as the vendor's JSON is. */
  readonly values: JsonObject
  /** What was left out, with the reason (rules 8 and 9). */
  readonly withheld: readonly FieldNote[]
}

const systemNames: Readonly<Record<Side, string>> = { erp: 'PowerOffice', shop: 'the webshop' }

/**
 * The named fields of one side's content as the side `to` spells them. Fields that do not apply to the record are left
 * out: a person's Name is composed by PowerOffice. The vendor's own rules come later (Collection.prepareCreate).
 */
export function writeFields(
  definition: FlowDefinition,
  to: Side,
  content: Content,
  fieldNames: readonly string[],
): FieldsToWrite {
  const values: MutableJsonObject = {}
  const withheld: FieldNote[] = []
  for (const name of fieldNames) {
    const field = fieldNamed(definition, name)
    const canonical = content.canonical[name]
    if (canonical === undefined || !appliesTo(field, content)) continue
    if (
      field.type === 'reference' &&
      canonical !== null &&
      content.written[name] === undefined &&
      needsWritten(to, canonical)
    ) {
      withheld.push({ field: name, kind: 'waits', detail: 'It names a record that has no link yet.' })
      continue
    }
    const reason = reasonToWithhold(field, to, canonical, content.written[name])
    if (reason === null) writeField(values, field, to, canonical, content.written[name])
    else withheld.push({ field: name, kind: 'withheld', detail: reason })
  }
  return { values, withheld }
}

function reasonToWithhold(
  field: FieldDefinition,
  to: Side,
  canonical: CanonicalValue,
  written: JsonValue | undefined,
): string | null {
  const mapping = field[to]
  const system = systemNames[to]
  if (canonical === null) {
    const required = field.requiredOn?.includes(to) === true || 'allOf' in mapping
    return required ? `It is empty, but ${system} requires it; both values stand until it is filled in again.` : null
  }
  if (field.neverWritten?.[to]?.includes(canonical))
    return `${capitalised(system)} takes no such value from us; both values stand.`
  if ('path' in mapping && mapping.values && fromCanonicalEnum(canonical, mapping.values) === undefined) {
    return `${capitalised(system)} has no value for this one; both values stand.`
  }
  const longest = field.maxLength?.[to]
  if (longest === undefined) return null
  const length = Math.max(...textsToWrite(mapping, canonical, written).map((text) => text.length))
  return length > longest
    ? `It has ${length} characters, but ${system} takes at most ${longest}; shorten it, both values stand until then.`
    : null
}

/** The texts whose length counts: of each part, for groups. Lengths are UTF-16 units, as .NET counts them. */
function textsToWrite(mapping: SideMapping, canonical: string, written: JsonValue | undefined): string[] {
  if ('parts' in mapping) return Object.values(partsToWrite(canonical, written)).map((part) => String(part ?? ''))
  return [typeof written === 'string' ? written : canonical]
}

function writeField(
  values: MutableJsonObject,
  field: FieldDefinition,
  to: Side,
  canonical: CanonicalValue,
  written: JsonValue | undefined,
): void {
  const mapping = field[to]
  if ('constant' in mapping) return
  if ('parts' in mapping) {
    const parts = partsToWrite(canonical, written)
    for (const [name, path] of Object.entries(mapping.parts)) setAt(values, path, parts[name] ?? null)
  } else if ('allOf' in mapping) {
    const inverted = mapping.writes.startsWith('!')
    setAt(values, inverted ? mapping.writes.slice(1) : mapping.writes, (canonical === 'true') !== inverted)
  } else {
    setAt(values, mapping.writes ?? mapping.path, plainValue(field, to, mapping.values, canonical, written))
  }
}

function plainValue(
  field: FieldDefinition,
  to: Side,
  enumValues: Readonly<Record<string, string>> | undefined,
  canonical: CanonicalValue,
  written: JsonValue | undefined,
): JsonValue {
  if (canonical === null) return null
  if (enumValues) return fromCanonicalEnum(canonical, enumValues) ?? null
  if (field.type === 'boolean') return canonical === 'true'
  // PowerOffice's integers are JSON numbers; the webshop's contract has them as text, as people read them.
  if (field.type === 'integer' && to === 'erp' && Number.isSafeInteger(Number(canonical))) return Number(canonical)
  if (field.type === 'decimal' && to === 'erp') return Number(canonical)
  return written ?? canonical
}

/** PowerOffice's own id is the canonical form; everything else must have been translated. */
function needsWritten(to: Side, canonical: string): boolean {
  return to === 'shop' || canonical.startsWith('?') || Number.isSafeInteger(Number(canonical))
}

function partsToWrite(canonical: CanonicalValue, written: JsonValue | undefined): JsonObject {
  return typeof written === 'object' && written !== null && !Array.isArray(written)
    ? (written as JsonObject)
    : decodeParts(canonical)
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
