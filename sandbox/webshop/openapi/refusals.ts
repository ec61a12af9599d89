import { type ProblemExtras, type ProblemType, problemBody, problemSchema } from '../problem.ts'
import { type HeaderName, headersNamed } from './answers.ts'

/** What an operation may refuse with, as its description names them: `problemTypes` of problem.ts that a client can cause. */
export type Refusal = Exclude<ProblemType, 'internal-error' | 'fault'>

interface Described {
  readonly status: number
  readonly when: string
  readonly detail: string
  readonly extras?: ProblemExtras
  readonly headers?: readonly HeaderName[]
}

const refusals: Readonly<Record<Refusal, Described>> = {
  'bad-request': {
    status: 400,
    when: 'a body that is no JSON, a parameter or a header that cannot be read',
    detail: 'limit is one whole number from 1 to 500.',
  },
  unauthorized: {
    status: 401,
    when: 'no known key',
    detail: 'Send Authorization: Bearer <key> with a key of this shop.',
    headers: ['WWW-Authenticate'],
  },
  forbidden: { status: 403, when: 'a key that lacks the right', detail: 'This key may read, not write.' },
  'not-offered': {
    status: 403,
    when: 'a write that the capabilities say is not offered',
    detail: 'This shop does not offer to create customers.',
  },
  'not-found': { status: 404, when: 'a record that never existed', detail: 'There is no customer c-000404.' },
  'already-exists': {
    status: 409,
    when: 'a value that another record has; `existingId` names it',
    detail: 'customerNumber is taken by c-000017.',
    extras: {
      existingId: 'c-000017',
      errors: [{ pointer: '/customerNumber', detail: 'Taken by c-000017.' }],
    },
  },
  locked: {
    status: 409,
    when: 'an order that is invoiced or cancelled',
    detail: 'Order 10210 is invoiced and can no longer be edited.',
  },
  'in-use': {
    status: 409,
    when: 'a record that an order names',
    detail: 'Order o-000210 needs the customer c-000123.',
  },
  gone: { status: 410, when: 'a record that was deleted', detail: 'The customer c-000099 was deleted.' },
  'unknown-cursor': {
    status: 410,
    when: 'a cursor that the shop does not know (any more)',
    detail: 'Read the list from the beginning, without changedSince.',
  },
  'version-changed': {
    status: 412,
    when: 'a record that is at another version than If-Match names',
    detail: 'The record is at version 4-1f00c2d8.',
    headers: ['ETag'],
  },
  'too-large': { status: 413, when: 'a body that is too large', detail: 'A body has at most 2000000 characters.' },
  'unsupported-media-type': {
    status: 415,
    when: 'another content type than the operation takes',
    detail: 'Send application/json, not text/plain.',
  },
  'invalid-fields': {
    status: 422,
    when: 'fields that are not acceptable, all of them named in `errors`',
    detail: '/email: Must be an e-mail address.',
    extras: { errors: [{ pointer: '/email', detail: 'Must be an e-mail address.' }] },
  },
  'idempotency-key-reused': {
    status: 422,
    when: 'an Idempotency-Key that came with another request before (without `errors`)',
    detail: 'This Idempotency-Key came with another path or body before.',
  },
  'if-match-required': {
    status: 428,
    when: 'no If-Match',
    detail: 'Read the record and send its ETag as If-Match.',
  },
  'rate-limited': {
    status: 429,
    when: 'too many requests',
    detail: 'At most 50 requests a second.',
    headers: ['Retry-After'],
  },
  maintenance: {
    status: 503,
    when: 'a shop that is being maintained',
    detail: 'The shop will be back soon.',
    headers: ['Retry-After'],
  },
}

/** Any request under /api may be answered so. */
const always: readonly Refusal[] = ['unauthorized', 'rate-limited', 'maintenance']

/** The responses of an operation that refuses with these, and with what every operation may: one for each status. */
export function refusedWith(...types: readonly Refusal[]) {
  const all = [...types, ...always]
  const statuses = new Set(all.map((type) => refusals[type].status))
  return Object.fromEntries(
    [...statuses].map((status) => [status, refused(all.filter((type) => refusals[type].status === status))]),
  )
}

function refused(types: readonly Refusal[]) {
  return {
    description: `${types.map((type) => `\`${type}\`: ${refusals[type].when}`).join('; ')}.`,
    headers: headersNamed(...types.flatMap((type) => refusals[type].headers ?? [])),
    content: {
      'application/problem+json': {
        schema: problemSchema,
        examples: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/examples/${type}` }])),
      },
    },
  }
}

/** One of each, described once (components) and referred to. */
export const refusalExamples = Object.entries(refusals).map(([name, { status, when, detail, extras = {} }]) => {
  const type = name as Refusal // the keys of the table above
  return { name, summary: when, value: problemBody({ status, type, message: detail, extras }) }
})
