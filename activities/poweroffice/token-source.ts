import type { RequestContext } from '../connector.ts'
import { isRow, type Row } from '../http/absent-property.ts'
import { contractChanged, troubleOf } from '../http/answer-meaning.ts'
import type { HttpClient } from '../http/http-client.ts'
import type { MonotonicClock } from '../http/monotonic-clock.ts'
import { createSharedCalls } from '../http/shared-calls.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { powerOffice } from './system-names.ts'

/** The access token of one company. It lives in this closure only. */
export interface TokenSource {
  /** A token that is good for a while yet; whoever asks during a renewal waits for that one. @throws VendorTrouble */
  token(context: RequestContext): Promise<string>
  /** The API refused this token. A newer one stays. */
  drop(token: string): void
}

/** The portal recommends renewing before expiry over waiting for a 401 (sandbox/poweroffice/README.md, rule 3). */
const renewAtShare = 0.8
/** The shorter of the two lifetimes ever documented, for an answer that names none. */
const defaultLifetimeSeconds = 600

interface Token {
  readonly text: string
  readonly renewAtMs: number
  readonly endsAtMs: number
}

/** @param client speaks to the token address with the keys */
export function createTokenSource(client: HttpClient, clock: MonotonicClock): TokenSource {
  let current: Token | null = null
  const renewals = createSharedCalls()

  async function renew(context: RequestContext): Promise<Token> {
    const answer = await client.write(
      {
        method: 'POST',
        path: '',
        label: '/OAuth/Token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials',
        isRepeatable: true,
      },
      { ...context, priority: 'live' },
    )
    // A repeatable request never ends as uncertain; the union does not know.
    if (answer.kind === 'uncertain') throw new VendorTrouble(troubleOf(powerOffice, 'Unreachable', answer.message))
    if (answer.status >= 400) throw new VendorTrouble(troubleOf(powerOffice, 'NotAuthorised', wrongKeys(answer.status)))
    const token = parseToken(answer.json, clock.nowMs())
    if (!token) throw new VendorTrouble(contractChanged(powerOffice, noTokenInside))
    current = token
    return token
  }

  return {
    token: async (context) => {
      const known = current
      if (known && clock.nowMs() < known.renewAtMs) return known.text
      try {
        return (await renewals.run('token', context.signal, (signal) => renew({ ...context, signal }))).text
      } catch (failure) {
        // The old one still works for its last fifth: time enough for the token service to come back.
        const stillGood = known && current === known && clock.nowMs() < known.endsAtMs
        if (stillGood && failure instanceof VendorTrouble && failure.trouble.type !== 'NotAuthorised') return known.text
        throw failure
      }
    },
    drop: (token) => {
      if (current?.text === token) current = null
    },
  }
}

function wrongKeys(status: number): string {
  return `PowerOffice gives no access token for our keys (status ${status}): check ${powerOffice.keysToCheck}.`
}

const noTokenInside =
  'PowerOffice answered POST /OAuth/Token without an access token: check that POWEROFFICE_TOKEN_URL is the address that gives out tokens.'

function parseToken(json: unknown, nowMs: number): Token | null {
  const members: Row = isRow(json) ? json : {}
  const named = (name: string) => members[Object.keys(members).find((key) => key.toLowerCase() === name) ?? '']
  const text = named('access_token')
  const seconds = Number(named('expires_in') ?? defaultLifetimeSeconds)
  if (typeof text !== 'string' || text === '') return null
  const lifetimeMs = (seconds > 0 ? seconds : defaultLifetimeSeconds) * 1000
  return { text, renewAtMs: nowMs + lifetimeMs * renewAtShare, endsAtMs: nowMs + lifetimeMs }
}
