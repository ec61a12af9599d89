import { answerList } from '../list-answer.ts'
import { Problem } from '../problem.ts'
import { createdStatus } from '../record-routes.ts'
import { type ApiRequest, type Route, readGuid, readId } from '../route.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { propertyNames } from '../schema.ts'
import { shapeJson } from '../shape.ts'
import { attachedFile } from './attachment-files.ts'
import { addAttachment, deleteAttachment, existingAttachment } from './attachments.ts'
import { rowsBelow } from './rows-below.ts'
import { existingOrder } from './write-order.ts'

const roles = {
  read: ['SalesOrderAttachment', 'SalesOrderAttachment_Full'],
  write: ['SalesOrderAttachment_Full'],
} as const
const path = '/SalesOrders/{salesOrderId}/attachments'
const ofOne = { path: `${path}/{id}` } as const

/** Files of orders, with roles of their own. GET of one answers the file as it was sent: no schema is declared for it [INF]. */
export function attachmentRoutes(state: SandboxState): readonly Route[] {
  const switches = () => state.settings.current()
  const orderId = (request: ApiRequest) => readGuid(request, 'salesOrderId')
  return [
    {
      method: 'GET',
      path,
      roles: roles.read,
      handle(request) {
        const { order } = existingOrder(state, orderId(request))
        const listed = {
          store: rowsBelow(state.salesOrderAttachments, { column: 'salesOrderId', id: order.Id }, (row) => row),
          properties: propertyNames('SalesOrderAttachmentDto'),
          filters: [],
          orders: { creation: 'id', lastChanged: 'id' },
        }
        return answerList(listed, request.url, switches())
      },
    },
    {
      method: 'POST',
      path,
      roles: roles.write,
      takesFiles: true,
      handle(request) {
        const id = orderId(request)
        if (request.files === null) {
          throw new Problem(415, 'Unsupported Media Type', `Content type '${request.contentType}' is not supported.`)
        }
        const attachment = addAttachment(state, id, request.files)
        return { status: createdStatus({}, switches()), body: shapeJson(attachment, switches()) }
      },
    },
    {
      ...ofOne,
      method: 'GET',
      roles: roles.read,
      handle(request) {
        const attachment = existingAttachment(state, orderId(request), readId(request))
        const { type, bytes } = attachedFile(state, attachment)
        return { status: 200, body: bytes, contentType: type }
      },
    },
    {
      ...ofOne,
      method: 'DELETE',
      roles: roles.write,
      handle(request) {
        deleteAttachment(state, orderId(request), readId(request))
        return { status: 200, body: null }
      },
    },
  ]
}
