import { createHash } from 'node:crypto'
import { Problem } from './problem.ts'
import type { JsonObject, Line } from './records.ts'
import type { Store, Stored } from './store.ts'

export interface Written {
  readonly record: Stored
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Default: the record. */
  readonly body?: JsonObject | Line | null | undefined
}

/** What of a request makes it the same request when it comes again. */
export interface WriteRequest {
  readonly caller: string
  readonly path: string
  readonly text: string
  readonly givenKey: string | undefined
}

/**
 * The frame of every write: one transaction, in which the version is compared, the record written AND the answer kept
 * under its Idempotency-Key. Keep the answer in a transaction of its own, and a shop that dies in between creates twice.
 */
export function answerWrite(
  store: Store,
  { caller, path, text, givenKey }: WriteRequest,
  { work, tell }: { readonly work: () => Written; readonly tell: (news: Stored) => void },
): Response {
  const key = givenKey && `${caller} ${givenKey}`
  const request = createHash('sha256').update(`${path} ${text}`).digest('hex')
  let news: Stored | null = null
  const answer = store.transaction(() => {
    // Before If-Match is looked at: a repeated POST of a line names a version that its first time has moved.
    const known = key ? store.answerTo(key) : undefined
    if (known && known.request !== request)
      throw new Problem(422, 'idempotency-key-reused', 'The key came with another request before.')
    if (known) return JSON.parse(known.answer) as Answer
    const before = store.highestPosition()
    const { record: written, status = 200, headers = {}, body = written } = work()
    if (store.highestPosition() > before) news = written
    const made = { status, headers: { ...headers, etag: `"${written.version}"` }, body: body && JSON.stringify(body) }
    // Only what succeeded is kept: a refusal may be another one tomorrow.
    if (key) store.keepAnswer(key, request, JSON.stringify(made))
    return made
  })
  if (news !== null) tell(news)
  return new Response(answer.body, {
    status: answer.status,
    headers: { ...answer.headers, ...(answer.body !== null && { 'content-type': 'application/json' }) },
  })
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}
