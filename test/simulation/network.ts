import type { Exchange, Exchanger, OutgoingRequest } from '../../activities/http/exchange.ts'
import type { Side } from '../../flows/side.ts'
import { answerOf, type ModelServer } from './model-answer.ts'
import { currentOwner, type VirtualTime } from './virtual-time.ts'

export const faultKinds = [
  'lostBefore',
  'lostAfter',
  'late',
  'failedBefore',
  'failedAfter',
  'slow',
  'throttled',
] as const
export type FaultKind = (typeof faultKinds)[number]

/** What becomes of the next request of that kind to that side. */
export interface Fault {
  readonly side: Side
  readonly on: 'read' | 'write'
  readonly kind: FaultKind
  /** How late a late request arrives after its sender was told that the connection broke, and how slow a slow answer is. */
  readonly ms: number
}

export interface Network {
  exchangerTo(side: Side, server: ModelServer): Exchanger
  arm(fault: Fault): void
  /** From now on nothing is lost. */
  heal(): void
  faults(): Readonly<Record<string, number>>
}

const noAnswer = (why: 'timeout' | 'brokenOff'): Exchange => ({ kind: 'noAnswer', why, code: why })

/** Requests take their time, get lost before or after they are carried out, arrive late, or are answered with a failure. */
export function createNetwork(time: VirtualTime, latencyMs: () => number): Network {
  let armed: Fault[] = []
  const counts: Record<string, number> = {}

  function faultFor(side: Side, on: Fault['on']): Fault | undefined {
    const fault = armed.find((candidate) => candidate.side === side && candidate.on === on)
    armed = armed.filter((candidate) => candidate !== fault)
    if (fault) counts[`${fault.kind} ${on}`] = (counts[`${fault.kind} ${on}`] ?? 0) + 1
    return fault
  }

  function send(side: Side, server: ModelServer, request: OutgoingRequest, signal: AbortSignal): Promise<Exchange> {
    const owner = currentOwner()
    const fault = faultFor(side, request.method === 'GET' ? 'read' : 'write')
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      const told = (exchange: Exchange, ms: number): void => {
        time.in(ms, () => resolve(exchange), owner)
      }
      // What has been sent arrives, whatever becomes of its sender.
      const arrive = (ms: number, then: (exchange: Exchange) => void): void => {
        time.in(ms, () => then(server.answer(request)))
      }
      switch (fault?.kind) {
        case undefined:
          arrive(latencyMs(), (exchange) => told(exchange, latencyMs()))
          return
        case 'lostBefore':
          told(noAnswer('timeout'), request.timeoutMs)
          return
        case 'lostAfter':
          arrive(latencyMs(), () => told(noAnswer('brokenOff'), latencyMs()))
          return
        case 'late':
          told(noAnswer('brokenOff'), latencyMs())
          arrive(fault.ms, () => undefined)
          return
        case 'failedBefore':
          told(answerOf(time.nowMs, 500, { title: 'failed' }), 2 * latencyMs())
          return
        case 'failedAfter':
          arrive(latencyMs(), () => told(answerOf(time.nowMs, 500, { title: 'failed' }), latencyMs()))
          return
        case 'slow':
          arrive(fault.ms / 2, (exchange) => told(exchange, fault.ms / 2))
          return
        case 'throttled':
          told(answerOf(time.nowMs, 429, { title: 'slower' }, { 'retry-after': '1' }), 2 * latencyMs())
      }
    })
  }

  return {
    exchangerTo: (side, server) => ({ send: (request, signal) => send(side, server, request, signal) }),
    arm: (fault) => {
      armed.push(fault)
    },
    heal: () => {
      armed = []
    },
    faults: () => counts,
  }
}
