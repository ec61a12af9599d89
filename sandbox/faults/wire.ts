import { setMaxListeners } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { FiredFault } from './fault-plan.ts'

// What only the connection itself can do: cut, dripping and broken answers, past the framework.

/** Longer than any client waits, short enough that a forgotten fault ends by itself. */
const defaultHangMs = 120_000
const defaultDripBytes = 1
const defaultDripMs = 20

export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Tells @hono/node-server to leave the connection alone; a copy, since hono writes to what it is given. */
export function alreadySent(): Response {
  return RESPONSE_ALREADY_SENT.clone()
}

/** RST rather than FIN: what a crashed process or a firewall does. */
export function resetConnection({ socket }: ServerResponse): void {
  if (socket && !socket.destroyed) socket.resetAndDestroy()
}

export async function hang(fault: FiredFault, outgoing: ServerResponse): Promise<void> {
  await pauseWhileOpen(outgoing, fault.hangMs ?? defaultHangMs)
  resetConnection(outgoing)
}

/** Announces the whole body, sends half of it and hangs up. */
export function sendCut({ status, headers, body }: WireAnswer, outgoing: ServerResponse): void {
  outgoing.writeHead(status, { ...headers, 'content-length': body.length })
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.socket?.destroySoon())
}

/** The whole answer, a few bytes at a time. Ends early when the client gives up or the sandbox closes. */
export async function sendSlowly(fault: FiredFault, answer: WireAnswer, outgoing: ServerResponse): Promise<void> {
  const { status, headers, body } = answer
  const { dripBytes = defaultDripBytes, dripMs = defaultDripMs } = fault
  outgoing.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': body.length })
  outgoing.flushHeaders()
  for (let sent = 0; sent < body.length && !outgoing.destroyed; sent += dripBytes) {
    await pauseWhileOpen(outgoing, dripMs)
    outgoing.write(body.subarray(sent, sent + dripBytes))
  }
  outgoing.end()
}

/** The whole time, whether or not anybody still waits for the answer: a server does not know. Closing ends it. */
export async function pauseUnlessClosing(ms: number, closing: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: closing }).catch(() => undefined) // closing: go on at once
}

/** Ends early when the client gives up or the sandbox closes, so that a waiting request never holds the process. */
export async function pauseWhileOpen(outgoing: ServerResponse, ms: number): Promise<void> {
  if (outgoing.destroyed || ms <= 0) return
  const closed = new AbortController()
  // As many requests wait on it as are under way.
  setMaxListeners(0, closed.signal)
  const onClose = () => closed.abort()
  outgoing.once('close', onClose)
  await wait(ms, undefined, { signal: closed.signal }).catch(() => undefined) // closed: go on at once
  outgoing.removeListener('close', onClose)
}
