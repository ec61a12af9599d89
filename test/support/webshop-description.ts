import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { startWebshopSandbox } from '../../sandbox/webshop/server.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** JSON Schema as far as these tests look into it. */
export type Schema = { readonly [keyword: string]: Json }

interface Header {
  readonly required?: boolean
  readonly schema: Schema
}

interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path' | 'header'
  readonly required?: boolean
  readonly schema: Schema
}

export interface DescribedAnswer {
  readonly headers?: Readonly<Record<string, Header>>
  readonly content?: Readonly<Record<string, { schema: Schema; examples?: Readonly<Record<string, unknown>> }>>
}

/** An operation of the webshop's OpenAPI document. */
export interface DescribedOperation {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly operationId: string
  readonly parameters: readonly Parameter[]
  /** Media type and schema of its body. */
  readonly body?: { readonly mediaType: string; readonly schema: Schema }
  readonly answers: Readonly<Record<string, DescribedAnswer>>
}

const sandbox = await startWebshopSandbox()
const text = await (await fetch(`${sandbox.baseUrl}/api/openapi.json`)).text()
await sandbox.close()

// biome-ignore lint/suspicious/noExplicitAny: the shape is OpenAPI's, which the linter has checked
type Document = any

/** As it is served. */
export const description: Document = JSON.parse(text)

/**
 * The document with every object closed: a reader ignores what it does not know, but a member that the document does not
 * have is a gap in the document.
 */
const closed = closedForm(description)

const ajv = new Ajv2020.default({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema(closed, 'shop')
ajv.addSchema(description, 'open')

export const operations: readonly DescribedOperation[] = Object.entries(description.paths).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Json>).map(([method, operation]) => operationOf(path, method, operation)),
)

function operationOf(path: string, method: string, operation: Document): DescribedOperation {
  const { operationId, parameters = [], requestBody, responses } = operation
  const [content] = Object.entries(requestBody?.content ?? {}) as [string, { schema: Schema }][]
  return {
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    operationId,
    parameters,
    answers: responses,
    ...(content && { body: { mediaType: content[0], schema: content[1].schema } }),
  }
}

/** What stands at a `$ref` of the document. */
export function resolved<Value>(value: Value): Value {
  const reference = (value as { $ref?: string } | null)?.$ref
  if (reference === undefined) return value
  return reference
    .slice(2)
    .split('/')
    .reduce((at, part) => at[part], description) as Value
}

const validators = new Map<string, ValidateFunction>()

/** @param schema a reference into the document, or a schema that may hold such references */
export function validatorOf(schema: Schema, document: 'shop' | 'open' = 'shop'): ValidateFunction {
  const key = `${document} ${JSON.stringify(schema)}`
  const known = validators.get(key)
  if (known) return known
  const local = JSON.parse(JSON.stringify(schema), (name, value) =>
    name === '$ref' && String(value).startsWith('#/') ? `${document}${value}` : value,
  )
  const made = ajv.compile(local)
  validators.set(key, made)
  return made
}

export interface SeenAnswer {
  readonly status: number
  readonly text: string
  header(name: string): string | null
}

/** Everything about an answer that the document does not say of its operation; empty: it is as described. */
export function answerFaults(operation: DescribedOperation, seen: SeenAnswer): string[] {
  const described = operation.answers[String(seen.status)]
  if (!described) return [`${seen.status} is not described`]
  return [...headerFaults(described, seen), ...bodyFaults(described, seen)]
}

function headerFaults({ headers = {} }: DescribedAnswer, { header }: SeenAnswer): string[] {
  return Object.entries(headers).flatMap(([name, reference]) => {
    const value = header(name)
    if (value === null) return [`no ${name}`]
    return validatorOf(resolved(reference).schema)(value) ? [] : [`${name} is ${value}`]
  })
}

function bodyFaults({ content }: DescribedAnswer, { text: body, header }: SeenAnswer): string[] {
  if (!content) return body === '' ? [] : [`a body where none is described: ${body.slice(0, 80)}`]
  const mediaType = header('content-type')?.split(';')[0] ?? 'nothing'
  const schema = content[mediaType]?.schema
  if (!schema) return [`content type ${mediaType}`]
  const isValid = validatorOf(closedForm(schema))
  if (isValid(JSON.parse(body))) return []
  return (isValid.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

function closedForm<Value>(document: Value): Value {
  return JSON.parse(JSON.stringify(document), (_, value) =>
    [value?.type].flat().includes('object') && value.properties && !('additionalProperties' in value)
      ? { ...value, additionalProperties: false }
      : value,
  )
}
