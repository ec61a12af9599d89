import { readFlag } from '../filters.ts'
import { answerList } from '../list-answer.ts'
import { type Answer, malformed } from '../problem.ts'
import { createdStatus, patchBody } from '../record-routes.ts'
import { type ApiRequest, isGuid, type Route, readGuid, readJsonBody } from '../route.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { propertyNames } from '../schema.ts'
import { shapeJson } from '../shape.ts'
import { lingeringOrder } from './invoicing-state.ts'
import type { OrderWithLines } from './order-dto.ts'
import { orderFilters } from './order-filters.ts'
import { requestInvoice } from './request-invoice.ts'
import { sentStateOf } from './sent-state.ts'
import { type Shown, shownComplete, shownOrder, shownRow } from './shown-order.ts'
import { createOrder, deleteOrder, existingOrder, patchOrder } from './write-order.ts'

export const orderRoles = { read: ['SalesOrders', 'SalesOrders_Full'], write: ['SalesOrders_Full'] } as const

const path = '/SalesOrders'
const ofOne = { path: `${path}/{id}` } as const
const asStored: Shown = { showInherited: false }

/** Heads. There is no POST /SalesOrders: that is a 404 of the gateway (README.md). */
export function orderRoutes(state: SandboxState): readonly Route[] {
  const { read, write } = orderRoles
  const switches = () => state.settings.current()
  const json = (status: number, body: Record<string, unknown>): Answer => ({
    status,
    body: shapeJson(body, switches()),
  })
  return [
    { method: 'GET', path, roles: read, handle: ({ url }) => listOrders(state, url) },
    {
      method: 'POST',
      path: `${path}/Complete`,
      roles: write,
      handle(request) {
        const created = createOrder(state, readJsonBody(request), { isByIntegration: true })
        return json(createdStatus({}, switches()), shownComplete(state, created, asStored))
      },
    },
    // It only reads, and yet needs the role for writing (README.md).
    { method: 'GET', path: `${path}/sentState`, roles: write, handle: ({ url }) => sentStates(state, url) },
    {
      ...ofOne,
      method: 'GET',
      roles: read,
      handle: (request) => json(200, shownOrder(state, readableOrder(state, request).order, shownAs(request.url))),
    },
    {
      method: 'GET',
      path: `${path}/{id}/Complete`,
      roles: read,
      handle: (request) => json(200, shownComplete(state, readableOrder(state, request), shownAs(request.url))),
    },
    {
      ...ofOne,
      method: 'PATCH',
      roles: write,
      handle(request) {
        const { order } = patchOrder(state, readGuid(request), patchBody(request, state.settings))
        return json(200, shownOrder(state, order, asStored))
      },
    },
    {
      ...ofOne,
      method: 'DELETE',
      roles: write,
      handle(request) {
        deleteOrder(state, readGuid(request))
        return { status: 200, body: null }
      },
    },
    {
      method: 'POST',
      path: `${path}/{id}/createAndSendInvoice`,
      roles: write,
      handle(request) {
        const id = readGuid(request)
        const body = request.body.trim() === '' ? null : readJsonBody(request)
        const accepted = json(202, requestInvoice(state, id, body, { isByIntegration: true }))
        return { ...accepted, headers: { Location: new URL(`/v2${path}/sentState?id=${id}`, request.url).toString() } }
      },
    },
  ]
}

/** The order, or for a while what it was before it became an invoice (switch getOrderAfterInvoicing). */
function readableOrder(state: SandboxState, request: ApiRequest): OrderWithLines {
  const id = readGuid(request)
  return lingeringOrder(state, id) ?? existingOrder(state, id)
}

function listOrders(state: SandboxState, url: URL): Answer {
  const shown = shownAs(url)
  const listed = {
    store: {
      list: (request: Parameters<typeof state.salesOrders.list>[0]) =>
        state.salesOrders.list(request).map((row) => shownRow(state, row, shown)),
      count: state.salesOrders.count,
    },
    properties: propertyNames('SalesOrderDto'),
    filters: orderFilters,
    orders: { creation: 'salesOrderNo', lastChanged: 'changed, salesOrderNo' },
  }
  return answerList(listed, url, state.settings.current())
}

function sentStates(state: SandboxState, url: URL): Answer {
  const ids = (queryValue(url, 'id') ?? '')
    .split(',')
    .map((id) => id.trim().toLowerCase())
    .filter((id) => id !== '')
  if (ids.length === 0) return { status: 204, body: null }
  const states = ids.map((id) => {
    if (!isGuid(id)) throw malformed(`The value '${id}' is not valid.`, 'id')
    return shapeJson(sentStateOf(state, id), state.settings.current())
  })
  return { status: 200, body: `[${states.join(',')}]` }
}

function shownAs(url: URL): Shown {
  const value = queryValue(url, 'showInherited')
  return { showInherited: value !== null && value.trim() !== '' && readFlag('showInherited', value) }
}

function queryValue(url: URL, name: string): string | null {
  return [...url.searchParams].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? null
}
