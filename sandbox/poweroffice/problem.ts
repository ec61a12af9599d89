import type { FiredFault } from '../faults/fault-plan.ts'
import type { Switches } from './settings.ts'

/** A refusal by the API itself, as opposed to the gateway. Status, title and detail follow README.md where a sample exists. */
export class Problem extends Error {
  readonly status: number
  readonly title: string
  readonly detail: string
  /** Property in question, for the ASP.NET form of the answer (switch errorsDictionary). */
  readonly property: string | null

  constructor(status: number, title: string, detail: string, property: string | null = null) {
    super(detail)
    this.status = status
    this.title = title
    this.detail = detail
    this.property = property
  }
}

/** Malformed bodies are refused by the framework before the vendor's own rules run. Title is ASP.NET's. */
export function malformed(detail: string, property: string | null = null): Problem {
  return new Problem(400, malformedTitle, detail, property)
}

const malformedTitle = 'One or more validation errors occurred.'

export function badResourceParameter(detail: string): Problem {
  return new Problem(400, 'Invalid resourceParameter', detail)
}

export function notFound(detail: string): Problem {
  return new Problem(404, 'Object(s) not found', detail)
}

export interface Answer {
  readonly status: number
  /** JSON text, or the bytes of a file; null means no body at all. */
  readonly body: string | Uint8Array<ArrayBuffer> | null
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  /** How a fault wants it sent: broken off in the middle, or as slowly as it says. Default: whole and at once. */
  readonly delivery?: 'cut' | FiredFault
}

export function problemAnswer(problem: Problem, switches: Switches): Answer {
  const fields: Record<string, unknown> = {
    type: `https://httpstatuses.io/${problem.status}`,
    title: problem.title,
    status: problem.status,
    detail: problem.detail,
  }
  if (switches.errorsDictionary === 'present' && problem.title === malformedTitle) {
    fields.errors = { [problem.property ?? '$']: [problem.detail] }
  }
  const cased = switches.errorKeyCasing === 'lower' ? fields : pascalKeys(fields)
  return { status: problem.status, body: JSON.stringify(cased), contentType: 'application/problem+json; charset=utf-8' }
}

/** What Azure API Management answers in front of the API. statusCode is text in the documented 429 (README.md). */
export function gatewayAnswer(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return { status, body: JSON.stringify({ statusCode: String(status), message }), headers }
}

function pascalKeys(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]),
  )
}
