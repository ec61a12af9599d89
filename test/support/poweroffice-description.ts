import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormatsModule from 'ajv-formats'

/** The vendor's description as the tests of the PowerOffice sandbox read it (sandbox/poweroffice/openapi.json). */

export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly nullable?: boolean
  readonly readOnly?: boolean
  readonly maxLength?: number
  readonly maximum?: number
  readonly enum?: readonly string[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

export interface Parameter {
  readonly in: 'path' | 'query'
  readonly name: string
  readonly schema: JsonSchema
}

export interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> }
  readonly responses: Readonly<Record<string, { content?: { 'application/json'?: { schema: JsonSchema } } }>>
  readonly 'x-auth-roles'?: readonly string[]
  readonly 'x-patchable-schema'?: JsonSchema
}

export interface DescribedOperation {
  /** `GET /Customers/{id}` */
  readonly name: string
  readonly method: string
  readonly template: string
  readonly operation: Operation
  /** Whole numbers, without `default`. */
  readonly statuses: readonly number[]
}

export const description = JSON.parse(
  readFileSync(new URL('../../sandbox/poweroffice/openapi.json', import.meta.url), 'utf8'),
) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
}

/** All of them, in the document's order. */
export const operations: readonly DescribedOperation[] = Object.entries(description.paths).flatMap(
  ([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${template}`,
      method: method.toUpperCase(),
      template,
      operation,
      statuses: Object.keys(operation.responses)
        .filter((status) => status !== 'default')
        .map(Number)
        .sort(),
    })),
)

/** @param path below /v2, without a query; any casing, as the sandbox takes it */
export function operationAt(method: string, path: string): DescribedOperation | undefined {
  const fits = (template: string) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i').test(path)
  return operations.find((one) => one.method === method && fits(one.template))
}

export function resolved(schema: JsonSchema | undefined): JsonSchema {
  if (schema?.$ref === undefined) return schema ?? {}
  return resolved(description.components.schemas[schema.$ref.split('/').at(-1) ?? ''])
}

const ajv = new Ajv({ strict: false, allErrors: true })
// The package is CommonJS: under node's ESM its function is the default of the default.
const addFormats = addFormatsModule as unknown as (typeof addFormatsModule)['default']
addFormats(ajv)
ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger })
ajv.addFormat('int32', { type: 'number', validate: (value) => Math.abs(value) <= 2_147_483_647 })
ajv.addFormat('double', { type: 'number', validate: Number.isFinite })
ajv.addSchema(description, 'api')

const validators = new Map<JsonSchema, ValidateFunction>()

/** What is wrong with a value, in words; null when it fits the schema of the description. */
export function misfit(schema: JsonSchema, value: unknown): string | null {
  const standalone = () => JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')) as object
  const validate = validators.get(schema) ?? ajv.compile(standalone())
  validators.set(schema, validate)
  return validate(value) ? null : ajv.errorsText(validate.errors)
}
