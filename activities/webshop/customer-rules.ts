import { customers as definition } from '../../flows/customers.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { JsonObject, Prepared } from '../connector.ts'
import type { Capabilities } from './capabilities.ts'
import {
  firstMissing,
  isFilled,
  newBody,
  patchBody,
  type RequiredProperty,
  refuse,
  refusedReference,
  withheld,
  withholdCleared,
} from './record-rules.ts'

/** The webshop's own rules for writing customers (docs/webshop-contract.md). Pure. */

const addressParts = ['line1', 'line2', 'zip', 'city', 'country']

export function prepareCustomerCreate(
  values: JsonObject,
  counterpartId: string,
  capabilities: Capabilities | null,
): Prepared {
  const kind = isFilled(values['kind']) ? String(values['kind']) : 'company'
  const refusal = refusedReference(definition, counterpartId) ?? refusedCustomer(values, kind, capabilities)
  if (refusal !== null) return refuse(refusal)
  const body = { ...newBody(definition, values, counterpartId, ['guest', 'address']), kind }
  const address = wholeAddress(values['address'])
  if (address === null) return { body, flags: '', notes: [], refusal: null }
  const parts = Object.fromEntries(Object.entries(address).filter(([, part]) => part !== null))
  return { body: { ...body, address: parts }, flags: '', notes: [], refusal: null }
}

function refusedCustomer(values: JsonObject, kind: string, capabilities: Capabilities | null): string | null {
  if (definition.shopKinds?.values.includes(kind) !== true) {
    return `The flow customers creates no customer of kind ${kind}.`
  }
  if (capabilities && !capabilities.customers.kinds.includes(kind)) {
    return `The webshop has no customers of kind ${kind}: add the kind to its capabilities, or leave the record out.`
  }
  const missing = firstMissing(values, requiredOf(kind))
  if (missing) return `The webshop needs ${missing.called} of a ${kind}: fill it in in PowerOffice.`
  if (capabilities?.customers.emailRequired && !isFilled(values['email'])) {
    return 'The webshop takes no customer without e-mail: fill it in in PowerOffice.'
  }
  return null
}

export function prepareCustomerUpdate(
  current: JsonObject,
  values: JsonObject,
  flags: string,
  capabilities: Capabilities | null,
): Prepared {
  // The kind is settled when the record is made.
  const body = patchBody(values, ['guest', 'kind'])
  // A merge patch goes into objects, so the parts that are empty are named: the address moves as a whole.
  if (values['address'] !== undefined) body['address'] = wholeAddress(values['address'])
  const notes = withholdCleared(body, requiredOf(String(current['kind'])))
  if (capabilities?.customers.emailRequired && body['email'] === null) {
    delete body['email']
    notes.push(withheld('email', 'The webshop takes no customer without e-mail: the old one stays there.'))
  }
  return { body, flags, notes, refusal: null }
}

function requiredOf(kind: string): readonly RequiredProperty[] {
  if (kind !== 'person') return [{ name: 'name', field: 'name', called: 'the name' }]
  return [
    { name: 'firstName', field: 'personName', called: 'the first name' },
    { name: 'lastName', field: 'personName', called: 'the last name' },
  ]
}

/** All five parts, null where empty; null for no address at all. */
function wholeAddress(value: JsonValue | undefined): Readonly<Record<string, JsonValue>> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const given = value as JsonObject
  const parts = addressParts.map((name) => [name, isFilled(given[name]) ? (given[name] ?? null) : null] as const)
  return parts.every(([, part]) => part === null) ? null : Object.fromEntries(parts)
}
