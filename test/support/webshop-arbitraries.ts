import fc from 'fast-check'
import type { SampleRequest } from './mutate-request.ts'
import type { ContractWorld } from './webshop-contract-world.ts'
import { type DescribedOperation, resolved, type Schema, validatorOf } from './webshop-description.ts'
import { fittingRequests } from './webshop-requests.ts'

/** How a request is made from the schemas: as one would send it, at the edges of what they allow, or with one thing wrong. */
export type Making = 'valid' | 'boundary' | 'invalid'

/** What is asked of an operation, made anew for each run since most requests use a record up. */
export type Ask = (world: ContractWorld) => SampleRequest

export function requestsOf(operation: DescribedOperation, making: Making): fc.Arbitrary<Ask> {
  const fitting = fittingRequests[operation.operationId]
  if (!fitting) throw new Error(`webshop-requests.ts has no ${operation.operationId}`)
  if (operation.body) {
    const bodies = bodiesOf(operation.body.schema, making)
    return bodies.map((body) => (world) => ({ ...fitting(world), body: known(body, world) }))
  }
  if (operation.name.startsWith('GET') && !operation.path.includes('{')) {
    return queriesOf(operation, making).map((query) => (world) => {
      const good = fitting(world)
      return { ...good, path: `${good.path.split('?')[0]}${query}` }
    })
  }
  if (making === 'valid') return fc.constant(fitting)
  // Ids and If-Match: a record that is there under another version, or none.
  const ids = fc.constantFrom(
    'x',
    'c-999999999',
    '%20',
    '%2F',
    '..%2F',
    'å',
    "a'b",
    'x'.repeat(40),
    'x'.repeat(41),
    '__proto__',
  )
  const tags = fc.constantFrom('*', '"x"', 'W/"x"', '"a", "b"', '', ',', '"', '"\\"', 'x'.repeat(500), '"æ"')
  return fc.tuple(fc.option(ids), tags).map(([id, tag]) => (world) => {
    const good = fitting(world)
    const path = id === null ? good.path : good.path.replace(/[^/]+$/, id)
    return { ...good, path: encodeURI(path).replaceAll('%25', '%'), headers: { ...good.headers, 'if-match': tag } }
  })
}

/** Made-up bodies name nobody; where a record must be named, it is mostly one that is there. */
const names: Readonly<Record<string, string>> = {
  customerId: 'buyerId',
  departmentId: 'departmentId',
  productId: 'soldId',
}

function known(value: unknown, world: ContractWorld): unknown {
  if (Array.isArray(value)) return value.map((each) => known(each, world))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (member !== there) return [name, known(member, world)]
      return [name, world[names[name] as 'buyerId']]
    }),
  )
}

/** Stands for the id of a record that is there, until there is one. */
const there = '(there)'

function bodiesOf(schema: Schema, making: Making): fc.Arbitrary<unknown> {
  const valid = valuesOf('', schema, making === 'boundary')
  if (making !== 'invalid') return valid
  const isValid = validatorOf(schema, 'open')
  return fc
    .tuple(valid, fc.nat(), fc.constantFrom(...wrong))
    .map(([body, at, value]) => withOneWrong(body as Record<string, unknown>, resolved(schema), at, value))
    .filter((body) => !isValid(body))
}

/** Texts that the shop would tidy into something acceptable, and nulls that a POST takes for absent, are not among them. */
const wrong: readonly unknown[] = [
  true,
  1.5,
  -1e30,
  1e300,
  [],
  [1],
  {},
  { a: 1 },
  'Ø',
  '1e400',
  '2026-02-30',
  'x'.repeat(20_001),
  '٣',
]

function withOneWrong(body: Record<string, unknown>, schema: Schema, at: number, value: unknown): unknown {
  const properties = Object.keys(schema['properties'] as object)
  const name = properties[at % properties.length] ?? ''
  const inner = body[name]
  const isList = Array.isArray(inner) && inner.length > 0 && at % 3 > 0
  if (!isList) return { ...body, [name]: value }
  const [first, ...rest] = inner as Record<string, unknown>[]
  const items = resolved((schema['properties'] as Record<string, Schema>)[name]?.['items'] as Schema)
  return { ...body, [name]: [withOneWrong(first ?? {}, items, Math.floor(at / 3), value), ...rest] }
}

function valuesOf(name: string, given: Schema, atTheEdge: boolean): fc.Arbitrary<unknown> {
  const schema = resolved(given)
  if (name in names) return fc.oneof({ weight: 5, arbitrary: fc.constant(there) }, plain(name, schema, atTheEdge))
  return plain(name, schema, atTheEdge)
}

function plain(name: string, schema: Schema, atTheEdge: boolean): fc.Arbitrary<unknown> {
  const { enum: choices, const: constant, anyOf } = schema as { enum?: unknown[]; const?: unknown; anyOf?: Schema[] }
  if (constant !== undefined) return fc.constant(constant)
  if (choices) return fc.constantFrom(...choices)
  if (anyOf) return fc.oneof(...anyOf.map((each) => valuesOf(name, each, atTheEdge)))
  const types = [schema['type']].flat() as string[]
  return fc.oneof(...types.map((type) => ofType(type, schema, atTheEdge)))
}

function ofType(type: string, schema: Schema, atTheEdge: boolean): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return atTheEdge
        ? fc.constantFrom(0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER)
        : fc.integer({ min: 0, max: 99 })
    case 'number':
      return atTheEdge
        ? fc.constantFrom(0, -0, 1e-6, 999_999_999_999, -999_999_999_999, 1e-7, 5e-324)
        : fc.integer({ min: -9_999, max: 9_999_999 }).map((hundredths) => hundredths / 100)
    case 'string':
      return textsOf(schema, atTheEdge)
    case 'array':
      return fc.array(valuesOf('', schema['items'] as Schema, atTheEdge), { maxLength: 3 })
    case 'object':
      return objectsOf(schema, atTheEdge)
    default:
      throw new Error(`no values for ${type}`)
  }
}

function objectsOf(schema: Schema, atTheEdge: boolean): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
  const model = Object.fromEntries(properties.map(([name, inner]) => [name, valuesOf(name, inner, atTheEdge)]))
  return fc.record(model, { requiredKeys: (schema['required'] ?? []) as never[], noNullPrototype: true })
}

const letters = /^[A-Za-zÆØÅæøå0-9 .-]{1,20}$/

function textsOf(schema: Schema, atTheEdge: boolean): fc.Arbitrary<string> {
  const { pattern, format, minLength = 0, maxLength = 1_000 } = schema as Record<string, never>
  if (format === 'date') return fc.constantFrom('2026-11-23', '2024-02-29', '0001-01-01', '9999-12-31')
  if (format === 'date-time')
    return fc.constantFrom('2026-11-23T08:15:30Z', '2026-11-23T23:59:59.999999+14:00', '2024-02-29T00:00:00.1-12:00')
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= maxLength)
  if (!atTheEdge) return fc.stringMatching(letters).map((text) => text.slice(0, maxLength))
  const edges = [
    'x'.repeat(maxLength),
    'x'.repeat(Math.max(minLength, 1)),
    '😀'.repeat(Math.floor(maxLength / 2)),
    '\u0000',
    '__proto__',
  ]
  return fc.oneof(
    fc.constantFrom(...edges),
    fc.string({ minLength, maxLength: Math.min(maxLength, 30), unit: 'binary' }),
  )
}

/** Up to three parameters of a list; filters repeated up to and beyond what is allowed. Short, since a URL has its limits. */
function queriesOf({ parameters }: DescribedOperation, making: Making): fc.Arbitrary<string> {
  const asked = parameters.filter((parameter) => parameter.in === 'query')
  if (asked.length === 0) return fc.constant('')
  const limits = {
    valid: ['1', '7', '500'],
    boundary: ['1', '500', '100'],
    invalid: ['0', '501', '-1', '1.5', '', 'x', '1e2'],
  }
  const pair = fc.constantFrom(...asked).chain(({ name, schema }): fc.Arbitrary<string[]> => {
    if (name === 'limit') return fc.constantFrom(...limits[making]).map((limit) => [`limit=${limit}`])
    if (name === 'changedSince')
      return fc
        .constantFrom('abc', 'Y3VzdG9tZXJzOjE6MA', '', '%')
        .map((cursor) => [`changedSince=${encodeURIComponent(cursor)}`])
    const counts = { valid: [1, 2], boundary: [1, 100], invalid: [101] }
    const value = textsOf(schema['items'] as Schema, making === 'boundary')
    return fc
      .tuple(value, fc.constantFrom(...counts[making]))
      .map(([text, count]) =>
        Array.from({ length: count }, () => `${name}=${encodeURIComponent(Buffer.from(text.slice(0, 20)).toString())}`),
      )
  })
  return fc.array(pair, { maxLength: 3 }).map((pairs) => `?${pairs.flat().join('&')}`)
}
