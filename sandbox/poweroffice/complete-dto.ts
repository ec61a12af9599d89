import { dtoSchema, type JsonObject, propertyNames } from './schema.ts'

/** Every property of the description in its order, null where empty; nothing else. */
export function dtoCompleter(schemaName: string): (properties: JsonObject) => JsonObject {
  const declared = propertyNames(schemaName).map((name) => ({
    name,
    // Enums and nested objects are not nullable in the description: left out where there is none (README.md).
    nullable: dtoSchema(schemaName).properties?.[name]?.$ref === undefined,
  }))
  return (properties) => {
    const complete: JsonObject = {}
    for (const { name, nullable } of declared) {
      const value = properties[name] ?? null
      if (value !== null || nullable) complete[name] = value
    }
    return complete
  }
}

/** Defaults fill what is missing or null. */
export function withDefaults(properties: JsonObject, defaults: JsonObject): JsonObject {
  const complete: JsonObject = { ...properties }
  for (const [name, value] of Object.entries(defaults)) complete[name] ??= value
  return complete
}
