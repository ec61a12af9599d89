import { type Settings, sandboxKeys } from '../../flows/settings.ts'
import { jsonPatchOf } from '../console/systems/power-office-records.ts'
import type { Edit, SystemRecord } from '../console/systems/system-records.ts'
import { mergePatchOf } from '../console/systems/webshop-records.ts'

/** What gives a person `$TOKEN` for the next lines. Keys that somebody configured are named by their variables. */
export function tokenCommand({ powerOffice }: Settings): string {
  const application = known(powerOffice.applicationKey, sandboxKeys.application, 'POWEROFFICE_APPLICATION_KEY')
  const client = known(powerOffice.clientKey, sandboxKeys.client, 'POWEROFFICE_CLIENT_KEY')
  return (
    `TOKEN=$(curl -s -u "${application}:${client}" -H "Ocp-Apim-Subscription-Key: ${subscription(powerOffice)}" ` +
    `-d grant_type=client_credentials ${powerOffice.tokenUrl} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`
  )
}

/** An edit at PowerOffice, as a person would send it. */
export function powerOfficeEdit({ powerOffice }: Settings, record: SystemRecord, edit: Edit): string {
  return (
    `curl -X PATCH ${powerOffice.baseUrl}/Customers/${record.id} -H "Authorization: Bearer $TOKEN" ` +
    `-H "Ocp-Apim-Subscription-Key: ${subscription(powerOffice)}" -H "Content-Type: application/json-patch+json" ` +
    `-d ${quoted(JSON.stringify(jsonPatchOf(record.json, edit)))}`
  )
}

/** An edit at the webshop by the shop's own people. */
export function webshopEdit({ webshop }: Settings, record: SystemRecord, edit: Edit): string {
  return (
    `curl -X PATCH ${webshop.baseUrl}/api/customers/${record.id} -H "Authorization: Bearer sandbox-shopkeeper" ` +
    `-H 'If-Match: "${String(record.json['version'])}"' -H "Content-Type: application/merge-patch+json" ` +
    `-d ${quoted(JSON.stringify(mergePatchOf(edit)))}`
  )
}

/** A new record at the webshop, by the shop's own people. */
export function webshopCreate({ webshop }: Settings, collection: string, json: object): string {
  return (
    `curl -X POST ${webshop.baseUrl}/api/${collection} -H "Authorization: Bearer sandbox-shopkeeper" ` +
    `-H "Content-Type: application/json" -d ${quoted(JSON.stringify(json))}`
  )
}

/** A new record at PowerOffice. */
export function powerOfficeCreate({ powerOffice }: Settings, path: string, json: object): string {
  return (
    `curl -X POST ${powerOffice.baseUrl}/${path} -H "Authorization: Bearer $TOKEN" ` +
    `-H "Ocp-Apim-Subscription-Key: ${subscription(powerOffice)}" -H "Content-Type: application/json" ` +
    `-d ${quoted(JSON.stringify(json))}`
  )
}

/** What PowerOffice has at a path. */
export function powerOfficeRead({ powerOffice }: Settings, path: string): string {
  return (
    `curl ${powerOffice.baseUrl}/${path} -H "Authorization: Bearer $TOKEN" ` +
    `-H "Ocp-Apim-Subscription-Key: ${subscription(powerOffice)}"`
  )
}

function subscription(powerOffice: Settings['powerOffice']): string {
  return known(powerOffice.subscriptionKey, sandboxKeys.subscription, 'POWEROFFICE_SUBSCRIPTION_KEY')
}

function known(key: string, publicKey: string, variable: string): string {
  return key === publicKey ? key : `$${variable}`
}

/** For a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
