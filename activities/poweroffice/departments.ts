import { z } from 'zod'
import { departments as definition } from '../../flows/departments.ts'
import type { CompanyOptions, ErpScope } from '../../flows/flow-options.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { JsonObject, ParsedRecord, Prepared } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import { idOrStandIn, unreadableOf } from '../http/unreadable.ts'
import { byLastChanged } from './change-watermarks.ts'
import type { DocumentedNames } from './documented-names.ts'
import type { PowerOfficeEntity } from './entity.ts'
import { departmentOutOfScope } from './erp-scope.ts'
import { textOf } from './json-text.ts'
import { id, maybeFlag, text } from './row-fields.ts'

const names: DocumentedNames = {
  Id: true,
  Code: true,
  Name: true,
  IsActive: true,
  LastChangedDateTimeOffset: true,
}

const departmentSchema = z.object({
  Id: id,
  Code: text,
  Name: text,
  // No value is documented for one that says nothing: neither active nor inactive is guessed.
  IsActive: maybeFlag,
  LastChangedDateTimeOffset: text,
})

export function departmentsEntity(options: CompanyOptions): PowerOfficeEntity {
  return {
    definition,
    path: '/Departments',
    names,
    changes: [byLastChanged],
    findsBy: { kind: 'naturalKey', filter: 'codes', property: 'Code' },
    isReadByList: true,
    parserFor: () => Promise.resolve((row) => parseDepartment(row, options.scope.erp)),
    prepareCreate: prepareDepartmentCreate,
    prepareUpdate: (_current, values, flags) => prepareDepartmentUpdate(values, flags),
  }
}

function parseDepartment(row: Row, scope: ErpScope): ParsedRecord {
  const parsed = departmentSchema.safeParse(row)
  if (!parsed.success) return unreadableOf(idOrStandIn(row['Id'], row), parsed.error, row)
  const raw: JsonObject = parsed.data
  return {
    kind: 'record',
    id: String(parsed.data.Id),
    raw,
    version: null,
    changedAt: parsed.data.LastChangedDateTimeOffset,
    groupChangedAt: {},
    reference: null,
    outOfScope: departmentOutOfScope(parsed.data.Code, scope),
  }
}

const nameNeeded = 'PowerOffice needs the name of a department: fill it in.'

export function prepareDepartmentCreate(values: JsonObject): Prepared {
  const name = textOf(values['Name'])
  const code = textOf(values['Code'])
  if (name === null) return { body: {}, flags: '', notes: [], refusal: nameNeeded }
  // Left out, the documented default would make it inactive (sandbox/poweroffice/README.md).
  const body = { ...(code !== null && { Code: code }), Name: name, IsActive: true }
  return { body, flags: '', notes: [], refusal: null }
}

export function prepareDepartmentUpdate(values: JsonObject, flags: string): Prepared {
  const body: Record<string, JsonValue> = {}
  for (const name of ['Code', 'Name', 'IsActive']) {
    const value = values[name]
    if (value !== undefined) body[name] = value === '' ? null : value
  }
  if (body['Name'] === undefined || textOf(body['Name']) !== null) return { body, flags, notes: [], refusal: null }
  delete body['Name']
  return { body, flags, notes: [{ field: 'name', kind: 'withheld', detail: nameNeeded }], refusal: null }
}
