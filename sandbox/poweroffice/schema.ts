import { readFileSync } from 'node:fs'
import { malformed } from './problem.ts'
import type { Switches } from './settings.ts'

/** The part of a JSON schema that the vendor's description uses. */
export interface PropertySchema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly nullable?: boolean
  readonly readOnly?: boolean
  readonly maxLength?: number
  readonly enum?: readonly string[]
  readonly items?: PropertySchema
  readonly properties?: Readonly<Record<string, PropertySchema>>
  readonly required?: readonly string[]
}

interface Operation {
  readonly responses: Readonly<Record<string, { content?: { 'application/json'?: { schema?: PropertySchema } } }>>
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, PropertySchema>> }
}

const openApi = JSON.parse(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8')) as OpenApi

/** The schema of one DTO. Throws when the description has none of that name: a typo in our own code. */
export function dtoSchema(name: string): PropertySchema {
  const schema = openApi.components.schemas[name]
  if (!schema) throw new Error(`openapi.json has no schema ${name}`)
  return schema
}

export function propertyNames(schemaName: string): readonly string[] {
  return Object.keys(dtoSchema(schemaName).properties ?? {})
}

/** Whether the description has a GET of this path (without /v2) that answers a list. */
export function answersList(path: string): boolean {
  const schema = openApi.paths[path]?.['get']?.responses['200']?.content?.['application/json']?.schema
  return schema?.type === 'array'
}

/** Names that are dates (no time) in some DTO of the description. */
export function dateOnlyPropertyNames(): ReadonlySet<string> {
  const properties = Object.values(openApi.components.schemas).flatMap((schema) =>
    Object.entries(schema.properties ?? {}),
  )
  return new Set(properties.filter(([, property]) => property.format === 'date').map(([name]) => name))
}

export type JsonObject = Record<string, unknown>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** How a wrong value is refused: POST and PATCH word it differently. */
export type Refuse = (reason: { readonly property: string; readonly value: unknown; readonly text: string }) => Error

/**
 * Checks a body against a DTO of the description and returns it with enum values in the vendor's casing.
 * DTOs are closed (additionalProperties false), so an unknown property is refused; so are integers for enums (README.md).
 */
export function readDto(body: unknown, schemaName: string, switches: Switches): JsonObject {
  if (!isJsonObject(body)) throw malformed('The request body must be a JSON object.')
  return readObject(body, dtoSchema(schemaName), '', switches, ({ property, text }) => malformed(text, property))
}

export function readObject(
  body: JsonObject,
  schema: PropertySchema,
  path: string,
  switches: Switches,
  refuse: Refuse,
): JsonObject {
  for (const name of schema.required ?? []) {
    if (body[name] === undefined || body[name] === null || body[name] === '') {
      throw refuse({ property: path + name, value: body[name], text: `The ${path}${name} field is required.` })
    }
  }
  const read: JsonObject = {}
  for (const name of Object.keys(body)) {
    const value = body[name]
    const property = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined
    if (!property) {
      throw refuse({ property: path + name, value, text: `Could not find member '${path}${name}' on the object.` })
    }
    read[name] = readValue(value, property, path + name, switches, refuse)
  }
  return read
}

export function readValue(
  value: unknown,
  declared: PropertySchema,
  path: string,
  switches: Switches,
  refuse: Refuse,
): unknown {
  const schema = declared.$ref ? dtoSchema(declared.$ref.split('/').at(-1) ?? '') : declared
  // Nested objects are declared not nullable, yet null is how a client clears one (switch patchNullClears).
  if (value === null) return null
  const asked = { value, path, switches, refuse }
  if (schema.enum) return readEnum(asked, schema.enum)
  switch (schema.type ?? 'anything') {
    case 'object':
      if (!isJsonObject(value)) throw wrong(asked, 'an object is expected.')
      return readObject(value, schema, `${path}.`, switches, refuse)
    case 'array':
      if (!Array.isArray(value)) throw wrong(asked, 'a list is expected.')
      return value.map((entry: unknown) => {
        if (entry === null) throw wrong(asked, 'null is no entry of a list.')
        return readValue(entry, schema.items ?? {}, path, switches, refuse)
      })
    case 'string':
      return readString(asked, schema)
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong(asked, 'true or false is expected.')
      return value
    case 'integer':
      if (!isIntegerOf(value, schema.format)) throw wrong(asked, 'a whole number is expected.')
      return value
    case 'number':
      if (typeof value !== 'number' || !(Math.abs(value) < largestDecimal)) throw wrong(asked, 'a number is expected.')
      return value
    default:
      return value
  }
}

/** 2^96: .NET keeps amounts in decimals, which hold no more [INF]; JSON's 1e400 is Infinity here. */
const largestDecimal = 2 ** 96

/** One value, and how it is refused: no closure, since bulk inserts read millions of them. */
interface Asked {
  readonly value: unknown
  readonly path: string
  readonly switches: Switches
  readonly refuse: Refuse
}

function wrong({ value, path, refuse }: Asked, text: string): Error {
  return refuse({ property: path, value, text: `${path}: ${text}` })
}

function readEnum(asked: Asked, names: readonly string[]): string {
  const { value, switches } = asked
  if (typeof value !== 'string') throw wrong(asked, `one of ${names.join(', ')} is expected, as text.`)
  const name = names.find((candidate) =>
    switches.enumCasing === 'exact' ? candidate === value : candidate.toLowerCase() === value.toLowerCase(),
  )
  if (!name) throw wrong(asked, `one of ${names.join(', ')} is expected.`)
  return name
}

function readString(asked: Asked, schema: PropertySchema): string {
  const { value, switches } = asked
  if (typeof value !== 'string') throw wrong(asked, 'text is expected.')
  if (value === '' && switches.emptyStringOptional === '400') throw wrong(asked, 'text must not be empty.')
  if (schema.maxLength !== undefined && value.length > schema.maxLength) {
    throw wrong(asked, `the maximum length is ${schema.maxLength}.`)
  }
  if (schema.format === 'date' && !isCalendarDate(value)) throw wrong(asked, 'a date (yyyy-MM-dd) is expected.')
  if (schema.format === 'uuid' && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) {
    throw wrong(asked, 'a uuid is expected.')
  }
  return value
}

function isIntegerOf(value: unknown, format: string | undefined): boolean {
  if (!Number.isSafeInteger(value)) return false
  return format !== 'int32' || Math.abs(Number(value)) <= 2_147_483_647
}

function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
