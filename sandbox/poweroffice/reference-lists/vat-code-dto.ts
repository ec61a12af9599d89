import { type EntityTable, numberId } from '../entity-store.ts'

export interface VatCodeDto {
  readonly Id: number
  readonly Code: string | null
  readonly Name: string | null
  /** 0.25 is 25 percent. */
  readonly Rate: number
  readonly IsActive: boolean | null
  readonly ValidFrom: string
  readonly ValidTo: string | null
  readonly [property: string]: unknown
}

export const vatCodeTable: EntityTable<VatCodeDto> = {
  name: 'vat_codes',
  id: numberId,
  columns: {
    code: { type: 'TEXT', of: (vatCode) => vatCode.Code },
    isActive: { type: 'INTEGER', of: (vatCode) => Number(vatCode.IsActive ?? false) },
    validTo: { type: 'TEXT', of: (vatCode) => vatCode.ValidTo },
  },
}
