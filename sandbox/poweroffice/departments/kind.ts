import { nextFreeCode } from '../code-number.ts'
import { dtoCompleter } from '../complete-dto.ts'
import { type EntityKind, refusalOf, takenBy, unknownReference } from '../entity-kind.ts'
import { changedAfter, flag, neverSet, oneText, textList } from '../filters.ts'
import { documentedPatch } from '../json-patch.ts'
import { isGiven } from '../references.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { JsonObject } from '../schema.ts'
import type { DepartmentDto } from './dto.ts'

export const departmentKind: EntityKind<DepartmentDto> = {
  name: 'departments',
  path: '/Departments',
  noun: 'Department',
  dtoSchema: 'DepartmentDto',
  postSchema: 'DepartmentPostDto',
  patch: documentedPatch('Department', 'DepartmentPatchDto'),
  filters: [
    changedAfter('lastChangedDateTimeOffsetGreaterThan', 'changed', { boundary: 'switchable' }),
    changedAfter('createdDateTimeOffsetGreaterThan', 'created', { boundary: 'switchable' }),
    textList('codes', 'code'),
    oneText('name', 'departmentName'),
    flag('isActive', 'isActive'),
    neverSet('managerEmployeeNo'),
    neverSet('createdFromImportJournalId'),
  ],
  roles: { read: ['Department', 'Department_Full'], write: ['Department_Full'] },
  identity: ['Id', 'Code'],
  build(state, sent, { now }) {
    const switches = state.settings.current()
    refuseManager(state, sent)
    return complete({
      ...sent,
      Code: sent.Code ?? (switches.codeAutoAssign === 'nextFree' ? nextFreeCode(state.departments) : null),
      // False when not sent, as documented: a department that cannot be used (README.md).
      IsActive: sent.IsActive ?? switches.departmentIsActiveDefault,
      Id: 310_000 + state.departments.nextId('department'),
      CreatedDateTimeOffset: now,
      LastChangedDateTimeOffset: now,
    })
  },
  change(state, current, changes, now) {
    refuseManager(state, changes)
    return complete({ ...current, ...changes, LastChangedDateTimeOffset: now })
  },
  assertAllowed(state, department, written) {
    const isWritten = (name: string) => written === 'all' || written.has(name)
    if (isWritten('Name') && (department.Name ?? '').trim() === '') throw refusalOf(departmentKind, 'Name is required.')
    if (!isWritten('Code') || department.Code === null || department.Code === '') return
    if (state.settings.current().departmentCodeUnique === 'duplicates') return
    const other = state.departments.find({ sql: 'code = ?', values: [department.Code] }, department.Id)
    if (other) throw refusalOf(departmentKind, takenBy('Code', department.Code, other))
  },
}

const completeDto = dtoCompleter('DepartmentDto')

function complete(properties: JsonObject): DepartmentDto {
  return completeDto(properties) as unknown as DepartmentDto
}

/** The company has no employees in the sandbox, so every one named is unknown. */
function refuseManager(state: SandboxState, sent: JsonObject): void {
  const unknown = unknownReference(state, departmentKind)
  if (isGiven(sent.ManagerEmployeeId)) throw unknown(`Employee with id = ${String(sent.ManagerEmployeeId)} not found.`)
  if (isGiven(sent.ManagerEmployeeNo)) {
    throw unknown(`Employee with number = ${String(sent.ManagerEmployeeNo)} not found.`)
  }
}
