import { setTimeout as wait } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import type { Fault } from './faults.ts'
import { Problem, problemResponse } from './problem.ts'

/** Longer than any client waits, short enough that a forgotten fault ends by itself. */
const defaultHangMs = 60_000
const defaultLatencyMs = 1_000

/** Tells @hono/node-server to leave the connection alone (its own constant is one shared object; hono writes to it). */
const alreadySentHeader = 'x-hono-already-sent'

const faultPage = '<!doctype html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>'

/**
 * Answers the way the fault says.
 * @param carryOut does what was asked for; `before` faults never call it, except those that only delay or cut a reading
 * @param closing ends every wait when the sandbox closes
 */
export async function applyFault(
  fault: Fault,
  connection: HttpBindings,
  carryOut: () => Promise<Response>,
  closing: AbortSignal,
): Promise<Response> {
  const isSafe = connection.incoming.method === 'GET'
  const answer = fault.when === 'after' ? await carryOut() : undefined
  switch (fault.kind) {
    case 'latency':
      await pause(fault.latencyMs ?? defaultLatencyMs, closing)
      return answer ?? carryOut()
    case 'hang':
      await pause(fault.hangMs ?? defaultHangMs, closing)
      return destroyed(connection)
    case 'reset':
      return destroyed(connection)
    case 'truncated':
      return cutShort(answer ?? (isSafe ? await carryOut() : statusAnswer(fault, 200)), connection)
    case 'status':
      return statusAnswer(fault, 500)
    case 'garbage':
      return withBody(fault, '{"items": [{"id": "c-0000\u0000, <<<', 'application/json')
    case 'empty':
      return withBody({ ...fault, status: fault.status ?? answer?.status ?? 200 }, '', 'application/json')
    case 'html':
      return withBody(fault, faultPage, 'text/html; charset=utf-8')
  }
}

export const isAlreadySent = (answer: Response) => answer.headers.has(alreadySentHeader)

function alreadySent(): Response {
  return new Response(null, { headers: { [alreadySentHeader]: 'true' } })
}

async function pause(delayMs: number, closing: AbortSignal): Promise<void> {
  await wait(delayMs, undefined, { signal: closing }).catch(() => undefined) // closing: go on at once
}

/** RST rather than FIN: what a crashed process or a firewall does. */
function destroyed({ incoming }: HttpBindings): Response {
  if (!incoming.socket.destroyed) incoming.socket.resetAndDestroy()
  return alreadySent()
}

/** Announces the whole body, sends half of it and hangs up. */
async function cutShort(answer: Response, { incoming, outgoing }: HttpBindings): Promise<Response> {
  const body = Buffer.from(await answer.arrayBuffer())
  outgoing.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'content-length': body.length })
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => incoming.socket.destroySoon())
  return alreadySent()
}

function statusAnswer(fault: Fault, otherwise: number): Response {
  if (fault.body !== undefined) return withBody(fault, '', 'application/json')
  const status = fault.status ?? otherwise
  if (status === 204 || status === 304) return new Response(null, { status, headers: fault.headers ?? {} })
  return problemResponse(
    new Problem(status, 'fault', 'A fault was planned for this request.', { headers: fault.headers ?? {} }),
  )
}

/** The fault's own body, status and headers where it has them; 200 is the nastiest status for nonsense, so it is usual. */
function withBody(fault: Fault, otherwise: string, contentType: string): Response {
  const given = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body)
  const status = fault.status ?? (fault.kind === 'status' ? 500 : 200)
  const hasNoBody = status === 204 || status === 304
  return new Response(hasNoBody ? null : (given ?? otherwise), {
    status,
    headers: { 'content-type': contentType, ...fault.headers },
  })
}
