import { departmentReference } from '../departments/dto.ts'
import { type EntityTable, numberId } from '../entity-store.ts'
import type { Reference } from '../references.ts'

/** A general ledger account. A sales account carries the VAT of what is sold through it. */
export interface AccountDto {
  readonly Id: number
  readonly AccountNo: number
  readonly AgricultureDepartment?: string
  readonly Name: string | null
  readonly IsActive: boolean | null
  readonly VatCode: string | null
  readonly VatCodeId: number | null
  readonly DepartmentId: number | null
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

const vatCodeReference: Reference = {
  id: 'VatCodeId',
  column: 'vatCodeId',
  to: 'vatCodes',
  noun: 'VAT code',
  key: { property: 'VatCode', of: 'Code', column: 'code', word: 'code' },
}

export const accountTable: EntityTable<AccountDto> = {
  name: 'accounts',
  id: numberId,
  columns: {
    accountNo: { type: 'INTEGER', of: (account) => account.AccountNo },
    agricultureDepartment: { type: 'TEXT', of: (account) => account.AgricultureDepartment ?? 'None' },
    vatCodeId: { type: 'INTEGER', of: (account) => account.VatCodeId },
    departmentId: { type: 'INTEGER', of: (account) => account.DepartmentId },
    changed: { type: 'TEXT', of: (account) => account.LastChangedDateTimeOffset },
  },
  references: [vatCodeReference, departmentReference],
}

/** StandardSalesAccount and OptionalSalesAccount of products and product groups: Id, number and agriculture department. */
export function salesAccountReference(
  name: 'StandardSalesAccount' | 'OptionalSalesAccount',
  column: string,
): Reference {
  const agriculture = `${name}AgricultureDepartment`
  return {
    id: `${name}Id`,
    column,
    to: 'accounts',
    noun: 'General ledger account',
    key: {
      property: name,
      of: 'AccountNo',
      column: 'accountNo',
      word: 'number',
      narrowedBy: { property: agriculture, column: 'agricultureDepartment' },
    },
    shown: { [agriculture]: 'AgricultureDepartment' },
  }
}
