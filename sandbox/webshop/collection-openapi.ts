import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { ApiEnv } from './api-env.ts'
import { capabilitiesSchema, recordCountsSchema } from './capabilities.ts'
import { filterNames } from './change-feed.ts'
import type { Collection, SharedFields } from './collection.ts'
import { createLineSchema, lineSchema, patchLineSchema } from './line-schema.ts'
import { problemSchema } from './problem.ts'

const bearer = [{ bearer: [] }]
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
})
const json = (schema: z.ZodType, description: string, headers: object = {}) => ({
  description,
  headers: described(headers),
  content: { 'application/json': { schema } },
})
/** The route's type knows no headers that are described in OpenAPI's own form. */
const described = (headers: object) => headers as Record<string, never>
const etag = { ETag: { description: 'the version in double quotes', schema: { type: 'string' } } }
const location = { Location: { description: 'path of the record', schema: { type: 'string' } } }

const tombstoneSchema = z
  .object({
    id: z.string(),
    deleted: z.literal(true),
    kind: z.string().optional(),
    erpId: z.string().nullable(),
    version: z.string(),
    changedAt: z.iso.datetime(),
  })
  .openapi('Tombstone')

const ifMatch = z.object({ 'if-match': z.string().describe('the ETag of the version that was read') })
const idempotencyKey = z.object({ 'idempotency-key': z.string().max(255).optional() })
const recordId = z.object({ id: z.string().max(40) })

const always = { 401: problem('no known key'), 429: problem('too many requests'), 503: problem('maintenance') }
const found = { 404: problem('never heard of it'), 410: problem('deleted') }
const matched = { 412: problem('changed since it was read'), 428: problem('If-Match is missing') }

/** Routes that belong to no collection. */
export function describeShop(api: OpenAPIHono<ApiEnv>): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
  const shared = { security: bearer, 401: problem('no known key') }
  api.openAPIRegistry.registerPath(
    createRoute({
      method: 'get',
      path: '/api/capabilities',
      summary: 'What this shop offers',
      security: shared.security,
      responses: { 200: json(capabilitiesSchema, 'capabilities'), 401: shared[401] },
    }),
  )
  api.openAPIRegistry.registerPath(
    createRoute({
      method: 'get',
      path: '/api/counts',
      summary: 'How many records there are, without tombstones',
      security: shared.security,
      responses: { 200: json(recordCountsSchema, 'counts'), 401: shared[401] },
    }),
  )
}

/** The same schemas that validate describe: there is no second list of fields to keep in step. */
export function describeCollection<Fields extends SharedFields>(
  api: OpenAPIHono<ApiEnv>,
  { name, singular, columns, schemas }: Collection<Fields>,
): void {
  const path = `/api/${name}`
  const filter = z.union([z.string(), z.array(z.string()).max(100)]).optional()
  const query = z.object({
    changedSince: z.string().optional().describe('cursor; not together with filters'),
    limit: z.int().min(1).max(500).default(100),
    ...Object.fromEntries(filterNames(columns).map((each) => [each, filter])),
  })
  const page = z.object({
    items: z.array(z.union([schemas.record, tombstoneSchema])),
    next: z.string(),
    hasMore: z.boolean(),
    epoch: z.string(),
  })
  const routes = [
    createRoute({
      method: 'get',
      path,
      summary: `Changes in order, or the ${name} that pass filters`,
      request: { query },
      responses: { 200: json(page, 'one page'), 400: problem('parameters'), 410: problem('unknown cursor'), ...always },
    }),
    createRoute({
      method: 'get',
      path: `${path}/{id}`,
      summary: `One ${singular}`,
      request: { params: recordId },
      responses: { 200: json(schemas.record, `the ${singular}`, etag), ...found, ...always },
    }),
    createRoute({
      method: 'post',
      path,
      summary: `Creates a ${singular}`,
      request: {
        headers: idempotencyKey,
        body: { required: true, content: { 'application/json': { schema: schemas.create } } },
      },
      responses: {
        201: json(schemas.record, `the new ${singular}`, { ...location, ...etag }),
        409: problem('already-exists'),
        415: problem('content type'),
        422: problem('fields, or an Idempotency-Key used before'),
        ...always,
      },
    }),
    createRoute({
      method: 'patch',
      path: `${path}/{id}`,
      summary: `Changes a ${singular} (RFC 7396)`,
      request: {
        params: recordId,
        headers: ifMatch,
        body: { required: true, content: { 'application/merge-patch+json': { schema: schemas.patch } } },
      },
      responses: {
        200: json(schemas.record, `the ${singular} as it is now`, etag),
        409: problem('already-exists, or locked'),
        415: problem('content type'),
        422: problem('fields'),
        ...found,
        ...matched,
        ...always,
      },
    }),
    createRoute({
      method: 'delete',
      path: `${path}/{id}`,
      summary: `Deletes a ${singular} and leaves a tombstone`,
      request: { params: recordId, headers: ifMatch },
      responses: {
        204: { description: 'deleted' },
        409: problem('in-use, or locked'),
        ...found,
        ...matched,
        ...always,
      },
    }),
  ]
  for (const route of routes) api.openAPIRegistry.registerPath({ ...route, tags: [name], security: bearer })
}

/** Writes of single lines; they are read with their order. */
export function describeOrderLines(api: OpenAPIHono<ApiEnv>): void {
  const path = '/api/orders/{id}/lines'
  const orderTag = {
    ETag: { description: 'the new version of the order in double quotes', schema: { type: 'string' } },
  }
  const params = recordId.extend({ lineId: z.string().max(40) })
  const refused = { 409: problem('locked'), ...found, ...matched, ...always }
  const routes = [
    createRoute({
      method: 'post',
      path,
      summary: 'Adds a line to an order',
      request: {
        params: recordId,
        headers: ifMatch.extend(idempotencyKey.shape),
        body: { required: true, content: { 'application/json': { schema: createLineSchema } } },
      },
      responses: {
        201: json(lineSchema, 'the new line', { ...location, ...orderTag }),
        415: problem('content type'),
        422: problem('fields, or an Idempotency-Key used before'),
        ...refused,
      },
    }),
    createRoute({
      method: 'patch',
      path: `${path}/{lineId}`,
      summary: 'Changes a line of an order (RFC 7396)',
      request: {
        params,
        headers: ifMatch,
        body: { required: true, content: { 'application/merge-patch+json': { schema: patchLineSchema } } },
      },
      responses: {
        200: json(lineSchema, 'the line as it is now', orderTag),
        415: problem('content type'),
        422: problem('fields'),
        ...refused,
      },
    }),
    createRoute({
      method: 'delete',
      path: `${path}/{lineId}`,
      summary: 'Removes a line from an order',
      request: { params, headers: ifMatch },
      responses: { 204: { description: 'removed', headers: described(orderTag) }, ...refused },
    }),
  ]
  for (const route of routes) api.openAPIRegistry.registerPath({ ...route, tags: ['orders'], security: bearer })
}
