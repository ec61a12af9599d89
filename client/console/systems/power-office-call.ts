import type { PowerOfficeSettings } from '../../../flows/settings.ts'
import { type Call, callSystem, type Reply } from './call-system.ts'
import { isJsonObject, SystemRefusal } from './system-records.ts'

export const system = 'PowerOffice'

/** A token is replaced before its last minute, so that it does not end under way. */
const tokenReserveMs = 60_000

export type PowerOfficeCall = (
  request: Omit<Call, 'system' | 'headers'> & { readonly headers?: Call['headers'] },
) => Promise<Reply>

/** Requests to PowerOffice with the sync's own keys. All collections of one process share one token. */
export function powerOfficeCall(settings: PowerOfficeSettings): PowerOfficeCall {
  let token: Promise<{ readonly text: string; readonly until: number }> | undefined

  async function currentToken(fresh: boolean): Promise<string> {
    const known = fresh ? undefined : await token?.catch(() => undefined)
    if (known !== undefined && known.until > Date.now()) return known.text
    const asked = fetchToken(settings)
    token = asked
    return (await asked).text
  }

  return async (request) => {
    for (let fresh = false; ; fresh = true) {
      const reply = await callSystem({
        system,
        ...request,
        headers: {
          ...request.headers,
          authorization: `Bearer ${await currentToken(fresh)}`,
          'ocp-apim-subscription-key': settings.subscriptionKey,
        },
      })
      // A sandbox that was started again does not know the tokens it gave out before.
      if (reply.status !== 401 || fresh) return reply
    }
  }
}

async function fetchToken(settings: PowerOfficeSettings) {
  const keys = Buffer.from(`${settings.applicationKey}:${settings.clientKey}`).toString('base64')
  const reply = await callSystem({
    system,
    url: settings.tokenUrl,
    method: 'POST',
    headers: {
      authorization: `Basic ${keys}`,
      'ocp-apim-subscription-key': settings.subscriptionKey,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  const { json } = reply
  if (reply.status !== 200 || !isJsonObject(json) || typeof json['access_token'] !== 'string') {
    throw new SystemRefusal(`PowerOffice gives no token (${reply.status}): check its keys.`)
  }
  const seconds = typeof json['expires_in'] === 'number' ? json['expires_in'] : 0
  return { text: json['access_token'], until: Date.now() + seconds * 1000 - tokenReserveMs }
}
