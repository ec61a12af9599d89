import { idList } from '../filters.ts'
import { notFound } from '../problem.ts'
import { createdStatus, listRoute, patchBody } from '../record-routes.ts'
import { type ApiRequest, type Route, readId, readJsonBody } from '../route.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { shapeJson } from '../shape.ts'
import { createRecord, deleteRecord, patchRecord } from '../write-record.ts'
import type { DeliveryAddressDto } from './dto.ts'
import { deliveryAddressKind as kind } from './kind.ts'

/** The addresses of one contact are addressed below it; the list is over all contacts. */
export function deliveryAddressRoutes(state: SandboxState): readonly Route[] {
  const { read, write } = kind.roles
  const switches = () => state.settings.current()
  const shown = (status: number, address: DeliveryAddressDto) => ({ status, body: shapeJson(address, switches()) })
  const ofOne = { path: `${kind.path}/{contactId}/{id}` }
  return [
    listRoute(state, kind, [contactFilter(state)]),
    {
      method: 'POST',
      path: `${kind.path}/{contactId}`,
      roles: write,
      handle(request) {
        const given = { ContactId: readId(request, 'contactId') }
        return shown(createdStatus(kind, switches()), createRecord(state, kind, readJsonBody(request), given))
      },
    },
    { ...ofOne, method: 'GET', roles: read, handle: (request) => shown(200, addressOf(state, request)) },
    {
      ...ofOne,
      method: 'PATCH',
      roles: write,
      handle(request) {
        const body = patchBody(request, state.settings)
        return shown(200, patchRecord(state, kind, addressOf(state, request).Id, body))
      },
    },
    {
      ...ofOne,
      method: 'DELETE',
      roles: write,
      handle(request) {
        deleteRecord(state, kind, addressOf(state, request).Id)
        return { status: 200, body: null }
      },
    },
  ]
}

/** An address is found below its own contact only. */
function addressOf(state: SandboxState, request: ApiRequest): DeliveryAddressDto {
  const [contactId, id] = [readId(request, 'contactId'), readId(request)]
  const address = state.deliveryAddresses.get(id)
  if (address?.ContactId !== contactId) throw notFound(`${kind.noun} with id = ${id} not found.`)
  return address
}

function contactFilter(state: SandboxState) {
  const ofThese = (ids: readonly number[]) => ({
    sql: 'contactId IN (SELECT value FROM json_each(?))',
    values: [JSON.stringify(ids)],
  })
  return idList('contactIds', ofThese, (ids) => {
    const missing = ids.filter((id) => !state.customers.get(id))
    if (missing.length > 0) throw notFound(`Could not find contact(s) with id = ${missing.join(', ')}.`)
  })
}
