import { createHash, timingSafeEqual } from 'node:crypto'
import type { Payload, PayloadCodec } from '@temporalio/common'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import type { Settings } from '../flows/settings.ts'

/** The UI sends the payloads of one page of a history at a time; a run's whole history is at most 50 MiB. */
const BODY_BYTES = 64 * 1_024 * 1_024

interface JsonPayload {
  readonly metadata?: Readonly<Record<string, string>>
  readonly data?: string
}

/**
 * Temporal's codec server (docs.temporal.io/codec-server): POST /decode and /encode with `{ payloads }` as proto3 JSON, for
 * the Temporal UI and `temporal --codec-endpoint`. It shows what histories hold, so without a token it answers to names of
 * this machine alone (else any page whose name was pointed at 127.0.0.1 could read along), and never through a proxy,
 * which may stand before the webhooks of the same port. With KOBLING_CODEC_TOKEN: whoever sends it as bearer token.
 */
export function codecEndpoint(
  codecs: readonly PayloadCodec[],
  settings: Pick<Settings, 'codecToken' | 'temporal'>,
): Hono {
  const app = new Hono()
  const uiOrigin = settings.temporal.uiUrl === null ? null : new URL(settings.temporal.uiUrl).origin
  app.use(
    cors({
      origin: (origin) => (origin === uiOrigin || isOwnPage(origin) ? origin : null),
      credentials: true,
      allowHeaders: ['content-type', 'x-namespace', 'authorization'],
    }),
  )
  app.use(async (context, next) => {
    const refusal = refuse(context, settings.codecToken)
    if (refusal !== undefined) return refusal
    await next()
    return undefined
  })
  app.use(
    bodyLimit({
      maxSize: BODY_BYTES,
      onError: (context) => context.json({ error: 'The payloads are too large.' }, 413),
    }),
  )
  app.post('/:direction{encode|decode}', async (context) => {
    const payloads = payloadsOf(await context.req.json<unknown>().catch(() => null))
    if (payloads === null) return context.json({ error: 'The body is not { "payloads": [...] } of Temporal.' }, 400)
    try {
      const convert = context.req.param('direction') === 'decode' ? decodeAll : encodeAll
      return context.json({ payloads: (await convert(codecs, payloads)).map(toJson) })
    } catch (error) {
      return context.json({ error: error instanceof Error ? error.message : 'The payloads cannot be converted.' }, 400)
    }
  })
  return app
}

async function encodeAll(codecs: readonly PayloadCodec[], payloads: Payload[]): Promise<Payload[]> {
  let encoded = payloads
  for (const codec of codecs) encoded = await codec.encode(encoded)
  return encoded
}

async function decodeAll(codecs: readonly PayloadCodec[], payloads: Payload[]): Promise<Payload[]> {
  let decoded = payloads
  for (const codec of codecs.toReversed()) decoded = await codec.decode(decoded)
  return decoded
}

function refuse(context: Context, token: string | null): Response | undefined {
  if (token !== null) {
    const bearer = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? ''
    if (timingSafeEqual(digest(bearer), digest(token))) return undefined
    return context.json({ error: 'A token is needed: send KOBLING_CODEC_TOKEN as bearer token.' }, 401)
  }
  const forwarded = ['forwarded', 'x-forwarded-for', 'via'].some((name) => context.req.header(name) !== undefined)
  if (!forwarded && isOwnPage(`http://${context.req.header('host') ?? ''}`)) return undefined
  return context.json(
    { error: 'The codec answers this machine only: set KOBLING_CODEC_TOKEN to open it to others.' },
    403,
  )
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function isOwnPage(origin: string): boolean {
  return /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(origin)
}

function payloadsOf(body: unknown): Payload[] | null {
  const payloads = (body as { readonly payloads?: unknown } | null)?.payloads
  return Array.isArray(payloads) && payloads.every(isJsonPayload) ? payloads.map(fromJson) : null
}

function isJsonPayload(value: unknown): value is JsonPayload {
  const { metadata = {}, data = '' } = (value ?? {}) as { metadata?: unknown; data?: unknown }
  return (
    typeof data === 'string' &&
    typeof metadata === 'object' &&
    Object.values(metadata ?? {}).every((text) => typeof text === 'string')
  )
}

function fromJson(payload: JsonPayload): Payload {
  const metadata = Object.fromEntries(
    Object.entries(payload.metadata ?? {}).map(([name, text]) => [name, Buffer.from(text, 'base64')]),
  )
  return { metadata, data: Buffer.from(payload.data ?? '', 'base64') }
}

function toJson(payload: Payload): JsonPayload {
  const metadata = Object.fromEntries(
    Object.entries(payload.metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
  )
  return { metadata, data: Buffer.from(payload.data ?? []).toString('base64') }
}
