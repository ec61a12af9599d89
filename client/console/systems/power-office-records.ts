import type { PowerOfficeSettings } from '../../../flows/settings.ts'
import { keep } from '../kept.ts'
import { refusalOf } from './call-system.ts'
import { type PowerOfficeCall, powerOfficeCall, system } from './power-office-call.ts'
import { derivedProperties, groupsOf, shownAs } from './power-office-derived.ts'
import {
  type Edit,
  isJsonObject,
  type JsonObject,
  type SystemRecord,
  type SystemRecords,
  SystemRefusal,
  valueAt,
} from './system-records.ts'

/** The vendor's largest page: one request, of the ten a second that the sync needs, shows everything. */
const pageSize = 20_000
/** Groups change a few times a year; the sync itself notices within its own poll. */
const groupsFreshMs = 30_000

/** One collection of the PowerOffice sandbox (`Customers`), read and patched with the sync's own keys. */
export function powerOfficeRecords(
  settings: PowerOfficeSettings,
  collection: string,
  call: PowerOfficeCall = powerOfficeCall(settings),
): SystemRecords {
  const url = `${settings.baseUrl}/${collection}`
  const shown = shownAs(collection)
  const groups = keep(() => readGroups(call, settings.baseUrl, groupsOf(collection)), {
    freshMs: groupsFreshMs,
    busyShare: 0.1,
  })

  return {
    async readAll() {
      const [rows, known] = [await readPages(call, url, shown), await groups.get()]
      return new Map(
        rows.map((json) => {
          const record = powerOfficeRecord(collection, json, known)
          return [record.id, record]
        }),
      )
    },
    async find(id) {
      const reply = await call({ url: `${url}/${encodeURIComponent(id)}${shown === '' ? '' : `?${shown}`}` })
      if (reply.status === 404) return undefined
      if (reply.status !== 200) throw refusalOf({ system }, reply)
      return powerOfficeRecord(collection, reply.json, await groups.get())
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
      return powerOfficeRecord(collection, reply.json, await groups.get())
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

export function powerOfficeRecord(
  collection: string,
  json: unknown,
  groups: ReadonlyMap<string, JsonObject> = new Map(),
): SystemRecord {
  if (!isJsonObject(json) || (typeof json['Id'] !== 'number' && typeof json['Id'] !== 'string')) {
    throw new SystemRefusal('PowerOffice answered with a record without an Id.')
  }
  return { id: String(json['Id']), json, derived: derivedProperties(collection, json, groups) }
}

/** Every row of a list; an empty one is a 204. */
export async function readPages(call: PowerOfficeCall, url: string, query = ''): Promise<unknown[]> {
  const rows: unknown[] = []
  for (let page = 1; ; page += 1) {
    const reply = await call({
      url: `${url}?PageSize=${pageSize}&PageNumber=${page}${query === '' ? '' : `&${query}`}`,
    })
    if (reply.status === 204) return rows
    if (reply.status !== 200 || !Array.isArray(reply.json)) throw refusalOf({ system }, reply)
    rows.push(...(reply.json as readonly unknown[]))
    if (reply.json.length < pageSize) return rows
  }
}

async function readGroups(
  call: PowerOfficeCall,
  baseUrl: string,
  collection: string | null,
): Promise<ReadonlyMap<string, JsonObject>> {
  const rows = collection === null ? [] : await readPages(call, `${baseUrl}/${collection}`)
  return new Map(rows.filter(isJsonObject).map((json) => [String(json['Id']), json]))
}
