import { wholeNumberOf } from '../code-number.ts'
import { type EntityTable, numberId } from '../entity-store.ts'
import type { Reference } from '../references.ts'
import { searchText } from '../search-text.ts'

export interface DepartmentDto {
  readonly Id: number
  readonly Code: string | null
  readonly Name: string | null
  readonly IsActive: boolean | null
  readonly ManagerEmployeeNo: number | null
  readonly CreatedFromImportJournalId: string | null
  readonly CreatedDateTimeOffset: string
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

export const departmentTable: EntityTable<DepartmentDto> = {
  name: 'departments',
  id: numberId,
  columns: {
    code: { type: 'TEXT', of: (department) => department.Code },
    codeNumber: { type: 'INTEGER', of: (department) => wholeNumberOf(department.Code) },
    departmentName: { type: 'TEXT', of: (department) => department.Name },
    isActive: { type: 'INTEGER', of: (department) => Number(department.IsActive ?? false) },
    created: { type: 'TEXT', of: (department) => department.CreatedDateTimeOffset },
    changed: { type: 'TEXT', of: (department) => department.LastChangedDateTimeOffset },
    search: {
      type: 'TEXT',
      of: (department) => searchText(department.Id, department.Code, department.Name),
      isUnindexed: true,
    },
  },
}

/** DepartmentId and DepartmentCode of anything that belongs to a department; the table needs a column departmentId. */
export const departmentReference: Reference = {
  id: 'DepartmentId',
  column: 'departmentId',
  to: 'departments',
  noun: 'Department',
  key: { property: 'DepartmentCode', of: 'Code', column: 'code', word: 'code' },
}
