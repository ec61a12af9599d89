import { type Field, type Given, nested } from '../../pages/field.ts'
import { dtoSchema, type JsonObject, type PropertySchema } from '../schema.ts'

/** Fields with the lengths and the choices that the vendor's description has for them. */
export function describedFields(schemaName: string, fields: readonly Field[]): readonly Field[] {
  return fields.map((field) => {
    const property = propertyOf(schemaName, field.name)
    if (field.kind === 'choice' && field.options.length === 0) {
      return { ...field, options: (property?.enum ?? []).map((value) => ({ value, label: value })) }
    }
    if ((field.kind === 'text' || field.kind === 'long') && property?.maxLength !== undefined) {
      return { ...field, maxLength: property.maxLength }
    }
    return field
  })
}

/** What a person gave, as a body of the API: numbers where the description has numbers, parts of an address in their object. */
export function bodyOf(schemaName: string, given: Given): JsonObject {
  const typed = Object.entries(given).map(([name, value]): [string, unknown] => {
    const { type } = propertyOf(schemaName, name) ?? {}
    const isNumber = (type === 'integer' || type === 'number') && typeof value === 'string'
    return [name, isNumber ? Number(value) : value]
  })
  return nested(Object.fromEntries(typed))
}

function propertyOf(schemaName: string, name: string): PropertySchema | undefined {
  let schema: PropertySchema | undefined = dtoSchema(schemaName)
  for (const part of name.split('.')) {
    schema = resolved(schema?.properties?.[part])
  }
  return schema
}

function resolved(schema: PropertySchema | undefined): PropertySchema | undefined {
  return schema?.$ref === undefined ? schema : dtoSchema(schema.$ref.split('/').at(-1) ?? '')
}
