import type { HttpBindings } from '@hono/node-server'
import type { FiredFault, RequestFault } from '../faults/fault-plan.ts'
import {
  alreadySent,
  hang,
  pauseUnlessClosing,
  resetConnection,
  sendCut,
  sendSlowly,
  type WireAnswer,
} from '../faults/wire.ts'
import { emptyListAnswer, faultAnswer, isAnswering, statusAnswer } from './fault-answer.ts'
import { Problem } from './problem.ts'
import { recordAt } from './record-at.ts'
import type { Shop } from './shop.ts'

export interface FaultedAnswer {
  readonly answer: Response
  /** The status that arrived, or `none` when the connection ended without a whole answer. */
  readonly counted: number | 'none'
}

/**
 * Answers the way the fault says.
 * @param carryOut does what was asked for; `before` faults never call it, except those that only delay, dress up or cut a reading
 */
export async function applyFault(
  fault: RequestFault,
  connection: HttpBindings,
  carryOut: () => Promise<Response>,
  shop: Shop,
  url: URL,
): Promise<FaultedAnswer> {
  const { kind } = fault
  const { outgoing } = connection
  const isSafe = connection.incoming.method === 'GET'
  const genuine = fault.when === 'after' ? await carryOut() : undefined
  if (isAnswering(kind)) return whole(faultAnswer(fault, kind, genuine, shop.settings()))
  switch (kind) {
    case 'latency':
      await pauseUnlessClosing(fault.delayMs, shop.closing)
      return whole(genuine ?? (await carryOut()))
    case 'hang':
      await hang(fault, outgoing)
      return { answer: alreadySent(), counted: 'none' }
    case 'reset':
      resetConnection(outgoing)
      if (fault.when === 'late') {
        await pauseUnlessClosing(fault.delayMs, shop.closing)
        await carryOut()
      }
      return { answer: alreadySent(), counted: 'none' }
    case 'truncated': {
      const answer = genuine ?? (isSafe ? await carryOut() : statusAnswer(fault, 200))
      if (fault.cut === 'body') return whole(await halved(answer))
      sendCut(await wired(answer), outgoing)
      return { answer: alreadySent(), counted: 'none' }
    }
    case 'drip': {
      const answer = await wired(await carryOut())
      await sendSlowly(fault, answer, outgoing)
      return { answer: alreadySent(), counted: answer.status }
    }
    case 'contentType': {
      const answer = await carryOut()
      const headers = { ...Object.fromEntries(answer.headers), 'content-type': fault.contentType ?? 'text/plain' }
      return whole(new Response(answer.body, { status: answer.status, headers }))
    }
    case 'emptyList':
      return whole(await emptyListAnswer(await carryOut(), url, shop.settings()))
    case 'outOfBandEdit':
      editByAnother(fault, shop, url)
      return whole(await carryOut())
    case 'tokenRevoked':
      throw new Error(`The webshop sandbox plans no ${kind}`)
  }
}

export const whole = (answer: Response): FaultedAnswer => ({ answer, counted: answer.status })

async function wired(answer: Response): Promise<WireAnswer> {
  const body = Buffer.from(await answer.arrayBuffer())
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body }
}

async function halved(answer: Response): Promise<Response> {
  const { status, headers, body } = await wired(answer)
  return new Response(body.subarray(0, Math.floor(body.length / 2)), { status, headers })
}

function editByAnother(fault: FiredFault, shop: Shop, url: URL): void {
  try {
    recordAt(shop, url.pathname)?.edit(fault.edited)
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure
    shop.faults.withdraw(fault) // the rules refused the other writer
  }
}
