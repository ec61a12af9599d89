import type { FieldNote } from '../../flows/decision.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { JsonObject, Prepared } from '../connector.ts'
import { erpReference } from './shop-entity.ts'

/** What holds for writing records of every collection (docs/webshop-contract.md). Pure. */

export type MutableJsonObject = Record<string, JsonValue>

const maxErpIdLength = 60
/** Set by the shop, or by the connector with a purpose of its own. */
const neverWritten = ['id', 'version', 'createdAt', 'changedAt', 'erpId']

export function isFilled(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && (typeof value !== 'string' || value.trim() !== '')
}

export function refuse(refusal: string): Prepared {
  return { body: {}, flags: '', notes: [], refusal }
}

export function withheld(field: string, detail: string): FieldNote {
  return { field, kind: 'withheld', detail }
}

/** A new record that names its counterpart. null and absent are the same in a POST (docs/webshop-contract.md). */
export function newBody(
  definition: FlowDefinition,
  values: JsonObject,
  counterpartId: string,
  setByShop: readonly string[],
): MutableJsonObject {
  const kept = Object.entries(values).filter(
    ([name, value]) => isFilled(value) && !neverWritten.includes(name) && !setByShop.includes(name),
  )
  return { ...Object.fromEntries(kept), erpId: erpReference(definition, counterpartId) }
}

export function refusedReference(definition: FlowDefinition, counterpartId: string): string | null {
  return erpReference(definition, counterpartId).length > maxErpIdLength
    ? `The webshop keeps at most ${maxErpIdLength} characters as erpId.`
    : null
}

/** A merge patch, in which null clears. */
export function patchBody(values: JsonObject, neverPatched: readonly string[]): MutableJsonObject {
  const body: MutableJsonObject = {}
  for (const [name, value] of Object.entries(values)) {
    if (!neverWritten.includes(name) && !neverPatched.includes(name)) body[name] = isFilled(value) ? value : null
  }
  return body
}

export interface RequiredProperty {
  readonly name: string
  /** By the flow's name for it. */
  readonly field: string
  /** In a sentence: `the name`. */
  readonly called: string
}

export function firstMissing(values: JsonObject, required: readonly RequiredProperty[]): RequiredProperty | undefined {
  return required.find(({ name }) => !isFilled(values[name]))
}

/** Takes out of a patch what would clear a property that the shop requires (rule 8). */
export function withholdCleared(body: MutableJsonObject, required: readonly RequiredProperty[]): FieldNote[] {
  const notes: FieldNote[] = []
  for (const { name, field, called } of required) {
    if (body[name] !== null) continue
    delete body[name]
    notes.push(withheld(field, `The webshop needs ${called}: clear it there if it is meant, or fill it in.`))
  }
  return notes
}
