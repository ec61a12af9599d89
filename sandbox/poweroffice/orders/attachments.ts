import { malformed, notFound } from '../problem.ts'
import type { UploadedFile } from '../route.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { AttachmentDto } from './attachment-dto.ts'
import { removeAttachment, saveAttachment } from './attachment-files.ts'
import { conflict } from './refusals.ts'
import { existingOrder } from './write-order.ts'

/**
 * Puts a file to an order, confirmed or not; the order itself does not move [OPEN].
 * @param files of the multipart body: the one in the field `file` is taken
 */
export function addAttachment(state: SandboxState, orderId: string, files: readonly UploadedFile[]): AttachmentDto {
  return state.database.transaction(() => {
    const { order } = existingOrder(state, orderId)
    const file = files.find(({ field }) => field.toLowerCase() === 'file')
    if (!file) throw malformed('The file field is required.', 'file')
    const now = state.clock.next()
    const attachment: AttachmentDto = {
      Id: 9_400_000 + state.salesOrderAttachments.nextId('salesOrderAttachment'),
      SalesOrderId: order.Id,
      FileName: file.name,
      FileSize: file.bytes.length,
      CreatedDateTimeOffset: now,
      LastChangedDateTimeOffset: now,
    }
    saveAttachment(state, attachment, file)
    return attachment
  })
}

/** Found below its own order only. */
export function existingAttachment(state: SandboxState, orderId: string, id: number): AttachmentDto {
  existingOrder(state, orderId)
  const attachment = state.salesOrderAttachments.get(id)
  if (attachment?.SalesOrderId !== orderId) {
    throw notFound(`SalesOrderAttachment with id = ${id} not found on SalesOrder with id = ${orderId}.`)
  }
  return attachment
}

/** A confirmed order keeps its attachments: 409 [OPEN: declared, without saying when] (switch confirmedOrderEdit). */
export function deleteAttachment(state: SandboxState, orderId: string, id: number): void {
  state.database.transaction(() => {
    const attachment = existingAttachment(state, orderId, id)
    const { order } = existingOrder(state, orderId)
    if (order.SalesOrderStatus === 'Confirmed' && state.settings.current().confirmedOrderEdit !== 'accepted') {
      throw conflict(`SalesOrder with id = ${orderId} is confirmed: its attachments cannot be deleted.`)
    }
    removeAttachment(state, attachment)
  })
}
