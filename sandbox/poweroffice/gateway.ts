import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { FaultPlan } from '../faults/fault-plan.ts'
import { alreadySent, sendCut, sendSlowly } from '../faults/wire.ts'
import { applyFault } from './apply-fault.ts'
import type { Clock } from './clock.ts'
import type { Counts } from './counts.ts'
import { isPermitted } from './privileges.ts'
import { type Answer, gatewayAnswer, Problem, problemAnswer } from './problem.ts'
import type { RateLimiter } from './rate-limit.ts'
import type { AddressedRecord } from './record-at.ts'
import type { MatchedRoute, UploadedFile } from './route.ts'
import { answersList } from './schema.ts'
import type { Settings } from './settings.ts'
import { throttledAnswer } from './throttle.ts'
import type { SandboxKeys, TokenIssuer } from './token.ts'
import { readFiles } from './uploaded-files.ts'

export interface GatewayParts {
  readonly settings: Settings
  readonly keys: SandboxKeys
  readonly tokens: TokenIssuer
  readonly limiter: RateLimiter
  readonly counts: Counts
  readonly faults: FaultPlan
  readonly clock: Clock
  /** Aborted when the sandbox closes, so that nothing waits any longer. */
  readonly closing: AbortSignal
  readonly match: (method: string, path: string) => MatchedRoute | null
  readonly recordAt: (path: string) => AddressedRecord | null
}

type HttpContext = Context<{ Bindings: HttpBindings }>

interface Arrived {
  readonly context: HttpContext
  readonly method: string
  readonly url: URL
  readonly body: string
  readonly files: readonly UploadedFile[] | null
  /** Null for the token call. */
  readonly matched: MatchedRoute | null
}

/**
 * The way of every request, in the order of Azure API Management in front of an API: known operation, subscription key, rate,
 * then token, privilege and the operation itself. Faults sit where the operation would answer, so a throttled or refused
 * request uses none up.
 */
export function createGateway(parts: GatewayParts): (context: HttpContext) => Promise<Response> {
  const { settings, keys, tokens, limiter, counts, faults } = parts

  async function answered(arrived: Arrived): Promise<Answer | 'reset' | 'hang'> {
    const switches = settings.current()
    await pauseFor(switches.latencyMs + Math.random() * switches.latencyJitterMs)
    const subscription =
      arrived.context.req.header('ocp-apim-subscription-key') ?? arrived.url.searchParams.get('subscription-key')
    if (subscription !== keys.subscriptionKey) {
      // Standard gateway answer; the real text is not known (README.md).
      return switches.body401Subscription === 'empty'
        ? { status: 401, body: null }
        : gatewayAnswer(401, 'Access denied due to missing or invalid subscription key.')
    }
    const isCounted = arrived.matched !== null || switches.tokenCallsCounted === 'yes'
    const waitMs = limiter.take(isCounted ? subscription : `${subscription} token`, switches.rateLimit)
    if (waitMs !== null) {
      counts.throttle()
      if (switches.throttledWriteExecuted === 'yes' && refusal(arrived) === null) await handled(arrived)
      return throttledAnswer(waitMs, switches)
    }
    return refusal(arrived) ?? withFaults(arrived)
  }

  /** Token and privilege. The token call itself needs neither. */
  function refusal({ context, matched }: Arrived): Answer | null {
    if (!matched) return null
    const switches = settings.current()
    if (!tokens.isValid(context.req.header('authorization'), switches)) {
      if (switches.body401 === 'empty') return { status: 401, body: null }
      if (switches.body401 === 'gateway') return gatewayAnswer(401, 'Unauthorized. Access token is missing or invalid.')
      return problemAnswer(new Problem(401, 'Unauthorized', 'The access token is missing or has expired.'), switches)
    }
    if (isPermitted(matched.route.roles, switches)) return null
    if (switches.body403 === 'empty') return { status: 403, body: null }
    return problemAnswer(new Problem(403, 'Forbidden', 'The integration lacks the privilege.'), switches)
  }

  async function withFaults(arrived: Arrived): Promise<Answer | 'reset' | 'hang'> {
    const { method, url, body, context } = arrived
    const record = () => parts.recordAt(url.pathname)
    const fault = faults.take({
      method,
      pathAndQuery: url.pathname + url.search,
      body,
      fromShopkeeper: false,
      isList: method === 'GET' && answersList(arrived.matched?.route.path ?? ''),
      record: () => record()?.properties ?? null,
    })
    if (!fault) return handled(arrived)
    const request = {
      method,
      outgoing: context.env.outgoing,
      switches: settings.current(),
      closing: parts.closing,
      // Asked again: a fault may have taken the token away, or the time for which it holds.
      handled: async () => refusal(arrived) ?? handled(arrived),
      revokeTokens: () => tokens.revokeAll(),
      record,
    }
    return applyFault(fault, request, faults)
  }

  async function handled({ context, matched, url, body, files, method }: Arrived): Promise<Answer> {
    const switches = settings.current()
    const contentType = context.req.header('content-type') ?? ''
    if (!matched) {
      return tokens.answer({ authorization: context.req.header('authorization'), contentType, body }, switches)
    }
    if (method !== 'GET') counts.write()
    try {
      return matched.route.handle({ url, params: matched.params, contentType, body, files })
    } catch (failure) {
      if (failure instanceof Problem) return problemAnswer(failure, switches)
      // A fault of the sandbox itself: loud here, and for the client what a broken server would say.
      console.error(failure)
      return problemAnswer(new Problem(500, 'Internal Server Error', 'The sandbox failed, see its log.'), switches)
    }
  }

  return async (context) => {
    const url = URL.canParse(context.req.url) ? new URL(context.req.url) : null
    // The Host header is part of it, and says anything.
    if (!url) return asResponse(gatewayAnswer(400, 'Bad Request'))
    const method = context.req.method
    const isTokenCall = method === 'POST' && url.pathname.toLowerCase() === '/oauth/token'
    const matched = isTokenCall ? null : parts.match(method, url.pathname)
    if (!matched && !isTokenCall) {
      counts.request(`${method} (unknown route)`)
      counts.answer(404)
      // Text seen live (README.md).
      return asResponse(gatewayAnswer(404, 'Resource not found'))
    }
    counts.request(matched ? `${method} /v2${matched.route.path}` : 'POST /OAuth/Token')
    const files = matched?.route.takesFiles ? await readFiles(context.req) : null
    // Asking for the body of a GET, which no operation reads, costs as much as answering it.
    const body = method === 'GET' || matched?.route.takesFiles ? '' : await context.req.text()
    const answer = await answered({ context, method, url, body, files, matched })
    if (answer === 'reset' || answer === 'hang') {
      counts.answer(answer)
      return alreadySent()
    }
    counts.answer(answer.status)
    return delivered({ ...answer, headers: { ...dateHeader(), ...answer.headers } }, context.env.outgoing)
  }

  /** Node's own header tells the right time; a machine whose clock is off tells that one everywhere. */
  function dateHeader(): Record<string, string> {
    const nowMs = parts.clock.nowMs()
    return Math.abs(nowMs - Date.now()) < 1000 ? {} : { Date: new Date(nowMs).toUTCString() }
  }
}

async function delivered(answer: Answer, outgoing: ServerResponse): Promise<Response> {
  if (answer.delivery === undefined) return asResponse(answer)
  const { status, body } = answer
  const wired = { status, headers: headersOf(answer), body: Buffer.from(status === 204 ? '' : (body ?? '')) }
  if (answer.delivery === 'cut') sendCut(wired, outgoing)
  else await sendSlowly(answer.delivery, wired, outgoing)
  return alreadySent()
}

function asResponse(answer: Answer): Response {
  const { status, body } = answer
  return new Response(status === 204 ? null : body, { status, headers: headersOf(answer) })
}

function headersOf({ body, contentType, headers }: Answer): Record<string, string> {
  const type: Record<string, string> =
    body === null ? {} : { 'Content-Type': contentType ?? 'application/json; charset=utf-8' }
  return { ...type, ...headers }
}

async function pauseFor(ms: number): Promise<void> {
  if (ms > 0) await pause(ms)
}
