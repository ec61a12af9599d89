import type { SandboxState } from '../sandbox-state.ts'
import { isJsonObject, type JsonObject, propertyNames } from '../schema.ts'
import type { AddressDto } from './dto.ts'

const addressProperties = propertyNames('ContactAddressPatchDto')
/** As AddressDto shows them. */
const storedNames = [...addressProperties, 'Id', 'LastChangedDateTimeOffset'].sort()

/**
 * The address as stored after a write, null when there is none. It keeps its Id for life and has a change time of its own,
 * which moves when its content does; the customer's does not (README.md).
 */
export function nextAddress(
  state: SandboxState,
  current: AddressDto | undefined,
  sent: unknown,
  now: string,
): AddressDto | null {
  if (!isJsonObject(sent)) return null
  const content = addressContent(sent)
  if (current && addressProperties.every((name) => content[name] === current[name as keyof AddressDto])) return current
  const stored = {
    ...content,
    Id: current?.Id ?? 7_300_000 + state.customers.nextId('address'),
    LastChangedDateTimeOffset: now,
  }
  return pick(stored, storedNames) as unknown as AddressDto
}

/** What a JSON Patch sees of the address: no Id, no change time. */
export function patchableAddress(address: AddressDto | undefined): JsonObject | null {
  return address ? addressContent({ ...address }) : null
}

function addressContent(sent: JsonObject): JsonObject {
  const content = pick(sent, addressProperties)
  const country = content.CountryCode
  content.CountryCode = typeof country === 'string' && country !== '' ? country.toUpperCase() : 'NO'
  return content
}

/** Properties in that order, null where there is none. */
function pick(object: JsonObject, names: readonly string[]): JsonObject {
  const picked: JsonObject = {}
  for (const name of names) picked[name] = object[name] ?? null
  return picked
}
