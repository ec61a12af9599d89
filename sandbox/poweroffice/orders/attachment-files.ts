import type { SandboxDatabase } from '../database.ts'
import type { UploadedFile } from '../route.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { AttachmentDto } from './attachment-dto.ts'

/** The files themselves, so that lists need not carry them. */
export function createAttachmentFileTable(database: SandboxDatabase): void {
  database.exec(
    'CREATE TABLE IF NOT EXISTS sales_order_attachment_files (id INTEGER PRIMARY KEY, type TEXT, base64 TEXT)',
  )
}

export function saveAttachment(state: SandboxState, attachment: AttachmentDto, file: UploadedFile): void {
  state.salesOrderAttachments.save(attachment)
  const base64 = Buffer.from(file.bytes).toString('base64')
  const sql = 'INSERT INTO sales_order_attachment_files (id, type, base64) VALUES (?, ?, ?)'
  state.database.run(sql, attachment.Id, file.type, base64)
}

export function attachedFile(
  state: SandboxState,
  { Id: id }: AttachmentDto,
): { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> } {
  const row = state.database.row('SELECT type, base64 FROM sales_order_attachment_files WHERE id = ?', id)
  return { type: String(row?.type), bytes: new Uint8Array(Buffer.from(String(row?.base64), 'base64')) }
}

export function removeAttachment(state: SandboxState, { Id: id }: AttachmentDto): void {
  state.salesOrderAttachments.remove(id)
  state.database.run('DELETE FROM sales_order_attachment_files WHERE id = ?', id)
}

/** They go with their order. */
export function removeAttachmentsOf(state: SandboxState, orderId: string): void {
  const attachments = state.salesOrderAttachments.all({ sql: 'salesOrderId = ?', values: [orderId] })
  for (const attachment of attachments) removeAttachment(state, attachment)
}
