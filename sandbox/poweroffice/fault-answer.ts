import type { FiredFault } from '../faults/fault-plan.ts'
import type { AnswerKind } from '../faults/fault-schema.ts'
import { type Answer, Problem, problemAnswer } from './problem.ts'
import type { Switches } from './settings.ts'
import { throttledAnswer } from './throttle.ts'

/** Faults that answer something else; the others are apply-fault.ts's business. */
const answering = ['status', 'throttle', 'refusal', 'garbage', 'truncated', 'empty', 'html'] as const
type AnsweringKind = (typeof answering)[number]

export function isAnswering(kind: AnswerKind): kind is AnsweringKind {
  return answering.some((each) => each === kind)
}

/** @param genuine what the API would have said, where it was asked; `truncated` cuts it in the middle */
export function faultAnswer(
  fault: FiredFault,
  kind: AnsweringKind,
  genuine: Answer | null,
  switches: Switches,
): Answer {
  const headers = fault.headers ?? {}
  switch (kind) {
    case 'status':
      return statusAnswer(fault, switches)
    case 'throttle': {
      const throttled = throttledAnswer((fault.retryAfterSeconds ?? 1) * 1000, switches)
      return { ...throttled, headers: { ...throttled.headers, ...headers } }
    }
    case 'refusal': {
      const { status = 400, title = 'Refused', detail = 'The record is refused: asked for at /sandbox/faults.' } = fault
      return { ...problemAnswer(new Problem(status, title, detail), switches), headers }
    }
    case 'garbage':
      return { status: fault.status ?? 200, body: '{"Id": 17, <!-- not JSON', headers }
    case 'truncated': {
      const whole = genuine?.body ?? '{"Id": 17, "Name": "Nordlys Elektro AS"}'
      const answer = { status: fault.status ?? genuine?.status ?? 200, headers: { ...genuine?.headers, ...headers } }
      if (fault.cut === 'connection') return { ...answer, body: whole, delivery: 'cut' }
      return { ...answer, body: whole.slice(0, Math.ceil(whole.length / 2)) }
    }
    case 'empty':
      return { status: fault.status ?? 200, body: '', headers }
    case 'html':
      return {
        status: fault.status ?? 502,
        body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
        contentType: 'text/html; charset=utf-8',
        headers,
      }
  }
}

function statusAnswer(fault: FiredFault, switches: Switches): Answer {
  const status = fault.status ?? 500
  const headers = fault.headers ?? {}
  if (fault.body !== undefined) {
    const body = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body)
    return { status, body, headers }
  }
  if (status === 204) return { status, body: null, headers }
  const { title = 'Injected fault', detail = `Asked for at /sandbox/faults: ${status}.` } = fault
  return { ...problemAnswer(new Problem(status, title, detail), switches), headers }
}

/** What a list says when it has nothing: 204, or `[]` where the fault asks for status 200. The page links are left out. */
export function emptyListAnswer(fault: FiredFault): Answer {
  return {
    status: fault.status ?? 204,
    body: (fault.status ?? 204) === 204 ? null : '[]',
    headers: fault.headers ?? {},
  }
}
