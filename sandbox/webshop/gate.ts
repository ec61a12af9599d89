import { setTimeout as wait } from 'node:timers/promises'
import type { Next } from 'hono'
import type { ApiContext } from './api-env.ts'
import { applyFault, whole } from './apply-fault.ts'
import { Problem, problemResponse } from './problem.ts'
import { recordAt } from './record-at.ts'
import { requestUrl } from './request-url.ts'
import { findCaller } from './sandbox-keys.ts'
import type { Shop } from './shop.ts'

/**
 * What a request under /api passes before its handler: it is counted, delayed, hit by a planned fault, held off by
 * maintenance or the rate, and asked for its key. The shopkeeper is spared all but the key, so that a test can go on
 * editing the shop while the sync is being troubled; faults can ask for it (`from`).
 */
export function gate(shop: Shop) {
  return async (context: ApiContext, next: Next): Promise<void> => {
    const { method, path } = context.req
    const isShopkeeper = callerOf(context, shop) === 'shopkeeper'
    shop.requests.countRequest(method, path)
    const { latencyMs } = shop.settings()
    if (latencyMs > 0 && !isShopkeeper)
      await wait(latencyMs, undefined, { signal: shop.closing }).catch(() => undefined)
    const fault = await takeFault(context, shop, isShopkeeper)
    const carryOut = async () => {
      const refusal = findRefusal(context, shop, isShopkeeper)
      if (refusal) return problemResponse(refusal)
      await next()
      return context.res
    }
    // Whoever comes late still has what was sent before the connection went.
    if (fault?.when === 'late') await context.req.text()
    const { answer, counted } = fault
      ? await applyFault(fault, context.env, carryOut, shop, requestUrl(context))
      : whole(await carryOut())
    shop.requests.countAnswer(counted)
    if (answer !== context.res) {
      // Hono copies the headers of the answer that is there onto the one that replaces it, unless it is taken away first.
      context.res = undefined
      context.res = answer
    }
    // Node's own header tells the right time; a machine whose clock is off tells that one everywhere.
    const nowMs = shop.clock.nowMs()
    if (Math.abs(nowMs - Date.now()) >= 1000) context.res.headers.set('date', new Date(nowMs).toUTCString())
  }
}

function callerOf(context: ApiContext, shop: Shop) {
  return findCaller(context.req.header('authorization'), shop.syncKey)
}

const listPath = /^\/api\/(customers|products|orders)$/

async function takeFault(context: ApiContext, shop: Shop, fromShopkeeper: boolean) {
  const { method } = context.req
  const { pathname, search } = requestUrl(context)
  // The body is read only when a fault asks about it; hono keeps it for the handler.
  const body = shop.faults.asksForBody() ? await context.req.text() : ''
  return shop.faults.take({
    method,
    pathAndQuery: pathname + search,
    body,
    fromShopkeeper,
    isList: method === 'GET' && listPath.test(pathname),
    record: () => recordAt(shop, pathname)?.properties ?? null,
  })
}

function findRefusal(context: ApiContext, shop: Shop, isShopkeeper: boolean): Problem | undefined {
  const { maintenance, retryAfterSeconds, requestsPerSecond } = shop.settings()
  if (!isShopkeeper) {
    if (maintenance) {
      const headers = { 'retry-after': String(retryAfterSeconds) }
      return new Problem(503, 'maintenance', 'The shop will be back soon.', { headers })
    }
    const waitSeconds = shop.rateLimit.take(requestsPerSecond, Date.now())
    if (waitSeconds > 0) {
      const headers = { 'retry-after': String(waitSeconds) }
      return new Problem(429, 'rate-limited', `At most ${requestsPerSecond} requests a second.`, { headers })
    }
  }
  // The description of the API is no secret, and tools want to read it before they have a key.
  if (context.req.path === '/api/openapi.json') return undefined
  const caller = callerOf(context, shop)
  if (!caller) {
    const headers = { 'www-authenticate': 'Bearer realm="webshop"' }
    return new Problem(401, 'unauthorized', 'Send Authorization: Bearer <key> with a key of this shop.', { headers })
  }
  if (caller === 'reader' && context.req.method !== 'GET') {
    return new Problem(403, 'forbidden', 'This key may read, not write.')
  }
  context.set('caller', caller)
  return undefined
}
