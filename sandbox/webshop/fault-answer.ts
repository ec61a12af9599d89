import type { FiredFault } from '../faults/fault-plan.ts'
import type { AnswerKind } from '../faults/fault-schema.ts'
import { encodeCursor } from './change-cursor.ts'
import { Problem, problemResponse } from './problem.ts'
import type { Settings } from './settings.ts'

const faultPage = '<!doctype html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>'

/** Faults that answer something else; the others are apply-fault.ts's business. */
const answering = ['status', 'throttle', 'maintenance', 'refusal', 'garbage', 'empty', 'html'] as const
type AnsweringKind = (typeof answering)[number]

export function isAnswering(kind: AnswerKind): kind is AnsweringKind {
  return answering.some((each) => each === kind)
}

/** @param genuine what the shop would have said, where it was asked */
export function faultAnswer(
  fault: FiredFault,
  kind: AnsweringKind,
  genuine: Response | undefined,
  settings: Settings,
): Response {
  switch (kind) {
    case 'status':
      return statusAnswer(fault, 500)
    case 'throttle': {
      const { retryAfterSeconds = 1 } = fault
      return problemResponse(waitProblem(fault, 429, 'rate-limited', 'Too many requests.', retryAfterSeconds))
    }
    case 'maintenance': {
      const { retryAfterSeconds = settings.retryAfterSeconds } = fault
      return problemResponse(waitProblem(fault, 503, 'maintenance', 'The shop will be back soon.', retryAfterSeconds))
    }
    case 'refusal': {
      const { status = 422, title, detail = 'The record is refused: a fault was planned for it.', headers = {} } = fault
      return problemResponse(new Problem(status, 'fault', detail, { headers, ...(title !== undefined && { title }) }))
    }
    case 'garbage':
      return withBody(fault, '{"items": [{"id": "c-0000\u0000, <<<', 'application/json')
    case 'empty':
      return withBody({ ...fault, status: fault.status ?? genuine?.status ?? 200 }, '', 'application/json')
    case 'html':
      return withBody(fault, faultPage, 'text/html; charset=utf-8')
  }
}

function waitProblem(
  fault: FiredFault,
  status: number,
  type: 'rate-limited' | 'maintenance',
  detail: string,
  retryAfterSeconds: number,
): Problem {
  return new Problem(status, type, fault.detail ?? detail, {
    headers: { 'retry-after': String(retryAfterSeconds), ...fault.headers },
  })
}

export function statusAnswer(fault: FiredFault, otherwise: number): Response {
  if (fault.body !== undefined) return withBody(fault, '', 'application/json')
  const { status = otherwise, headers = {}, title, detail = 'A fault was planned for this request.' } = fault
  if (status === 204 || status === 304) return new Response(null, { status, headers })
  return problemResponse(new Problem(status, 'fault', detail, { headers, ...(title !== undefined && { title }) }))
}

/** The fault's own body, status and headers where it has them; 200 is the nastiest status for nonsense, so it is usual. */
function withBody(fault: FiredFault, otherwise: string, contentType: string): Response {
  const given = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body)
  const status = fault.status ?? (fault.kind === 'status' ? 500 : 200)
  const hasNoBody = status === 204 || status === 304
  return new Response(hasNoBody ? null : (given ?? otherwise), {
    status,
    headers: { 'content-type': contentType, ...fault.headers },
  })
}

/**
 * The list without its items, though it has some. Its `next` is where the reader stood, so that it reads again and misses
 * nothing: a cursor that moves past what was not shown would be a breach of the contract, not a fault of the network.
 */
export async function emptyListAnswer(genuine: Response, url: URL, settings: Settings): Promise<Response> {
  if (!genuine.ok) return genuine
  const page = (await genuine.json()) as Readonly<Record<string, unknown>>
  const collection = url.pathname.slice('/api/'.length)
  const beginning = encodeCursor({ collection, generation: settings.cursorGeneration, position: 0 })
  const next = url.searchParams.get('changedSince') ?? beginning
  const body = JSON.stringify({ ...page, items: [], next, hasMore: false })
  return new Response(body, { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' } })
}
