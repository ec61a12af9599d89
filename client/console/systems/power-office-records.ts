import type { PowerOfficeSettings } from '../../../flows/settings.ts'
import { type Call, callSystem, type Reply, refusalOf } from './call-system.ts'
import {
  type Edit,
  isJsonObject,
  type JsonObject,
  type SystemRecord,
  type SystemRecords,
  SystemRefusal,
  valueAt,
} from './system-records.ts'

const system = 'PowerOffice'
/** The vendor's largest page: one request, of the ten a second that the sync needs, shows everything. */
const pageSize = 20_000
/** A token is replaced before its last minute, so that it does not end under way. */
const tokenReserveMs = 60_000

/** One collection of the PowerOffice sandbox (`Customers`), read and patched with the sync's own keys. */
export function powerOfficeRecords(settings: PowerOfficeSettings, collection: string): SystemRecords {
  let token: { readonly text: string; readonly until: number } | undefined
  const url = `${settings.baseUrl}/${collection}`

  async function call(
    request: Omit<Call, 'system' | 'headers'> & { readonly headers?: Call['headers'] },
  ): Promise<Reply> {
    for (let fresh = false; ; fresh = true) {
      token = fresh || token === undefined || token.until < Date.now() ? await fetchToken(settings) : token
      const reply = await callSystem({
        system,
        ...request,
        headers: {
          ...request.headers,
          authorization: `Bearer ${token.text}`,
          'ocp-apim-subscription-key': settings.subscriptionKey,
        },
      })
      // A sandbox that was started again does not know the tokens it gave out before.
      if (reply.status !== 401 || fresh) return reply
    }
  }

  return {
    async readAll() {
      const records = new Map<string, SystemRecord>()
      for (let page = 1; ; page += 1) {
        const reply = await call({ url: `${url}?PageSize=${pageSize}&PageNumber=${page}` })
        if (reply.status === 204) return records
        if (reply.status !== 200 || !Array.isArray(reply.json)) throw refusalOf({ system }, reply)
        for (const json of reply.json) {
          const record = recordOf(json)
          records.set(record.id, record)
        }
        if (reply.json.length < pageSize) return records
      }
    },
    async find(id) {
      const reply = await call({ url: `${url}/${encodeURIComponent(id)}` })
      if (reply.status === 404) return undefined
      if (reply.status !== 200) throw refusalOf({ system }, reply)
      return recordOf(reply.json)
    },
    async edit(id, edit) {
      const current = await this.find(id)
      if (current === undefined) throw new SystemRefusal(`PowerOffice has no record ${id} any more.`)
      const reply = await call({
        url: `${url}/${encodeURIComponent(id)}`,
        method: 'PATCH',
        headers: { 'content-type': 'application/json-patch+json' },
        body: JSON.stringify(jsonPatchOf(current.json, edit)),
      })
      if (reply.status !== 200) throw refusalOf({ system }, reply)
      return recordOf(reply.json)
    },
  }
}

/**
 * RFC 6902 with one `replace` a property. A nested property is sent as its whole object, since it is not known whether
 * the vendor takes nested paths; what the console does not show of it is carried over as read.
 */
export function jsonPatchOf(current: JsonObject, edit: Edit) {
  const values = new Map<string, JsonObject[string]>()
  for (const { path, value } of edit) {
    const [property = path, ...inner] = path.split('.')
    const [name] = inner
    if (name === undefined) {
      values.set(property, value)
      continue
    }
    const before = values.get(property) ?? valueAt(current, property)
    values.set(property, { ...writable(isJsonObject(before) ? before : {}), [name]: value })
  }
  return [...values].map(([property, value]) => ({ op: 'replace', path: `/${property}`, value }))
}

/** Ids and change times of nested objects are the vendor's own. */
function writable(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== 'Id' && !name.startsWith('LastChanged')))
}

function recordOf(json: unknown): SystemRecord {
  if (!isJsonObject(json) || (typeof json['Id'] !== 'number' && typeof json['Id'] !== 'string')) {
    throw new SystemRefusal('PowerOffice answered with a record without an Id.')
  }
  return { id: String(json['Id']), json }
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
