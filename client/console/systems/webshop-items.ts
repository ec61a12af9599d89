import type { WebshopSettings } from '../../../flows/settings.ts'
import { callSystem, refusalOf } from './call-system.ts'
import { isJsonObject, type SystemItems, type SystemRecord, SystemRefusal } from './system-records.ts'
import { changedMeanwhile, mergePatchOf, shopkeeperHeaders, system } from './webshop-records.ts'

/** The items within a record (`orders/{id}/lines`): read with it, edited one by one under the record's version. */
export function webshopItems(settings: WebshopSettings, collection: string, order: string): SystemItems {
  const [records = '', items = ''] = collection.split('/{id}/')
  const urlOf = (recordId: string) => `${settings.baseUrl}/api/${records}/${encodeURIComponent(recordId)}`
  return {
    async read({ json }) {
      const list = json[items]
      if (!Array.isArray(list)) return []
      const found = list.flatMap((item): SystemRecord[] =>
        isJsonObject(item) ? [{ id: String(item['id']), json: item }] : [],
      )
      return found.sort((one, other) => Number(one.json[order] ?? 0) - Number(other.json[order] ?? 0))
    },
    async edit(recordId, itemId, edit) {
      const current = await callSystem({ system, url: urlOf(recordId), headers: shopkeeperHeaders })
      if (current.status !== 200 || !isJsonObject(current.json)) throw refusalOf({ system }, current)
      const reply = await callSystem({
        system,
        url: `${urlOf(recordId)}/${items}/${encodeURIComponent(itemId)}`,
        method: 'PATCH',
        headers: {
          ...shopkeeperHeaders,
          'content-type': 'application/merge-patch+json',
          'if-match': `"${String(current.json['version'])}"`,
        },
        body: JSON.stringify(mergePatchOf(edit)),
      })
      if (reply.status === 412) throw new SystemRefusal(changedMeanwhile)
      if (reply.status !== 200) throw refusalOf({ system }, reply)
    },
  }
}
