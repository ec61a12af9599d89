import { z } from '@hono/zod-openapi'

/** RFC 9457. Types are names, not pages: nothing answers at the address, and clients compare how it ends. */
const typeBase = 'https://webshop.example/problems/'

export const problemTitles = {
  'bad-request': 'The request cannot be understood',
  unauthorized: 'A known key is required',
  forbidden: 'The key has no right to do this',
  'not-found': 'There is no such thing',
  'not-offered': 'The shop does not offer this',
  'already-exists': 'The value is taken by another record',
  locked: 'The order can no longer be edited',
  'in-use': 'The record is in use',
  gone: 'The record was deleted',
  'unknown-cursor': 'The cursor is not known any more; read from the beginning',
  'version-changed': 'The record has changed since it was read',
  'unsupported-media-type': 'The content type is not supported here',
  'too-large': 'The body is too large',
  'invalid-fields': 'Some fields are not acceptable',
  'idempotency-key-reused': 'The Idempotency-Key was used for another request',
  'if-match-required': 'If-Match is required',
  'rate-limited': 'Too many requests',
  maintenance: 'The shop is being maintained',
  'internal-error': 'The shop failed',
  fault: 'A fault was asked for',
} as const

export type ProblemType = keyof typeof problemTitles

export const problemSchema = z
  .object({
    type: z.string().min(1).describe('A URI reference. Clients compare how it ends.'),
    title: z.string().min(1).describe('The same for every problem of the type.'),
    status: z.int().min(400).max(599).describe('The status of the answer.'),
    detail: z.string().min(1).describe('What is wrong with this request, in a sentence for people.'),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe('JSON Pointer (RFC 6901) into the body that was sent.'),
          detail: z.string().min(1),
        }),
      )
      .optional()
      .describe('All wrong fields at once.'),
    existingId: z.string().min(1).optional().describe('With already-exists: the record that has the value.'),
  })
  .openapi('Problem', { description: 'An error (RFC 9457), always `application/problem+json`.' })

export interface FieldError {
  /** JSON Pointer (RFC 6901) into the body that was sent; '' is the body itself. */
  readonly pointer: string
  readonly detail: string
}

export interface ProblemExtras {
  readonly errors?: readonly FieldError[]
  readonly existingId?: string
  /** In place of the type's own. */
  readonly title?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Thrown by whoever finds the problem; turned into an answer in one place, app.ts. */
export class Problem extends Error {
  readonly status: number
  readonly type: ProblemType
  readonly extras: ProblemExtras

  constructor(status: number, type: ProblemType, detail: string, extras: ProblemExtras = {}) {
    super(detail)
    this.status = status
    this.type = type
    this.extras = extras
  }
}

/** The document that is answered; headers stand beside it. */
export function problemBody({
  status,
  type,
  message,
  extras,
}: Pick<Problem, 'status' | 'type' | 'message' | 'extras'>) {
  const { headers: _, ...members } = extras
  return { type: `${typeBase}${type}`, title: problemTitles[type], status, detail: message, ...members }
}

export function problemResponse(problem: Problem): Response {
  return new Response(JSON.stringify(problemBody(problem)), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', ...problem.extras.headers },
  })
}

/**
 * Each wrong field with what is wrong, once: a value may break two rules that say the same sentence. An unknown key is reported at
 * its own place and not at the object that holds it.
 */
export function fieldErrors(error: z.ZodError): FieldError[] {
  const errors = error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ pointer: pointerTo(issue.path), detail: issue.message }]
    return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: `There is no ${key} here.` }))
  })
  return [...new Map(errors.map((each) => [`${each.pointer} ${each.detail}`, each])).values()]
}

export function invalidFields(errors: readonly FieldError[]): Problem {
  const detail = errors.map((error) => `${error.pointer || 'body'}: ${error.detail}`).join(' ')
  return new Problem(422, 'invalid-fields', detail, { errors })
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
