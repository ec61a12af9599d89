import type { PowerOfficeSettings } from '../../../flows/settings.ts'
import { refusalOf } from './call-system.ts'
import { type PowerOfficeCall, system } from './power-office-call.ts'
import { lineKind } from './power-office-derived.ts'
import { jsonPatchOf, powerOfficeRecord, readPages } from './power-office-records.ts'
import type { SystemItems, SystemRecord } from './system-records.ts'

/** Articles that stand for a kind of line, by their id. */
export type Articles = () => Promise<ReadonlyMap<string, string>>

/** The items below a record (`SalesOrders/{id}/Lines`), in the order of one of their numbers (`SortOrder`). */
export function powerOfficeItems(
  settings: PowerOfficeSettings,
  collection: string,
  order: string,
  { call, articles }: { readonly call: PowerOfficeCall; readonly articles: Articles },
): SystemItems {
  const urlOf = (recordId: string) => `${settings.baseUrl}/${collection.replace('{id}', encodeURIComponent(recordId))}`
  return {
    async read({ id }) {
      const [rows, kinds] = [await readPages(call, urlOf(id)), await articles()]
      const items = rows.map((json) => {
        const item = powerOfficeRecord(collection, json)
        return { ...item, derived: { ...item.derived, ...lineKind(item.json, kinds) } }
      })
      return items.sort((one, other) => numberAt(one, order) - numberAt(other, order))
    },
    async edit(recordId, itemId, edit) {
      const reply = await call({
        url: `${urlOf(recordId)}/${encodeURIComponent(itemId)}`,
        method: 'PATCH',
        headers: { 'content-type': 'application/json-patch+json' },
        body: JSON.stringify(jsonPatchOf({}, edit)),
      })
      if (reply.status !== 200) throw refusalOf({ system }, reply)
    },
  }
}

function numberAt({ json }: SystemRecord, name: string): number {
  const value = json[name]
  return typeof value === 'number' ? value : 0
}
