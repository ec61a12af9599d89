import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { isJson, type Json } from './collections.ts'

/** One attempt of the shop to deliver a webhook. */
export interface Delivery {
  readonly id: string
  readonly isSigned: boolean
  readonly contentType: string
  /** undefined: the body is no JSON object. */
  readonly body: Json | undefined
  /** What the kit answered. */
  readonly status: number
}

export interface WebhookListener {
  /** Where it listens. */
  readonly address: string
  readonly deliveries: readonly Delivery[]
  /** Answers 503 to everything that is about this record, so that the shop must come again. */
  refuseFor(recordId: string): void
  acceptAgain(): void
  /** Waits until it holds. @returns false when the time is over */
  until(holds: (deliveries: readonly Delivery[]) => boolean, withinMs: number): Promise<boolean>
  close(): Promise<void>
}

const lookAgainMs = 20
/** A webhook of the contract has some 200 bytes. */
const maxBodyLength = 100_000

/**
 * Stands where the shop's webhooks go. Whatever path they are sent to is taken.
 * @throws the system's error for a port that cannot be had (EADDRINUSE), or an Error for a secret that is none
 */
export async function startWebhookListener(options: {
  readonly port: number
  readonly host: string
  readonly secret: string
  readonly signal: AbortSignal
}): Promise<WebhookListener> {
  const verifier = new Webhook(options.secret)
  const deliveries: Delivery[] = []
  const refused = new Set<string>()

  const take = async (request: IncomingMessage): Promise<number> => {
    let text = ''
    for await (const chunk of request) {
      text += String(chunk)
      if (text.length > maxBodyLength) return 413
    }
    const body = parseObject(text)
    const status = refused.has(String(recordIdOf(body))) ? 503 : 204
    const { headers } = request
    const id = String(headers['webhook-id'] ?? '')
    const contentType = String(headers['content-type'] ?? '')
    deliveries.push({ id, isSigned: isSigned(verifier, text, headers), contentType, body, status })
    return status
  }
  const server = createServer((request, response) => {
    take(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(), // the shop hung up in the middle
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  return {
    address: `http://${options.host}:${port}`,
    deliveries,
    refuseFor: (recordId) => void refused.add(recordId),
    acceptAgain: () => refused.clear(),
    until: async (holds, withinMs) => {
      const deadline = performance.now() + withinMs
      while (!holds(deliveries)) {
        if (performance.now() > deadline) return false
        await pause(lookAgainMs, undefined, { signal: options.signal })
      }
      return true
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function isSigned(verifier: Webhook, text: string, headers: IncomingMessage['headers']): boolean {
  try {
    verifier.verify(text, headers as Record<string, string>)
    return true
  } catch {
    return false
  }
}

function parseObject(text: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return isJson(json) ? json : undefined
  } catch {
    return undefined
  }
}

export function recordIdOf(body: Json | undefined): unknown {
  const data = body?.['data']
  return isJson(data) ? data['id'] : undefined
}
