import { setTimeout as pause } from 'node:timers/promises'
import { isJsonObject, SystemRefusal } from './system-records.ts'

export interface Call {
  /** How sentences name the system: `PowerOffice`. */
  readonly system: string
  readonly url: string
  readonly method?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly json: unknown
}

const timeoutMs = 15_000
/** A person who edits shares the sync's rate: what is held back is tried again for so long. */
const heldBackMs = 10_000

/** One request, repeated while the system says "not now" (429, 503). Any answer below 500 is returned, good or bad. */
export async function callSystem(call: Call): Promise<Reply> {
  const deadline = Date.now() + heldBackMs
  for (;;) {
    const reply = await send(call)
    if (reply.status !== 429 && reply.status !== 503) return reply
    const waitMs = Math.max(0.2, Number(reply.headers.get('retry-after') ?? '1') || 1) * 1000
    if (Date.now() + waitMs > deadline) return reply
    await pause(waitMs)
  }
}

/** What the system said was wrong, in its own words: RFC 9457 problems, ASP.NET's error lists, gateway messages. */
export function refusalOf(call: Pick<Call, 'system'>, { status, json }: Reply): SystemRefusal {
  const said = isJsonObject(json) ? (json['detail'] ?? json['message'] ?? json['title']) : undefined
  const words = typeof said === 'string' && said !== '' ? `: ${said}` : ''
  return new SystemRefusal(`${call.system} answered ${status}${words}`)
}

async function send({ system, url, method = 'GET', headers, body }: Call): Promise<Reply> {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, json: parse(text) }
  } catch {
    throw new SystemRefusal(`${system} does not answer at ${new URL(url).origin}: is it running?`)
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown)
  } catch {
    return null
  }
}
