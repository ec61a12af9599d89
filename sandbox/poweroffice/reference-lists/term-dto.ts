import { type EntityTable, numberId } from '../entity-store.ts'

interface TermDto {
  readonly Id: number
  readonly Name: string | null
  readonly IsDefault: boolean | null
  readonly CreatedDateTimeOffset: string
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

export interface PaymentTermDto extends TermDto {
  readonly CreditDays: number | null
  readonly IsActive: boolean | null
}

export interface DeliveryTermDto extends TermDto {}

export const paymentTermTable: EntityTable<PaymentTermDto> = {
  name: 'payment_terms',
  id: numberId,
  columns: {
    creditDays: { type: 'INTEGER', of: (term) => term.CreditDays },
    isDefault: { type: 'INTEGER', of: (term) => Number(term.IsDefault ?? false) },
    changed: { type: 'TEXT', of: (term) => term.LastChangedDateTimeOffset },
  },
}

export const deliveryTermTable: EntityTable<DeliveryTermDto> = {
  name: 'delivery_terms',
  id: numberId,
  columns: {
    termName: { type: 'TEXT', of: (term) => term.Name },
    isDefault: { type: 'INTEGER', of: (term) => Number(term.IsDefault ?? false) },
    changed: { type: 'TEXT', of: (term) => term.LastChangedDateTimeOffset },
  },
}
