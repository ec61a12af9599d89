import type { PowerOfficeSettings } from '../../../flows/settings.ts'
import { refusalOf } from './call-system.ts'
import { type PowerOfficeCall, system } from './power-office-call.ts'
import { jsonPatchOf, powerOfficeRecord, readPages } from './power-office-records.ts'
import type { SystemItems, SystemRecord } from './system-records.ts'

/** The items below a record (`SalesOrders/{id}/Lines`), in the order of one of their numbers (`SortOrder`). */
export function powerOfficeItems(
  settings: PowerOfficeSettings,
  collection: string,
  order: string,
  call: PowerOfficeCall,
): SystemItems {
  const urlOf = (recordId: string) => `${settings.baseUrl}/${collection.replace('{id}', encodeURIComponent(recordId))}`
  return {
    async read({ id }) {
      const rows = await readPages(call, urlOf(id))
      const items = rows.map((json) => powerOfficeRecord(collection, json))
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
