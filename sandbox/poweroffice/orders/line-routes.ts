import { answerList } from '../list-answer.ts'
import type { Answer } from '../problem.ts'
import { createdStatus, patchBody } from '../record-routes.ts'
import { type Route, readGuid, readJsonBody } from '../route.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { propertyNames } from '../schema.ts'
import { shapeJson } from '../shape.ts'
import { type LineDto, shownLine } from './line-dto.ts'
import { orderRoles } from './order-routes.ts'
import { rowsBelow } from './rows-below.ts'
import { addLine, lineOf, patchLine, removeLine } from './write-line.ts'
import { existingOrder } from './write-order.ts'

const path = '/SalesOrders/{id}/Lines'
const ofOne = { path: `${path}/{lineId}` } as const

/** Lines live below their order only, without a list of all and without change times (README.md). */
export function lineRoutes(state: SandboxState): readonly Route[] {
  const { read, write } = orderRoles
  const switches = () => state.settings.current()
  const shown = (status: number, line: LineDto): Answer => ({ status, body: shapeJson(shownLine(line), switches()) })
  return [
    {
      method: 'GET',
      path,
      roles: read,
      handle(request) {
        const { order } = existingOrder(state, readGuid(request))
        const listed = {
          store: rowsBelow(state.salesOrderLines, { column: 'salesOrderId', id: order.Id }, shownLine),
          properties: propertyNames('SalesOrderLineDto'),
          filters: [],
          orders: { creation: 'sortOrder, sequence', lastChanged: 'sortOrder, sequence' },
        }
        return answerList(listed, request.url, switches())
      },
    },
    {
      method: 'POST',
      path,
      roles: write,
      handle: (request) =>
        shown(createdStatus({}, switches()), addLine(state, readGuid(request), readJsonBody(request))),
    },
    {
      ...ofOne,
      method: 'GET',
      roles: read,
      handle: (request) => shown(200, lineOf(existingOrder(state, readGuid(request)), readGuid(request, 'lineId'))),
    },
    {
      ...ofOne,
      method: 'PATCH',
      roles: write,
      handle(request) {
        const body = patchBody(request, state.settings)
        return shown(200, patchLine(state, readGuid(request), readGuid(request, 'lineId'), body))
      },
    },
    {
      ...ofOne,
      method: 'DELETE',
      roles: write,
      handle(request) {
        removeLine(state, readGuid(request), readGuid(request, 'lineId'))
        return { status: 200, body: null }
      },
    },
  ]
}
