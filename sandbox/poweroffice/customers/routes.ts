import { changedAfter, type Filter, numberRanges, oneText, textList } from '../filters.ts'
import { answerList } from '../list-answer.ts'
import { type Answer, Problem } from '../problem.ts'
import { type Route, readId, readJsonBody, readPatchBody } from '../route.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { propertyNames } from '../schema.ts'
import { shapeJson } from '../shape.ts'
import { createCustomer } from './create.ts'
import type { CustomerDto } from './dto.ts'
import { isInUse } from './in-use.ts'
import { existingCustomer, patchCustomer } from './patch.ts'
import { assertContactGroups } from './references.ts'

const readRoles = ['Customer', 'Customer_Full']
const writeRoles = ['Customer_Full']

/** README.md; the last three are absent from the 2025 descriptions. */
const filters: readonly Filter[] = [
  changedAfter('lastChangedDateTimeOffsetGreaterThan', 'changed'),
  changedAfter('customerCreatedDateTimeOffsetGreaterThan', 'created'),
  numberRanges('customerNos', 'number'),
  numberRanges('externalNos', 'externalNumber'),
  oneText('externalImportReference', 'externalImportReference'),
  contactGroupFilter(),
  textList('organizationNumbers', 'organizationNumber', { later: true }),
  textList('phoneNumbers', 'phone', { later: true }),
  textList('emailAddresses', 'email', { later: true, normalise: (text) => text.toLowerCase() }),
]

export function customerRoutes(state: SandboxState): readonly Route[] {
  const listed = {
    store: state.customers,
    properties: propertyNames('CustomerDto'),
    filters,
    // Ids are given in order of creation, so the two orders are one today.
    orders: { creation: 'id', lastChanged: 'changed, id' },
  }
  const switches = () => state.settings.current()
  const shown = (status: number, customer: CustomerDto): Answer => ({ status, body: shapeJson(customer, switches()) })
  return [
    { method: 'GET', path: '/Customers', roles: readRoles, handle: ({ url }) => answerList(listed, url, switches()) },
    {
      method: 'POST',
      path: '/Customers',
      roles: writeRoles,
      handle(request) {
        const customer = createCustomer(state, readJsonBody(request))
        return shown(switches().writeStatus === 'all200' ? 200 : 201, customer)
      },
    },
    {
      method: 'GET',
      path: '/Customers/{id}',
      roles: readRoles,
      handle: (request) => shown(200, existingCustomer(state, readId(request))),
    },
    {
      method: 'PATCH',
      path: '/Customers/{id}',
      roles: writeRoles,
      handle(request) {
        const jsonAccepted = switches().patchContentType === 'jsonAccepted'
        const body = readPatchBody(request, { jsonAccepted })
        return shown(200, patchCustomer(state, readId(request), body))
      },
    },
    {
      method: 'DELETE',
      path: '/Customers/{id}',
      roles: writeRoles,
      handle: (request) => deleteCustomer(state, readId(request)),
    },
  ]
}

/** A hard delete that leaves no trace: nothing in the API reports it (README.md). */
function deleteCustomer(state: SandboxState, id: number): Answer {
  const customer = existingCustomer(state, id)
  if (isInUse(state.database, customer.Id)) {
    throw new Problem(409, 'Customer conflict', `Customer with id = ${id} is in use and cannot be deleted.`)
  }
  state.customers.remove(id)
  return { status: 200, body: null }
}

function contactGroupFilter(): Filter {
  const name = 'contactGroupIds'
  return {
    name,
    condition(value) {
      const ids = value.split(',').map((part) => {
        // Ranges and negative numbers are refused here, unlike in customerNos (README.md).
        if (!/^\s*\d{1,15}\s*$/.test(part)) {
          throw new Problem(
            400,
            'Unable to cast object(s)',
            `Unable to cast '${part.trim()}' in ${name} to a number. Allowed separator: ','.`,
          )
        }
        return Number(part)
      })
      assertContactGroups(ids)
      return {
        // `record.`: json_each has a column json of its own.
        sql: "EXISTS (SELECT 1 FROM json_each(record.json, '$.ContactGroupIds') WHERE value IN (SELECT value FROM json_each(?)))",
        values: [JSON.stringify(ids)],
      }
    },
  }
}
