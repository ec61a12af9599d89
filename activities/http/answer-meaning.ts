import type { Trouble } from '../../flows/port.ts'
import type { Side } from '../../flows/side.ts'
import type { Exchange, HttpAnswer, NoAnswer } from './exchange.ts'
import { findRetryAfterMs, throttleWaitMs } from './retry-after.ts'

/** How a system is called in sentences, and which settings a person would look at. */
export interface SystemNames {
  readonly side: Side
  /** At the beginning of a sentence: `PowerOffice`, `The webshop`. */
  readonly name: string
  readonly urlSetting: string
  /** Sentence part that follows "check": the settings that hold the keys, and what is easily mixed up. */
  readonly keysToCheck: string
  /** Whole sentence for a 403 to the request of this label. */
  readonly missingRight: (label: string) => string
}

/** What an exchange means for whoever asked. The only place that judges status codes and network failures. */
export type Meaning =
  /** 2xx with a body that can be used, or a 4xx that is about one record. */
  | { readonly kind: 'usable'; readonly answer: HttpAnswer }
  | { readonly kind: 'throttled'; readonly waitMs: number; readonly trouble: Trouble }
  /** `mayHaveLanded` false: a write did certainly nothing. `waitMs`: what the system asked for, null if nothing. */
  | {
      readonly kind: 'unavailable'
      readonly mayHaveLanded: boolean
      readonly waitMs: number | null
      readonly trouble: Trouble
    }
  /** 401: worth one try with new credentials where they can be renewed. */
  | { readonly kind: 'unauthorised'; readonly trouble: Trouble }
  /** Trying again changes nothing. */
  | { readonly kind: 'blocked'; readonly trouble: Trouble }

export interface AskedFor {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path without ids and values: `GET /Customers/{id}`. */
  readonly label: string
  readonly timeoutMs: number
  /** A 403 tells whoever asked something, and is no reason to stop. */
  readonly takesForbidden?: boolean
}

export function decideMeaning(system: SystemNames, asked: AskedFor, exchange: Exchange, nowMs: number): Meaning {
  if (exchange.kind === 'noAnswer') return meaningOfSilence(system, asked, exchange)
  const { status } = exchange
  if (status >= 200 && status < 300) return meaningOfSuccess(system, asked, exchange)
  if (status >= 300 && status < 400) return blocked(system, 'ContractChanged', redirected(system, asked, status))
  switch (status) {
    case 401:
      return { kind: 'unauthorised', trouble: unauthorised(system) }
    case 403:
      if (asked.takesForbidden === true) return { kind: 'usable', answer: exchange }
      return blocked(system, 'NotAuthorised', system.missingRight(asked.label))
    case 404:
    case 410:
      return isAboutTheRoute(exchange)
        ? blocked(system, 'ContractChanged', unknownRoute(system, asked, status))
        : { kind: 'usable', answer: exchange }
    case 405:
    case 406:
    case 415:
    case 428:
    case 501:
      return blocked(system, 'ContractChanged', refusedForm(system, asked, status))
    case 429: {
      const waitMs = throttleWaitMs(exchange, nowMs)
      return { kind: 'throttled', waitMs, trouble: throttled(system, waitMs) }
    }
    case 407:
    case 408:
    case 425:
      return unavailable(system, `answered ${asked.label} with status ${status}`, { mayHaveLanded: true, waitMs: null })
  }
  if (status >= 500) {
    const waitMs = findRetryAfterMs(exchange, nowMs)
    return unavailable(system, `answered ${asked.label} with status ${status}`, { mayHaveLanded: true, waitMs })
  }
  return { kind: 'usable', answer: exchange }
}

/** The limiter is paused for longer than a request may wait. */
export function throttled(system: SystemNames, remainingMs: number): Trouble {
  const seconds = Math.max(1, Math.ceil(remainingMs / 1000))
  return troubleOf(
    system,
    'RateLimited',
    `${system.name} asks for fewer requests (429): work goes on by itself in about ${seconds} s; if this comes often, look for other programs that use the same key.`,
  )
}

export function contractChanged(system: SystemNames, message: string): Trouble {
  return troubleOf(system, 'ContractChanged', message)
}

function meaningOfSuccess(system: SystemNames, asked: AskedFor, answer: HttpAnswer): Meaning {
  if (answer.isJson || answer.status === 204) return { kind: 'usable', answer }
  // Some writes are answered without a body; a reading without one is the beginning of nothing.
  if (answer.text === '' && asked.method !== 'GET') return { kind: 'usable', answer }
  const trouble = troubleOf(
    system,
    'ContractChanged',
    `${system.name} answered ${asked.label} with something that is not JSON: check that ${system.urlSetting} is the address of its API and that no proxy or sign-in page answers in its place.`,
  )
  return { kind: 'unavailable', mayHaveLanded: true, waitMs: null, trouble }
}

function meaningOfSilence(system: SystemNames, asked: AskedFor, silence: NoAnswer): Meaning {
  switch (silence.why) {
    case 'timeout':
      return unavailable(system, `did not answer ${asked.label} within ${asked.timeoutMs / 1000} s`, {
        mayHaveLanded: true,
        waitMs: null,
      })
    case 'notReached':
      return unavailable(system, `cannot be reached (${silence.code})`, { mayHaveLanded: false, waitMs: null })
    case 'certificate':
      return unavailable(system, `has a certificate that is not trusted here (${silence.code})`, {
        mayHaveLanded: false,
        waitMs: null,
      })
    case 'brokenOff':
      return unavailable(system, `broke off its answer to ${asked.label} (${silence.code})`, {
        mayHaveLanded: true,
        waitMs: null,
      })
    case 'tooLarge':
      return blocked(
        system,
        'ContractChanged',
        `${system.name} answered ${asked.label} with more than this program takes: ask the developer to read that list in smaller pages.`,
      )
  }
}

/** The gateway's `{ statusCode, message }` and pages in HTML speak of the address, problem details of the record (sandbox/poweroffice/README.md). */
function isAboutTheRoute(answer: HttpAnswer): boolean {
  if (!answer.isJson) return answer.text !== ''
  if (typeof answer.json !== 'object' || answer.json === null) return true
  const names = Object.keys(answer.json).map((name) => name.toLowerCase())
  return names.includes('statuscode') && !names.includes('title')
}

function unavailable(
  system: SystemNames,
  what: string,
  rest: { readonly mayHaveLanded: boolean; readonly waitMs: number | null },
): Meaning {
  const message = `${system.name} ${what}: check that it is up and that ${system.urlSetting} is right; work goes on by itself once it answers.`
  return { kind: 'unavailable', ...rest, trouble: troubleOf(system, 'Unreachable', message) }
}

function unauthorised(system: SystemNames): Trouble {
  return troubleOf(
    system,
    'NotAuthorised',
    `${system.name} does not accept our keys (401): check ${system.keysToCheck}.`,
  )
}

function redirected(system: SystemNames, asked: AskedFor, status: number): string {
  return `${system.name} redirects ${asked.label} to another address (status ${status}), which is not followed since it would be given the keys: write the final address in ${system.urlSetting}.`
}

function unknownRoute(system: SystemNames, asked: AskedFor, status: number): string {
  return `${system.name} does not know the address of ${asked.label} (status ${status}): check ${system.urlSetting}.`
}

function refusedForm(system: SystemNames, asked: AskedFor, status: number): string {
  return `${system.name} does not take ${asked.label} in the agreed form (status ${status}): check ${system.urlSetting}; if it is right, the system's interface has changed and the developer must look.`
}

function blocked(system: SystemNames, type: 'ContractChanged' | 'NotAuthorised', message: string): Meaning {
  return { kind: 'blocked', trouble: troubleOf(system, type, message) }
}

export function troubleOf(system: SystemNames, type: Trouble['type'], message: string): Trouble {
  return { type, where: system.side, message }
}
