import { serve } from '@hono/node-server'
import type { Client } from '@temporalio/client'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Webhook } from 'standardwebhooks'
import type { WakeCalls } from '../activities/watch/wake-calls.ts'
import { flowWorkflowId } from '../flows/directory.ts'
import type { FlowDefinition } from '../flows/flow-definition.ts'
import { allFlows } from '../flows/registry.ts'
import type { Settings } from '../flows/settings.ts'
import { type RecordKey, recordKey } from '../flows/side.ts'
import { payloadCodecs } from './codec.ts'
import { codecEndpoint } from './codec-endpoint.ts'

/** A flow is told at most this often, with everything that came meanwhile: a run takes 10,000 signals (E24). */
const SIGNAL_EVERY_MS = 1_000

/** The contract's webhooks are some 150 bytes; nothing larger is read to its end. */
const WEBHOOK_BYTES = 64 * 1_024

/** Signatures older than five minutes are refused anyway (Standard Webhooks), so this many ids are five minutes of a very busy shop. */
const REMEMBERED_IDS = 10_000

export interface ReceiverDeps {
  readonly settings: Settings
  readonly client: Client
  readonly wakeCalls: WakeCalls
  readonly isServing: () => boolean
  readonly log: (words: string, facts?: Record<string, unknown>) => void
}

export interface Receiver {
  readonly port: number
  close(): Promise<void>
}

/**
 * Webhooks, health, metrics, and the codec that lets the Temporal UI read compressed payloads. Webhooks start nothing
 * and carry nothing: they make a watch look now (E24); whatever they say is found by polling too.
 */
export async function startReceiver(deps: ReceiverDeps): Promise<Receiver> {
  const counts = { received: 0, refused: 0, repeated: 0, woke: 0, signalled: 0 }
  const isRepeated = rememberIds()
  const pending = new Map<string, Set<RecordKey>>()
  const app = new Hono()

  app.post('/webhooks/:connection', bodyLimit({ maxSize: WEBHOOK_BYTES, onError: refuseLarge }), async (context) => {
    const secret = deps.settings.webshop.webhookSecret
    if (context.req.param('connection') !== deps.settings.connection || secret === null) {
      counts.refused++
      return context.json({ error: 'No such connection, or it has no WEBSHOP_WEBHOOK_SECRET.' }, 404)
    }
    const body = await context.req.text()
    try {
      new Webhook(secret).verify(body, Object.fromEntries(context.req.raw.headers))
    } catch {
      counts.refused++
      return context.json(
        { error: 'The signature does not fit: check WEBSHOP_WEBHOOK_SECRET on both sides, and the clocks.' },
        401,
      )
    }
    counts.received++
    if (isRepeated(context.req.header('webhook-id') ?? '')) {
      counts.repeated++
      return context.body(null, 204)
    }
    const news = parseNews(body)
    if (news) tell(news.flow, news.id)
    return context.body(null, 204)
  })
  app.get('/healthz', (context) => context.json({ status: 'ok' }))
  app.get('/readyz', (context) =>
    deps.isServing() ? context.json({ status: 'ready' }) : context.json({ status: 'starting' }, 503),
  )
  app.get('/metrics', (context) => context.text(metricsText(counts)))
  app.route('/codec', codecEndpoint(payloadCodecs(deps.settings), deps.settings))

  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const listening = serve({ fetch: app.fetch, port: deps.settings.receiverPort, hostname: '127.0.0.1' }, () =>
      resolve(listening),
    )
    listening.once('error', reject)
  })
  const timer = setInterval(() => void signalPending(), SIGNAL_EVERY_MS)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : deps.settings.receiverPort,
    close: () => {
      clearInterval(timer)
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }

  function refuseLarge(context: Context): Response {
    counts.refused++
    return context.json({ error: `A webhook of more than ${WEBHOOK_BYTES} bytes is not one of the contract's.` }, 413)
  }

  function tell(flow: FlowDefinition, id: string): void {
    if (deps.wakeCalls.wake(deps.settings.connection, flow.name, 'shop')) {
      counts.woke++
      return
    }
    const keys = pending.get(flow.name) ?? new Set()
    keys.add(recordKey('shop', id))
    pending.set(flow.name, keys)
  }

  async function signalPending(): Promise<void> {
    for (const [flow, keys] of [...pending]) {
      pending.delete(flow)
      try {
        const handle = deps.client.workflow.getHandle(flowWorkflowId(deps.settings.connection, flow))
        await handle.signal('changed', { keys: [...keys], why: 'webhook' })
        counts.signalled++
      } catch (error) {
        // The flow does not run: its first load or its next poll finds the change.
        deps.log('a webhook found no flow to tell', { flow, error: error instanceof Error ? error.name : 'unknown' })
      }
    }
  }
}

/** A webhook that is delivered twice, by the shop or by somebody who overheard it, wakes once. The oldest ids are forgotten. */
function rememberIds(): (id: string) => boolean {
  const ids = new Set<string>()
  return (id) => {
    if (ids.has(id)) return true
    ids.add(id)
    const [oldest] = ids
    if (ids.size > REMEMBERED_IDS && oldest !== undefined) ids.delete(oldest)
    return false
  }
}

function parseNews(body: string): { flow: FlowDefinition; id: string } | null {
  try {
    const news = JSON.parse(body) as { type?: unknown; data?: { id?: unknown } }
    const [name] = String(news.type ?? '').split('.')
    const flow = allFlows.find((candidate) => candidate.recordName === name)
    return flow && typeof news.data?.id === 'string' ? { flow, id: news.data.id } : null
  } catch {
    return null
  }
}

function metricsText(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, value]) => `# TYPE kobling_webhooks_${name}_total counter\nkobling_webhooks_${name}_total ${value}\n`)
    .join('')
}
