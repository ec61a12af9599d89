import type { FieldNote } from '../../flows/decision.ts'
import { type FieldDefinition, type FlowDefinition, fieldNamed } from '../../flows/flow-definition.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { CanonicalValue, Content } from '../../flows/reading.ts'
import type { Side } from '../../flows/side.ts'
import { exactNumber } from '../canonical/decimal.ts'
import { fromCanonicalEnum } from '../canonical/enum.ts'
import type { JsonObject } from '../connector.ts'
import { appliesTo } from './applies-to.ts'
import { partsToWrite } from './parts-to-write.ts'
import { reasonToWithhold } from './reason-to-withhold.ts'
import { type MutableJsonObject, setAt } from './vendor-path.ts'

export interface FieldsToWrite {
  /** Nested as the vendor's JSON is. */
  readonly values: JsonObject
  /** What was left out, with the reason: rules 8 and 9 (`withheld`), or a record without link (`waits`). */
  readonly withheld: readonly FieldNote[]
}

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
    const reason = reasonToWithhold(field, to, canonical, content.written[name])
    if (reason === null) writeField(values, field, to, canonical, content.written[name])
    else withheld.push({ field: name, ...reason })
  }
  return { values, withheld }
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
  // PowerOffice's numbers are JSON numbers; the webshop's contract has them as text, as people read them.
  if (to === 'erp' && field.type === 'decimal') return exactNumber(canonical)
  if (to === 'erp' && field.type === 'integer' && Number.isSafeInteger(Number(canonical))) return Number(canonical)
  return written ?? canonical
}
