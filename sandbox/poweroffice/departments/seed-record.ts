import type { ErpSeedDepartment } from '../../seed/departments.ts'
import type { JsonObject } from '../schema.ts'

export function seededDepartment({ code, name, active }: ErpSeedDepartment): JsonObject {
  return { Code: code, Name: name, IsActive: active }
}
