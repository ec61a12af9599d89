/** An error as the contract wants it: application/problem+json (RFC 9457). Clients compare how `type` ends. */
export class Problem extends Error {
  readonly status: number
  readonly word: string
  readonly more: Readonly<Record<string, unknown>>

  constructor(status: number, word: string, detail: string, more: Readonly<Record<string, unknown>> = {}) {
    super(detail)
    this.status = status
    this.word = word
    this.more = more
  }

  toResponse(headers: Readonly<Record<string, string>> = {}): Response {
    const { status, word, message: detail, more } = this
    const body = {
      type: `urn:shop-adapter:problems:${word}`,
      title: word.replaceAll('-', ' '),
      status,
      detail,
      ...more,
    }
    return new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/problem+json', ...headers },
    })
  }
}

/** What is wrong with one member of a body; `pointer` is a JSON Pointer into it. */
export interface FieldError {
  readonly pointer: string
  readonly detail: string
}

/** Runs `work` and puts what it refuses to the rest, so that all of it is told together. */
export function collecting<Result>(errors: FieldError[], work: () => Result): Result | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 422) throw error
    errors.push(...((error.more['errors'] ?? []) as readonly FieldError[]))
    return undefined
  }
}

/** @throws Problem 422 that names every wrong field at once, so that nobody mends them one by one */
export function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new Problem(422, 'invalid-fields', 'Some fields cannot be stored.', { errors })
}
