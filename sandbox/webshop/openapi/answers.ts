import type { z } from '@hono/zod-openapi'

/** Each by a name of its own: what a shop developer picks from in the rendered page. */
export type NamedExamples = Readonly<Record<string, unknown>>

export type HeaderName = 'ETag' | 'Location' | 'Retry-After' | 'WWW-Authenticate'

/** A type and no interface: OpenAPI's own leaves room for extensions, which an interface does not fit. */
type HeaderDescription = {
  readonly description: string
  readonly required: true
  readonly schema: { readonly type: 'string'; readonly pattern?: string; readonly format?: string }
  readonly example: string
}

/** Headers of answers, described once (components) and referred to. */
export const headerComponents: Readonly<Record<HeaderName, HeaderDescription>> = {
  ETag: {
    description:
      'The version of the record in double quotes; of the order, where a line was written. Send it as If-Match.',
    required: true,
    schema: { type: 'string', pattern: '^"[^"]+"$' },
    example: '"3-9f2c11aa"',
  },
  Location: {
    description: 'The path of what was created.',
    required: true,
    schema: { type: 'string', format: 'uri-reference' },
    example: '/api/customers/c-000123',
  },
  'Retry-After': {
    description: 'Seconds to wait. The sync waits that long.',
    required: true,
    schema: { type: 'string', pattern: '^\\d+$' },
    example: '2',
  },
  'WWW-Authenticate': {
    description: 'How to say who you are (RFC 9110).',
    required: true,
    schema: { type: 'string' },
    example: 'Bearer realm="webshop"',
  },
}

/** The route's type knows no headers that are described in OpenAPI's own form. */
export const headersNamed = (...wanted: readonly HeaderName[]) =>
  Object.fromEntries(wanted.map((name) => [name, { $ref: `#/components/headers/${name}` }])) as Record<string, never>

/** An answer in JSON. */
export function json(
  schema: z.ZodType,
  description: string,
  examples: NamedExamples,
  ...headers: readonly HeaderName[]
) {
  return { description, headers: headersNamed(...headers), content: { 'application/json': named(schema, examples) } }
}

/** A body that an operation takes. */
export function body(
  schema: z.ZodType,
  mediaType: 'application/json' | 'application/merge-patch+json',
  examples: NamedExamples,
) {
  return { required: true, content: { [mediaType]: named(schema, examples) } }
}

function named(schema: z.ZodType, examples: NamedExamples) {
  return {
    schema,
    examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { summary: name, value }])),
  }
}
