import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import type { FaultPlan } from '../faults/fault-plan.ts'
import type { ShopClock } from './clock.ts'
import { openHoldBack } from './hold-back.ts'
import type { Settings } from './settings.ts'
import type { WebhookEvent } from './webhook-event.ts'

/** The contract's limit for a receiver. */
const answerTimeoutMs = 10_000
const maxInFlight = 32
/** Beyond this the oldest is given up and counted as failed: polling finds the same changes. */
const maxWaiting = 10_000

export interface WebhookCounts {
  /** Answered with 2xx. */
  readonly sent: number
  /** Given up after the last retry, or for want of room. */
  readonly failed: number
  /** Not sent because the setting or a fault says that webhooks get lost. */
  readonly lost: number
}

export interface WebhookSender {
  /** Never waits and never throws: what happens to a webhook is no concern of the request that caused it. */
  announce(event: WebhookEvent): void
  counts(): WebhookCounts
  resetCounts(): void
  /** What has not been delivered is dropped. */
  close(): void
}

interface Delivery {
  readonly id: string
  readonly url: string
  readonly body: string
  /** Beyond what the setting says. */
  readonly delayMs: number
  /** Faults want these to arrive after it. */
  readonly overtaken: readonly Delivery[]
}

export interface WebhookSenderParts {
  readonly secret: string
  readonly settings: () => Settings
  readonly faults: FaultPlan
  readonly clock: ShopClock
}

export function openWebhookSender({ secret, settings, faults, clock }: WebhookSenderParts): WebhookSender {
  const signer = new Webhook(secret)
  const closing = new AbortController()
  // As many requests wait on it as are under way.
  setMaxListeners(0, closing.signal)
  const waiting: Delivery[] = []
  let inFlight = 0
  let counts = { sent: 0, failed: 0, lost: 0 }

  const attempt = async (delivery: Delivery): Promise<boolean> => {
    const now = new Date(clock.nowMs())
    try {
      const answer = await fetch(delivery.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': delivery.id,
          'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
          'webhook-signature': signer.sign(delivery.id, now, delivery.body),
        },
        body: delivery.body,
        redirect: 'manual',
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(answerTimeoutMs)]),
      })
      await answer.body?.cancel()
      return answer.ok
    } catch {
      return false // unreachable, too slow or closing; the next attempt or the count says so
    }
  }

  const deliver = async (delivery: Delivery): Promise<void> => {
    const { webhookDelayMs, webhookRetryDelaysMs } = settings()
    for (const delayMs of [webhookDelayMs + delivery.delayMs, ...webhookRetryDelaysMs]) {
      await wait(delayMs, undefined, { signal: closing.signal })
      if (await attempt(delivery)) {
        counts.sent += 1
        return
      }
    }
    counts.failed += 1
  }

  const fill = () => {
    while (inFlight < maxInFlight && !closing.signal.aborted) {
      const next = waiting.shift()
      if (!next) return
      inFlight += 1
      deliver(next)
        .catch(() => undefined) // only closing gets here
        .finally(() => {
          inFlight -= 1
          enqueue(next.overtaken)
        })
    }
  }

  const enqueue = (deliveries: readonly Delivery[]) => {
    for (const delivery of deliveries) {
      if (waiting.length >= maxWaiting) {
        waiting.shift()
        counts.failed += 1
      }
      waiting.push(delivery)
    }
    fill()
  }

  const holdBack = openHoldBack<Delivery>(closing.signal, enqueue)

  return {
    announce: (event) => {
      const { webhooks, webhookUrl } = settings()
      if (webhooks === 'off' || webhookUrl === null) return
      const body = JSON.stringify(event)
      const fault = webhooks === 'on' ? faults.takeWebhook(body) : null
      if (webhooks === 'lost' || fault?.kind === 'webhookLost') {
        counts.lost += 1
        return
      }
      const delivery = { id: `msg_${randomUUID()}`, url: webhookUrl, body, delayMs: 0, overtaken: [] }
      if (fault?.kind === 'webhookReordered') {
        holdBack.hold(delivery, fault.delayMs, () => faults.withdraw(fault))
        return
      }
      const delayMs = fault?.kind === 'webhookDelayed' ? fault.delayMs : 0
      const repeats = fault?.kind === 'webhookDuplicated' ? (fault.copies ?? 1) : 0
      enqueue([{ ...delivery, delayMs, overtaken: holdBack.release() }, ...Array(repeats).fill(delivery)])
    },
    counts: () => ({ ...counts }),
    resetCounts: () => {
      counts = { sent: 0, failed: 0, lost: 0 }
    },
    close: () => closing.abort(),
  }
}
