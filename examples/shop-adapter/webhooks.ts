import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'

const answerWithinMs = 10_000
const repeatAfterMs = [1_000, 10_000, 60_000]

export interface Announcement {
  readonly type: string
  readonly timestamp: string
  readonly data: { readonly id: string; readonly version: string }
}

/**
 * Tells the sync that something changed, so that it need not wait for its next poll. Never part of the write: a receiver
 * that is down must not hold up the shop, and what is lost here (a restart, say) the next poll finds all the same.
 */
export function openWebhooks(url: string, secret: string): (announcement: Announcement) => void {
  const signer = new Webhook(secret)

  async function deliver(announcement: Announcement): Promise<void> {
    // The same id on every attempt: the receiver tells a repetition by it.
    const id = randomUUID()
    const body = JSON.stringify(announcement)
    for (const waitMs of [0, ...repeatAfterMs]) {
      await pause(waitMs, undefined, { ref: false })
      const now = new Date()
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': signer.sign(id, now, body),
      }
      const signal = AbortSignal.timeout(answerWithinMs)
      const answer = await fetch(url, { method: 'POST', headers, body, signal }).catch(() => null)
      await answer?.body?.cancel()
      if (answer?.ok) return
    }
  }

  return (announcement) => void deliver(announcement)
}
