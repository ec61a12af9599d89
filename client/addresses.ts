import { type Settings, temporalAddressOf } from '../flows/settings.ts'
import type { Side } from '../flows/side.ts'
import { alignColumns } from './text/table.ts'

export function consoleUrl(settings: Settings, path = ''): string {
  return `http://127.0.0.1:${settings.consolePort}${path}`
}

/** Where people see PowerOffice: our sandbox's page, or the vendor's own. */
export function powerOfficePageUrl(settings: Settings): string {
  return settings.powerOffice.sandbox
    ? settings.powerOffice.baseUrl.replace(/\/v2$/, '/')
    : 'https://go.poweroffice.net'
}

export function webshopPageUrl(settings: Settings): string {
  return `${settings.webshop.baseUrl}/`
}

/**
 * Where people see and edit one record. Our sandboxes call the pages of a collection after it: `SalesOrders/{id}/Lines` stand
 * on the page of their order, at `/sales-orders/<id>`.
 * @returns null for a record of a real system, whose pages we do not know
 */
export function recordPageUrl(settings: Settings, side: Side, { collection, id }: RecordPlace): string | null {
  const { sandbox } = side === 'erp' ? settings.powerOffice : settings.webshop
  if (!sandbox) return null
  const [name = ''] = collection.split('/')
  const page = name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
  const front = side === 'erp' ? powerOfficePageUrl(settings) : webshopPageUrl(settings)
  return `${front}${page}/${encodeURIComponent(id)}`
}

interface RecordPlace {
  /** As the flows name it: `SalesOrders`, `orders/{id}/lines`. */
  readonly collection: string
  readonly id: string
}

/** A workflow's page in the Temporal UI; null when nobody said where that UI is. */
export function temporalUrl(settings: Settings, workflowId?: string): string | null {
  const { uiUrl, namespace } = settings.temporal
  if (uiUrl === null) return null
  const path = workflowId === undefined ? '' : `/${encodeURIComponent(workflowId)}`
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows${path}`
}

export function addressLines(settings: Settings): string[] {
  return alignColumns([
    ['console', consoleUrl(settings)],
    ['PowerOffice', powerOfficePageUrl(settings)],
    ['webshop', webshopPageUrl(settings)],
    ['Temporal', temporalUrl(settings) ?? `${temporalAddressOf(settings)} (set TEMPORAL_UI_URL to see its pages)`],
    ['health', `http://127.0.0.1:${settings.receiverPort}/healthz`],
    ['metrics', `http://127.0.0.1:${settings.receiverPort}/metrics`],
  ])
}
