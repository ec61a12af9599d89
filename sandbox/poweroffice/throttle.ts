import { type Answer, gatewayAnswer, Problem, problemAnswer } from './problem.ts'
import type { Switches } from './settings.ts'

/** The gateway's 429: `{ statusCode: "429", message }` with the seconds in the text (README.md). Retry-After is whole seconds. */
export function throttledAnswer(waitMs: number, switches: Switches): Answer {
  const seconds = Math.ceil(waitMs / 1000)
  const message = `Rate limit is exceeded. Try again in ${seconds} seconds.`
  const headers: Record<string, string> = switches.retryAfter === 'sent' ? { 'Retry-After': String(seconds) } : {}
  switch (switches.throttleBody) {
    case 'gateway':
      return gatewayAnswer(429, message, headers)
    case 'numericStatusCode':
      return { status: 429, body: JSON.stringify({ statusCode: 429, message }), headers }
    case 'problem':
      return { ...problemAnswer(new Problem(429, 'Too Many Requests', message), switches), headers }
    case 'empty':
      return { status: 429, body: null, headers }
  }
}
