import { randomBytes, randomUUID } from 'node:crypto'
import { sign } from 'hono/jwt'
import { grantedPrivileges } from './privileges.ts'
import type { Answer } from './problem.ts'
import type { Switches } from './settings.ts'

export interface SandboxKeys {
  readonly applicationKey: string
  readonly clientKey: string
  readonly subscriptionKey: string
}

export interface TokenRequest {
  readonly authorization: string | undefined
  readonly contentType: string | undefined
  readonly body: string
}

export interface TokenIssuer {
  answer(request: TokenRequest, switches: Switches): Promise<Answer>
  isValid(authorization: string | undefined, switches: Switches): boolean
  /** Every token handed out so far stops working, as after a restart. */
  revokeAll(): void
}

/**
 * OAuth 2.0 client credentials as in README.md: application key and client key as Basic user and password.
 * The token is a JWT that carries the roles, as seen live. Which tokens are valid is kept in memory: a restart revokes all.
 */
export function createTokenIssuer(keys: SandboxKeys): TokenIssuer {
  const secret = randomBytes(32).toString('hex')
  const given = new Map<string, { readonly atMs: number; readonly expiresAtMs: number }>()

  async function issue(switches: Switches): Promise<string> {
    for (const [old, { expiresAtMs }] of given) if (expiresAtMs <= Date.now()) given.delete(old)
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: 'kobling sandbox', jti: randomUUID(), iat: now, exp: now + switches.tokenLifetime }
    const token = await sign({ ...claims, roles: [...grantedPrivileges(switches)] }, secret, 'HS256')
    given.set(token, { atMs: Date.now(), expiresAtMs: Date.now() + switches.tokenLifetime * 1000 })
    return token
  }

  return {
    async answer(request, switches) {
      const refusal = refusedTokenRequest(request, keys)
      if (refusal) return { status: 400, body: JSON.stringify(refusal), headers: { 'Cache-Control': 'no-store' } }
      const token = { access_token: await issue(switches), token_type: 'bearer', expires_in: switches.tokenLifetime }
      return { status: 200, body: JSON.stringify(token), headers: { 'Cache-Control': 'no-store' } }
    },
    isValid(authorization, { tokenRevokedEarly }) {
      const token = given.get(/^bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? '')
      if (!token || token.expiresAtMs <= Date.now()) return false
      return tokenRevokedEarly === 'off' || token.atMs + tokenRevokedEarly * 1000 > Date.now()
    },
    revokeAll: () => given.clear(),
  }
}

/** Error body of RFC 6749, section 5.2, or null when the request is in order. Wrong keys are a 400, not a 401 (README.md). */
function refusedTokenRequest(request: TokenRequest, keys: SandboxKeys): Record<string, string> | null {
  if (!request.contentType?.toLowerCase().startsWith('application/x-www-form-urlencoded')) {
    return { error: 'invalid_request', error_description: 'Send the body as application/x-www-form-urlencoded.' }
  }
  const credentials = readBasic(request.authorization)
  if (credentials?.user !== keys.applicationKey || credentials.password !== keys.clientKey) {
    return {
      error: 'invalid_client',
      error_description: 'The client integration was not found. Check that the keys belong to this environment.',
    }
  }
  const grantType = new URLSearchParams(request.body).get('grant_type')
  if (grantType === null) return { error: 'invalid_request', error_description: 'grant_type is missing.' }
  if (grantType !== 'client_credentials') {
    return { error: 'unsupported_grant_type', error_description: 'Only client_credentials is supported.' }
  }
  return null
}

function readBasic(authorization: string | undefined): { user: string; password: string } | null {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  if (!encoded) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}
