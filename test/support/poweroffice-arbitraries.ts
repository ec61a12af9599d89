import fc from 'fast-check'
import type { SampleRequest } from './mutate-request.ts'
import { type DescribedOperation, type JsonSchema, type Parameter, resolved } from './poweroffice-description.ts'
import { jsonHeaders, type PowerOfficeWorld, patchHeaders, uploadedFile } from './poweroffice-world.ts'

/** Requests of one operation made from its schemas: valid, on the boundary, or wrong, mixed within one request. */
export function requestsOf(described: DescribedOperation, world: PowerOfficeWorld): fc.Arbitrary<SampleRequest> {
  const { method, template, operation } = described
  const parameters = operation.parameters ?? []
  const path = pathOf(template, parameters, world)
  const query = queryOf(parameters)
  const type = Object.keys(operation.requestBody?.content ?? {})[0]
  if (type === undefined) return fc.record({ path, query }).map(({ path, query }) => ask(path + query))
  if (type === 'multipart/form-data') {
    const parts = fc.record({ path, body: fc.oneof(fc.constant(uploadedFile.body), fc.uint8Array().map(Buffer.from)) })
    return parts.map(({ path, body }) => ask(path, body, uploadedFile.headers))
  }
  const headers = method === 'PATCH' ? patchHeaders : jsonHeaders
  const body = method === 'PATCH' ? patchOf(described, world) : bodyOf(described, world)
  return fc.record({ path, query, body }).map(({ path, query, body }) => ask(path + query, body, headers))

  function ask(asked: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): SampleRequest {
    return { method, path: `/v2${asked}`, headers: { ...world.headers, ...headers }, body }
  }
}

/** Mostly something that is there. */
function pathOf(template: string, parameters: readonly Parameter[], world: PowerOfficeWorld): fc.Arbitrary<string> {
  const { used, draft, confirmed } = world
  const entity = template.split('/')[1] ?? ''
  const known: Readonly<Record<string, readonly (string | number)[]>> = {
    contactId: [used.customer],
    salesOrderId: [draft.id, confirmed.id],
    lineId: [draft.line, confirmed.line],
    id: template.includes('attachments/{id}') ? [draft.attachment] : knownIds(entity, world),
  }
  const values = parameters
    .filter((parameter) => parameter.in === 'path')
    .map(({ name, schema }) => {
      const there = fc.constantFrom(...(known[name] ?? [1])).map(String)
      const any = fc.oneof(textsOf(schema), fc.constantFrom('0', '-1', 'x', '9223372036854775808'))
      return fc
        .oneof({ weight: 6, arbitrary: there }, { weight: 1, arbitrary: any })
        .map((value) => [name, value] as const)
    })
  return fc.tuple(...values).map((pairs) => {
    const given = new Map(pairs)
    return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given.get(name) ?? '') || '%20')
  })
}

function knownIds(
  entity: string,
  { used, draft, confirmed, invoiceId }: PowerOfficeWorld,
): readonly (string | number)[] {
  const ids: Readonly<Record<string, readonly (string | number)[]>> = {
    Customers: [used.customer],
    Departments: [used.department],
    Products: [used.product],
    ProductGroups: [used.productGroup],
    GeneralLedgerAccounts: [used.account],
    PaymentTerms: [used.paymentTerm],
    DeliveryTerms: [used.deliveryTerm],
    ContactDeliveryAddresses: [used.address],
    SalesOrders: [draft.id, confirmed.id],
    OutgoingInvoices: [invoiceId],
    SubLedgerNumberSeries: ['0f3c1a52-7c1e-4a55-9f0e-5f3b60d0a001'],
  }
  return ids[entity] ?? [1]
}

/** Up to four keys; lists of names and ranges besides what the schema says. */
function queryOf(parameters: readonly Parameter[]): fc.Arbitrary<string> {
  const asked = parameters.filter((parameter) => parameter.in === 'query')
  if (asked.length === 0) return fc.constant('')
  const lists = fc.constantFrom('', ' ', ',', '1,2', '10000-11000, 13000-', '-1', '10-', 'Id', 'id, Name', 'Name desc')
  const others = fc.constantFrom('0', '1', '20000', '20001', '2026-01-01')
  const pair = fc
    .constantFrom(...asked)
    .chain(({ name, schema }) =>
      fc.oneof(textsOf(schema), lists, others).map((text) => `${name}=${encodeURIComponent(text)}`),
    )
  // The list of invoices answers nothing without them.
  const needed = asked.some(({ name }) => name === 'fromDate') ? ['fromDate=2000-01-01', 'toDate=2999-12-31'] : []
  const pairs = fc.oneof(
    fc.array(pair, { maxLength: 4 }),
    fc.array(pair, { maxLength: 1 }).map((few) => [...few, ...needed]),
  )
  return pairs.map((all) => (all.length === 0 ? '' : `?${all.join('&')}`))
}

/** Two in five plausible throughout; the others mix in what is wrong or extreme. */
interface Making {
  readonly world: PowerOfficeWorld
  readonly mix: 'plausible' | 'anything'
}

function bodyOf({ operation }: DescribedOperation, world: PowerOfficeWorld): fc.Arbitrary<unknown> {
  const [content] = Object.values(operation.requestBody?.content ?? {})
  const schema = resolved(content?.schema ?? {})
  return fc.oneof(
    { weight: 4, arbitrary: objectsOf(schema, { world, mix: 'plausible' }) },
    { weight: 5, arbitrary: objectsOf(schema, { world, mix: 'anything' }) },
    { weight: 1, arbitrary: anyJson },
  )
}

function patchOf({ operation }: DescribedOperation, world: PowerOfficeWorld): fc.Arbitrary<unknown> {
  const ok = Object.entries(operation.responses).find(([status]) => status === '200')?.[1]
  const schema = operation['x-patchable-schema'] ?? ok?.content?.['application/json']?.schema ?? {}
  const property = fc.constantFrom(...Object.entries(resolved(schema).properties ?? {}))
  const otherOps = fc.constantFrom('add', 'remove', 'test', 'copy', 'move', 'x')
  const one = property.chain(([name, inner]) =>
    fc.record(
      {
        op: fc.oneof({ weight: 6, arbitrary: fc.constant('replace') }, otherOps),
        path: fc.oneof(
          { weight: 9, arbitrary: fc.constant(`/${name}`) },
          fc.constantFrom(name, '', '/', `/${name}/0`, `/${name}/City`),
        ),
        from: property.map(([from]) => `/${from}`),
        value: fc.oneof(
          valuesOf(name, inner, { world, mix: 'plausible' }, 1),
          valuesOf(name, inner, { world, mix: 'anything' }, 1),
        ),
      },
      { requiredKeys: ['op', 'path', 'value'] },
    ),
  )
  return fc.oneof({ weight: 9, arbitrary: fc.array(one, { maxLength: 3 }) }, { weight: 1, arbitrary: anyJson })
}

/** Required properties always, and some of the others. */
function objectsOf(schema: JsonSchema, making: Making, depth = 0): fc.Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(schema.properties ?? {})
  const isNeeded = (name: string) => schema.required?.includes(name) === true || usuallyNeeded.has(name)
  const pair = ([name, inner]: [string, JsonSchema]) =>
    valuesOf(name, inner, making, depth).map((value) => [name, value] as const)
  const optional = entries.filter(
    ([name, inner]) => !isNeeded(name) && (making.mix === 'anything' || isHarmless(name, inner)),
  )
  const most = Math.min(optional.length, making.mix === 'plausible' ? 3 : 6)
  const needed = fc.tuple(...entries.filter(([name]) => isNeeded(name)).map(pair))
  const others = fc.subarray(optional, { maxLength: most }).chain((some) => fc.tuple(...some.map(pair)))
  const stranger =
    making.mix === 'plausible' ? fc.constant(null) : fc.option(fc.tuple(fc.string(), anyJson), { freq: 12 })
  return fc.record({ needed, others, stranger }).map((parts) => {
    const object: Record<string, unknown> = Object.fromEntries([...parts.others, ...parts.needed])
    if (parts.stranger) object[parts.stranger[0]] = parts.stranger[1]
    return object
  })
}

/** What a record is seldom good without, though the description does not require it. */
const usuallyNeeded: ReadonlySet<string> = new Set(['CustomerId', 'Quantity', 'Name', 'EmailAddress'])

/** Names nobody else's record, so that a made-up value can be right. */
function isHarmless(name: string, schema: JsonSchema): boolean {
  return (
    resolved(schema).enum !== undefined ||
    referenceOf(name) !== undefined ||
    !/(Id|Ids|No|Code|Number|Account)$/.test(name)
  )
}

function valuesOf(name: string, schema: JsonSchema, making: Making, depth: number): fc.Arbitrary<unknown> {
  if (making.mix === 'plausible') return plausible(name, resolved(schema), making, depth)
  const extremes = fc.constantFrom(null, '', 0, -1, 1e308, 5e-324, 2_147_483_648, Number.MAX_SAFE_INTEGER, true, [], {})
  return fc.oneof(
    { weight: 6, arbitrary: plausible(name, resolved(schema), making, depth) },
    { weight: 3, arbitrary: boundary(resolved(schema)) },
    { weight: 1, arbitrary: extremes },
    { weight: 1, arbitrary: anyJson },
  )
}

const anyJson = fc.jsonValue({ maxDepth: 3 })

function plausible(name: string, schema: JsonSchema, making: Making, depth: number): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const reference = referenceOf(name)
  if (reference) return fc.constant(making.world.used[reference])
  switch (schema.type ?? 'string') {
    case 'object':
      return depth > 2 ? fc.constant({}) : objectsOf(schema, making, depth + 1)
    case 'array':
      return fc.array(valuesOf(name, schema.items ?? {}, making, depth + 1), { maxLength: 3 })
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return name === 'AccountNo' ? fc.integer({ min: 4001, max: 8999 }) : fc.integer({ min: 0, max: 60 })
    case 'number':
      return fc.integer({ min: 1, max: 9_999 }).map((hundredths) => hundredths / 100)
    default:
      if (name.includes('Email')) return fc.constant('post@fjell.example')
      if (schema.format !== undefined) return textsOf(schema)
      return fc.stringMatching(/^[A-Za-zÆØÅæøå]{1,12}$/)
  }
}

function boundary(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.type === 'integer') return fc.oneof(fc.integer(), fc.maxSafeInteger())
  if (schema.type === 'number') return fc.oneof(fc.constantFrom(-1000, -1001, 100, 101), fc.double({ noNaN: true }))
  return textsOf(schema)
}

function referenceOf(name: string): keyof PowerOfficeWorld['used'] | undefined {
  return Object.hasOwn(references, name) ? references[name] : undefined
}

const references: Readonly<Record<string, keyof PowerOfficeWorld['used']>> = {
  CustomerId: 'customer',
  DepartmentId: 'department',
  ProductId: 'product',
  ProductGroupId: 'productGroup',
  PaymentTermId: 'paymentTerm',
  DeliveryTermId: 'deliveryTerm',
  StandardSalesAccountId: 'account',
  ContactDeliveryAddressId: 'address',
}

/** Texts of a schema, at and beyond its length too. */
function textsOf(schema: JsonSchema): fc.Arbitrary<string> {
  const { type, format, maxLength = 60 } = resolved(schema)
  const names = resolved(schema).enum
  if (names) return fc.constantFrom(...names)
  if (type === 'integer') return fc.integer().map(String)
  if (type === 'boolean') return fc.constantFrom('true', 'false', 'True', '1')
  if (format === 'uuid') return fc.uuid()
  const day = fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString())
  if (format === 'date')
    return fc.oneof(
      day.map((text) => text.slice(0, 10)),
      fc.constantFrom('0000-01-01', '2022-02-30'),
    )
  if (format === 'date-time')
    return fc.oneof(day, fc.constantFrom('9999-12-31T23:59:59-14:00', '2022-01-01 10:00:00.1234567 -00:00'))
  return fc.oneof(
    fc.constantFrom('Fjell AS', 'NO', 'EUR', '3', '10', 'post@fjell.example', 'å', ' ', '\u0000', '😀'),
    fc.string({ maxLength: 20, unit: 'binary' }),
    fc.constantFrom(maxLength, maxLength + 1).map((length) => 'x'.repeat(length)),
  )
}
