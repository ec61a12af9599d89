import { setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import type { Counts } from './counts.ts'
import { faultAnswer } from './fault-answer.ts'
import type { Fault, Faults } from './faults.ts'
import { isPermitted } from './privileges.ts'
import { type Answer, gatewayAnswer, Problem, problemAnswer } from './problem.ts'
import type { RateLimiter } from './rate-limit.ts'
import type { MatchedRoute } from './route.ts'
import type { Settings } from './settings.ts'
import { throttledAnswer } from './throttle.ts'
import type { SandboxKeys, TokenIssuer } from './token.ts'

export interface GatewayParts {
  readonly settings: Settings
  readonly keys: SandboxKeys
  readonly tokens: TokenIssuer
  readonly limiter: RateLimiter
  readonly counts: Counts
  readonly faults: Faults
  readonly match: (method: string, path: string) => MatchedRoute | null
}

type HttpContext = Context<{ Bindings: HttpBindings }>

interface Arrived {
  readonly context: HttpContext
  readonly method: string
  readonly url: URL
  readonly body: string
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
    const fault = faults.take({ method, pathAndQuery: url.pathname + url.search, body })
    if (!fault) return handled(arrived)
    // A cut answer needs one to cut; reading changes nothing, so a GET is asked even "before".
    const takesEffect = fault.when === 'after' || (fault.kind === 'truncated' && method === 'GET')
    if (fault.kind === 'latency') return delayed(arrived, fault)
    const genuine = takesEffect ? await handled(arrived) : null
    if (fault.kind === 'reset') return 'reset'
    if (fault.kind === 'hang') {
      await pauseUntilClosed(context, fault.hangMs)
      return 'hang'
    }
    return faultAnswer(fault, fault.kind, genuine, settings.current())
  }

  async function delayed(arrived: Arrived, fault: Fault): Promise<Answer> {
    if (fault.when === 'before') await pauseFor(fault.latencyMs)
    const answer = await handled(arrived)
    if (fault.when === 'after') await pauseFor(fault.latencyMs)
    return answer
  }

  async function handled({ context, matched, url, body, method }: Arrived): Promise<Answer> {
    const switches = settings.current()
    const contentType = context.req.header('content-type') ?? ''
    if (!matched) {
      return tokens.answer({ authorization: context.req.header('authorization'), contentType, body }, switches)
    }
    if (method !== 'GET') counts.write()
    try {
      return matched.route.handle({ url, params: matched.params, contentType, body })
    } catch (failure) {
      if (failure instanceof Problem) return problemAnswer(failure, switches)
      // A fault of the sandbox itself: loud here, and for the client what a broken server would say.
      console.error(failure)
      return problemAnswer(new Problem(500, 'Internal Server Error', 'The sandbox failed, see its log.'), switches)
    }
  }

  return async (context) => {
    const url = new URL(context.req.url)
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
    const answer = await answered({ context, method, url, body: await context.req.text(), matched })
    if (answer === 'reset' || answer === 'hang') {
      counts.answer(answer)
      context.env.outgoing.destroy()
      return RESPONSE_ALREADY_SENT
    }
    counts.answer(answer.status)
    return asResponse(answer)
  }
}

function asResponse({ status, body, contentType, headers }: Answer): Response {
  const type = body === null ? {} : { 'Content-Type': contentType ?? 'application/json; charset=utf-8' }
  return new Response(status === 204 ? null : body, { status, headers: { ...type, ...headers } })
}

async function pauseFor(ms: number): Promise<void> {
  if (ms > 0) await pause(ms)
}

/** Ends early when the client gives up or the sandbox closes, so that a hanging request never holds the process. */
async function pauseUntilClosed(context: HttpContext, ms: number): Promise<void> {
  const closed = new AbortController()
  // As many requests wait on it as are under way.
  setMaxListeners(0, closed.signal)
  context.env.outgoing.once('close', () => closed.abort())
  await pause(ms, undefined, { signal: closed.signal }).catch(() => undefined)
}
