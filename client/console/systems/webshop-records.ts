import type { JsonValue } from '../../../flows/json.ts'
import type { WebshopSettings } from '../../../flows/settings.ts'
import { callSystem, refusalOf } from './call-system.ts'
import { type Edit, isJsonObject, type SystemRecord, type SystemRecords, SystemRefusal } from './system-records.ts'

export const system = 'The webshop'
const pageSize = 500
/** The sandbox's key for the shop's own users, so that an edit here is an edit by a person and not by the sync. */
const shopkeeperKey = 'sandbox-shopkeeper'
export const shopkeeperHeaders = { authorization: `Bearer ${shopkeeperKey}` }

export const changedMeanwhile = 'The record changed at the webshop while it was edited here: look again and repeat.'

/** One collection of the sandbox webshop (`customers`). After the first reading only changes are asked for. */
export function webshopRecords(settings: WebshopSettings, collection: string): SystemRecords {
  const url = `${settings.baseUrl}/api/${collection}`
  const headers = shopkeeperHeaders
  let known = new Map<string, SystemRecord>()
  let cursor: string | undefined
  let epoch: string | undefined

  function forget(): void {
    known = new Map()
    cursor = undefined
    epoch = undefined
  }

  /** @returns whether more pages follow, or `again` when the reading has to begin anew */
  async function readPage(): Promise<'more' | 'done' | 'again'> {
    const since = cursor === undefined ? '' : `&changedSince=${encodeURIComponent(cursor)}`
    const reply = await callSystem({ system, url: `${url}?limit=${pageSize}${since}`, headers })
    if (reply.status === 410) return 'again'
    const page = reply.json
    if (reply.status !== 200 || !isJsonObject(page) || !Array.isArray(page['items'])) throw refusalOf({ system }, reply)
    if (epoch !== undefined && page['epoch'] !== epoch) return 'again'
    epoch = String(page['epoch'])
    for (const item of page['items'] as readonly JsonValue[]) {
      if (!isJsonObject(item) || typeof item['id'] !== 'string') continue
      if (item['deleted'] === true) known.delete(item['id'])
      else known.set(item['id'], { id: item['id'], json: item })
    }
    cursor = String(page['next'])
    return page['hasMore'] === true ? 'more' : 'done'
  }

  async function find(id: string): Promise<SystemRecord | undefined> {
    const reply = await callSystem({ system, url: `${url}/${encodeURIComponent(id)}`, headers })
    if (reply.status === 404 || reply.status === 410) return undefined
    if (reply.status !== 200 || !isJsonObject(reply.json)) throw refusalOf({ system }, reply)
    return { id, json: reply.json }
  }

  return {
    async readAll() {
      for (let state = await readPage(); state !== 'done'; state = await readPage()) {
        if (state === 'again') forget()
      }
      return new Map(known)
    },
    find,
    async edit(id, edit) {
      const current = await find(id)
      if (current === undefined) throw new SystemRefusal(`The webshop has no record ${id} any more.`)
      const reply = await callSystem({
        system,
        url: `${url}/${encodeURIComponent(id)}`,
        method: 'PATCH',
        headers: {
          ...headers,
          'content-type': 'application/merge-patch+json',
          'if-match': `"${String(current.json['version'])}"`,
        },
        body: JSON.stringify(mergePatchOf(edit)),
      })
      if (reply.status === 412) {
        throw new SystemRefusal(changedMeanwhile)
      }
      if (reply.status !== 200 || !isJsonObject(reply.json)) throw refusalOf({ system }, reply)
      return { id, json: reply.json }
    },
  }
}

/** RFC 7396: dotted paths become nested objects. */
export function mergePatchOf(edit: Edit): { [name: string]: JsonValue } {
  const patch: { [name: string]: JsonValue } = {}
  for (const { path, value } of edit) {
    const [property = path, name] = path.split('.')
    if (name === undefined) {
      patch[property] = value
      continue
    }
    const inner = patch[property]
    patch[property] = { ...(isJsonObject(inner) ? inner : {}), [name]: value }
  }
  return patch
}
