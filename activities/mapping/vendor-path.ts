import type { JsonValue } from '../../flows/json.ts'
import type { JsonObject } from '../connector.ts'

/** The value at a dotted path of a vendor's JSON; null below a null (a customer without MailAddress has no city). */
export function valueAt(raw: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = raw
  for (const name of namesIn(path)) {
    if (value === undefined || value === null) return value
    // Text or a list where an object belongs must not read as "empty", which would clear the other side's value. No
    // canonical type accepts a list, so it becomes a problem of the field.
    if (!isJsonObject(value)) return [value]
    value = Object.hasOwn(value, name) ? value[name] : undefined
  }
  return value
}

/** Definitions and connectors name a few hundred paths, and read each of them in every record. */
const knownPaths = new Map<string, readonly string[]>()

function namesIn(path: string): readonly string[] {
  let names = knownPaths.get(path)
  if (!names) {
    names = path.split('.')
    knownPaths.set(path, names)
  }
  return names
}

/** Sets the value at a dotted path, making the objects on the way. */
export function setAt(values: MutableJsonObject, path: string, value: JsonValue): void {
  const names = path.split('.')
  const last = names.pop() ?? path
  let place = values
  for (const name of names) {
    const next = (place[name] ?? {}) as MutableJsonObject
    place[name] = next
    place = next
  }
  place[last] = value
}

export type MutableJsonObject = { [name: string]: JsonValue }

function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
