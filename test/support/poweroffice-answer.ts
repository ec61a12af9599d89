import {
  type DescribedOperation,
  description,
  type JsonSchema,
  misfit,
  operationAt,
  resolved,
} from './poweroffice-description.ts'

/** An answer of the PowerOffice sandbox, however it was asked. */
export interface SeenAnswer {
  readonly status: number
  readonly text: string
  header(name: string): string | null
}

/**
 * What in an answer the description does not allow; empty when it fits. Read strictly: the description's `default` responses would
 * let every status pass, so they are left out, and 400 and 415 are added, which it forgets. Holds for the default switches only.
 * @param path below /v2, without its query
 * @param fields only some properties were asked for, so others may be missing
 */
export function answerFaults(
  asked: { readonly method: string; readonly path: string; readonly fields?: boolean },
  answer: SeenAnswer,
): readonly string[] {
  const described = operationAt(asked.method, asked.path)
  if (!described) return gatewayFaults(answer, 404)
  const { status, text } = answer
  if (!described.statuses.includes(status) && status !== 400 && status !== 415) return [`${status} is not listed`]
  if (status === 429) return [...gatewayFaults(answer, 429), ...retryAfterFaults(answer)]
  if (status === 401 && text !== '') return gatewayFaults(answer, 401)
  if (status === 401 || status === 403) return text === '' ? [] : ['a body that is not documented']
  if (status >= 400) return problemFaults(answer)
  return [...bodyFaults(described, answer, asked.fields === true), ...headerFaults(described, answer)]
}

function gatewayFaults(answer: SeenAnswer, status: number): string[] {
  const body = parsed(answer.text) as { statusCode?: unknown; message?: unknown } | undefined
  if (answer.status !== status) return [`${answer.status} where the gateway answers ${status}`]
  const fits = body?.statusCode === String(status) && typeof body.message === 'string'
  return fits ? contentTypeFaults(answer, 'application/json') : [`no body of the gateway: ${answer.text.slice(0, 200)}`]
}

function retryAfterFaults(answer: SeenAnswer): string[] {
  return /^\d+$/.test(answer.header('Retry-After') ?? '') ? [] : ['no Retry-After in seconds']
}

/** Lower-case keys, as seen live; title and detail are for people, status repeats the answer's. */
function problemFaults(answer: SeenAnswer): string[] {
  const body = parsed(answer.text) as Readonly<Record<string, unknown>> | undefined
  const fits =
    body !== undefined &&
    typeof body.title === 'string' &&
    body.title !== '' &&
    typeof body.detail === 'string' &&
    body.detail !== '' &&
    body.status === answer.status
  return fits
    ? contentTypeFaults(answer, 'application/problem+json')
    : [`no problem details: ${answer.text.slice(0, 200)}`]
}

function bodyFaults(described: DescribedOperation, answer: SeenAnswer, onlyFields: boolean): string[] {
  if (described.name in fileAnswers) return contentTypeFaults(answer, null)
  const declared = described.operation.responses[answer.status]?.content?.['application/json']?.schema
  const schema = declared ?? undeclaredSchema(described, answer.status)
  if (!schema) return answer.text === '' ? [] : ['a body where none is declared']
  const value = parsed(answer.text)
  if (value === undefined) return ['no JSON']
  const wrong = misfit(schema, value)
  return [
    ...(wrong === null ? [] : [wrong]),
    ...(onlyFields ? [] : missingProperties(schema, value)),
    ...contentTypeFaults(answer, 'application/json'),
  ]
}

/** Bodies that the description forgets to declare; both are what the list of the same path holds. */
const undeclared: Readonly<Record<string, string>> = {
  'GET /Departments/{id}': 'DepartmentDto',
  'PATCH /Departments/{id}': 'DepartmentDto',
  'GET /SubLedgerNumberSeries/{id}': 'SubLedgerNumberSeriesDto',
}

/** Answers that are the file itself. */
const fileAnswers: Readonly<Record<string, true>> = { 'GET /SalesOrders/{salesOrderId}/attachments/{id}': true }

function undeclaredSchema({ name }: DescribedOperation, status: number): JsonSchema | undefined {
  const schemaName = status === 200 ? undeclared[name] : undefined
  return schemaName === undefined ? undefined : description.components.schemas[schemaName]
}

/** Answers hold every property of their DTO but those that have no value and cannot say null. */
function missingProperties(schema: JsonSchema, value: unknown): string[] {
  if (Array.isArray(value))
    return value.slice(0, 50).flatMap((each) => missingProperties(resolved(schema).items ?? {}, each))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(resolved(schema).properties ?? {}).flatMap(([name, property]) => {
    if (name in value) return missingProperties(property, (value as Record<string, unknown>)[name])
    return cannotSayNull(property) ? [] : [`${name} is missing`]
  })
}

function cannotSayNull(property: JsonSchema): boolean {
  return property.$ref !== undefined || (property.nullable !== true && property.readOnly !== true)
}

function headerFaults({ name, operation }: DescribedOperation, answer: SeenAnswer): string[] {
  if (name === 'POST /SalesOrders/{id}/createAndSendInvoice') {
    const location = answer.header('Location') ?? ''
    return /\/v2\/SalesOrders\/sentState\?id=[0-9a-f-]{36}$/.test(location) ? [] : [`Location is '${location}'`]
  }
  const isPaged = operation.parameters?.some(({ name: parameter }) => parameter === 'PageNumber') === true
  if (!isPaged) return []
  const pages = parsed(answer.header('X-Pagination') ?? '') as { nextPageLink?: unknown } | undefined
  return typeof pages?.nextPageLink === 'string' ? [] : ['no nextPageLink in X-Pagination']
}

function contentTypeFaults(answer: SeenAnswer, expected: string | null): string[] {
  const type = answer.header('Content-Type') ?? ''
  if (expected === null) return type === '' ? ['no Content-Type'] : []
  return type.toLowerCase().startsWith(expected) ? [] : [`Content-Type is '${type}'`]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
