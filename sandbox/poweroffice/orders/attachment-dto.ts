import { type EntityTable, numberId } from '../entity-store.ts'

/** SalesOrderAttachmentDto: what is known of a file, without what is in it. */
export interface AttachmentDto {
  readonly Id: number
  readonly SalesOrderId: string
  readonly FileName: string
  /** Bytes. */
  readonly FileSize: number
  readonly CreatedDateTimeOffset: string
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

export const attachmentTable: EntityTable<AttachmentDto> = {
  name: 'sales_order_attachments',
  id: numberId,
  columns: { salesOrderId: { type: 'TEXT', of: (attachment) => attachment.SalesOrderId } },
}
