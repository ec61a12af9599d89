import type { Fault } from './faults.ts'
import { type Answer, Problem, problemAnswer } from './problem.ts'
import type { Switches } from './settings.ts'

/** The answers of faults that still answer; reset, hang and latency are the gateway's business. */
export type AnsweringKind = 'status' | 'garbage' | 'truncated' | 'empty' | 'html'

/** @param genuine what the API would have said, where it was asked; `truncated` cuts it in the middle */
export function faultAnswer(fault: Fault, kind: AnsweringKind, genuine: Answer | null, switches: Switches): Answer {
  const headers = fault.headers ?? {}
  switch (kind) {
    case 'status':
      return statusAnswer(fault, switches)
    case 'garbage':
      return { status: fault.status ?? 200, body: '{"Id": 17, <!-- not JSON', headers }
    case 'truncated': {
      const whole = genuine?.body ?? '{"Id": 17, "Name": "Nordlys Elektro AS"}'
      return {
        status: fault.status ?? genuine?.status ?? 200,
        body: whole.slice(0, Math.ceil(whole.length / 2)),
        headers: { ...genuine?.headers, ...headers },
      }
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

function statusAnswer(fault: Fault, switches: Switches): Answer {
  const status = fault.status ?? 500
  const headers = fault.headers ?? {}
  if (fault.body !== undefined) {
    const body = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body)
    return { status, body, headers }
  }
  if (status === 204) return { status, body: null, headers }
  const answer = problemAnswer(
    new Problem(status, 'Injected fault', `Asked for at /sandbox/faults: ${status}.`),
    switches,
  )
  return { ...answer, headers }
}
