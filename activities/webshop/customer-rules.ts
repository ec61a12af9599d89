import { customers as definition } from '../../flows/customers.ts'
import type { FieldNote } from '../../flows/decision.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { JsonObject, Prepared } from '../connector.ts'
import type { Capabilities } from './capabilities.ts'
import { erpReference } from './shop-entity.ts'

/** The webshop's own rules for writing customers (docs/webshop-contract.md). Pure. */

const maxErpIdLength = 60
const addressParts = ['line1', 'line2', 'zip', 'city', 'country']
/** Set by the shop, or by this connector with a purpose of its own; the kind is settled when the record is made. */
const neverPatched = ['id', 'version', 'createdAt', 'changedAt', 'erpId', 'guest', 'kind']

export function prepareCustomerCreate(
  values: JsonObject,
  counterpartId: string,
  capabilities: Capabilities | null,
): Prepared {
  const erpId = erpReference(definition, counterpartId)
  const refuse = (refusal: string): Prepared => ({ body: {}, flags: '', notes: [], refusal })
  const kind = isFilled(values['kind']) ? String(values['kind']) : 'company'
  if (erpId.length > maxErpIdLength) return refuse(`The webshop keeps at most ${maxErpIdLength} characters as erpId.`)
  if (!definition.shopKinds.values.includes(kind))
    return refuse(`The flow customers creates no customer of kind ${kind}.`)
  if (capabilities && !capabilities.customers.kinds.includes(kind)) {
    return refuse(
      `The webshop has no customers of kind ${kind}: add the kind to its capabilities, or leave the record out.`,
    )
  }
  for (const name of requiredNames(kind)) {
    if (!isFilled(values[name])) {
      return refuse(`The webshop needs ${called[name]} of a ${kind}: fill it in in PowerOffice.`)
    }
  }
  if (capabilities?.customers.emailRequired && !isFilled(values['email'])) {
    return refuse('The webshop takes no customer without e-mail: fill it in in PowerOffice.')
  }
  // null and absent are the same in a POST (docs/webshop-contract.md).
  const filled = Object.entries(values).filter(([name, value]) => isFilled(value) && !setByShop.includes(name))
  const body: Record<string, JsonValue> = { ...Object.fromEntries(filled), kind, erpId }
  const address = wholeAddress(values['address'])
  if (address === null) delete body['address']
  else body['address'] = Object.fromEntries(Object.entries(address).filter(([, part]) => part !== null))
  return { body, flags: '', notes: [], refusal: null }
}

export function prepareCustomerUpdate(
  current: JsonObject,
  values: JsonObject,
  flags: string,
  capabilities: Capabilities | null,
): Prepared {
  const notes: FieldNote[] = []
  const body: Record<string, JsonValue> = {}
  for (const [name, value] of Object.entries(values)) {
    // In a merge patch null clears.
    if (!neverPatched.includes(name)) body[name] = isFilled(value) ? value : null
  }
  // A merge patch goes into objects, so the parts that are empty are named: the address moves as a whole.
  if (values['address'] !== undefined) body['address'] = wholeAddress(values['address'])
  for (const name of requiredNames(String(current['kind']))) {
    if (body[name] !== null) continue
    delete body[name]
    const field = name === 'name' ? 'name' : 'personName'
    notes.push(withheld(field, `The webshop needs ${called[name]}: clear it there if it is meant, or fill it in.`))
  }
  if (capabilities?.customers.emailRequired && body['email'] === null) {
    delete body['email']
    notes.push(withheld('email', 'The webshop takes no customer without e-mail: the old one stays there.'))
  }
  return { body, flags, notes, refusal: null }
}

const setByShop = ['id', 'version', 'createdAt', 'changedAt', 'guest', 'address']

type RequiredName = 'name' | 'firstName' | 'lastName'

const called: Readonly<Record<RequiredName, string>> = {
  name: 'the name',
  firstName: 'the first name',
  lastName: 'the last name',
}

function requiredNames(kind: string): readonly RequiredName[] {
  return kind === 'person' ? ['firstName', 'lastName'] : ['name']
}

/** All five parts, null where empty; null for no address at all. */
function wholeAddress(value: JsonValue | undefined): Readonly<Record<string, JsonValue>> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const given = value as JsonObject
  const parts = addressParts.map((name) => [name, isFilled(given[name]) ? (given[name] ?? null) : null] as const)
  return parts.every(([, part]) => part === null) ? null : Object.fromEntries(parts)
}

function isFilled(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && (typeof value !== 'string' || value.trim() !== '')
}

function withheld(field: string, detail: string): FieldNote {
  return { field, kind: 'withheld', detail }
}
