import type { WebshopSettings } from '../../flows/settings.ts'
import { callSystem, refusalOf } from '../console/systems/call-system.ts'
import { isJsonObject, type SystemRecord } from '../console/systems/system-records.ts'

/** A new record at the webshop sandbox, by the shop's own people. */
export async function createShopRecord(
  settings: WebshopSettings,
  collection: string,
  json: Readonly<Record<string, unknown>>,
): Promise<SystemRecord> {
  const system = 'The webshop'
  const reply = await callSystem({
    system,
    url: `${settings.baseUrl}/api/${collection}`,
    method: 'POST',
    headers: { authorization: 'Bearer sandbox-shopkeeper', 'content-type': 'application/json' },
    body: JSON.stringify(json),
  })
  if (reply.status !== 201 || !isJsonObject(reply.json)) throw refusalOf({ system }, reply)
  return { id: String(reply.json['id']), json: reply.json }
}
