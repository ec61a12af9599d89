import { html } from 'hono/html'
import { shownTime } from '../../pages/frame.ts'
import type { RecordPages } from '../../pages/record-pages.ts'
import type { DepartmentDto } from '../departments/dto.ts'
import { departmentKind } from '../departments/kind.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { kindPages, latestFirst } from './kind-pages.ts'
import { containing } from './lookups.ts'

export function departmentPages(state: SandboxState): RecordPages<DepartmentDto> {
  return kindPages(state, departmentKind, {
    path: '/departments',
    title: 'Departments',
    singular: 'department',
    plural: 'departments',
    list: {
      placeholder: 'Name, code',
      columns: [{ title: 'Code' }, { title: 'Name' }, { title: 'Changed', isNumber: true, isQuiet: true }],
      find: ({ words, limit, offset }) =>
        state.departments.seen({ where: containing(words), orderBy: latestFirst, limit, offset }),
      row: (department) => ({
        cells: [
          department.Code,
          html`<a href="/departments/${department.Id}">${department.Name ?? department.Id}</a>${department.IsActive === true ? '' : ' (inactive)'}`,
          shownTime(department.LastChangedDateTimeOffset),
        ],
        isQuiet: department.IsActive !== true,
      }),
    },
    nameOf: (department) => department.Name ?? String(department.Id),
    fields: () => [
      { name: 'Code', label: 'Code', kind: 'text' },
      { name: 'Name', label: 'Name', kind: 'text', required: true },
      { name: 'IsActive', label: 'Active', kind: 'yesNo' },
    ],
    begin: () => ({ IsActive: 'yes' }),
  })
}
