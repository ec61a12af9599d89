import { z } from 'zod'
import { departments as definition } from '../../flows/departments.ts'
import type { ShopScope } from '../../flows/flow-options.ts'
import type { JsonObject, Prepared } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import { customersPath } from './customers.ts'
import {
  firstMissing,
  newBody,
  patchBody,
  type RequiredProperty,
  refuse,
  refusedReference,
  withholdCleared,
} from './record-rules.ts'
import { absentFrom, type ShopEntity } from './shop-entity.ts'
import { isTombstone, parseOtherKind, parseRow, presentRecord, recordHead } from './shop-record.ts'
import { customerOutOfScope } from './shop-scope.ts'
import { active, text } from './shop-values.ts'

/** Departments stand among the shop's customers, as those of kind `department`. */

const kind = 'department'

const departmentSchema = recordHead.extend({ kind: z.literal(kind), name: text, customerNumber: text, active })

const required: readonly RequiredProperty[] = [{ name: 'name', field: 'name', called: 'the name' }]

export const departmentsEntity = (scope: ShopScope): ShopEntity => ({
  definition,
  path: customersPath,
  offers: ({ customers }) => {
    const hasKind = customers.kinds.includes(kind)
    return { create: customers.create && hasKind, update: customers.update && hasKind }
  },
  notOffered: ({ customers }) =>
    customers.kinds.includes(kind)
      ? null
      : `The webshop has no customers of kind ${kind}: add the kind to its capabilities to have PowerOffice's departments there.`,
  findSchemaFault: (rows) => absentFrom(definition, rows.filter(isDepartment)),
  parse: (item, etag) => {
    // A tombstone says of which kind the record was; whoever never knew it has nothing to forget.
    if (!isTombstone(item) && !isDepartment(item)) return parseOtherKind(item, etag)
    return parseRow(item, departmentSchema, ({ id, version, changedAt, erpId, ...raw }) =>
      presentRecord(definition, { id, version, changedAt, erpId }, raw, {
        etag,
        outOfScope: customerOutOfScope(kind, scope),
      }),
    )
  },
  prepareCreate: prepareDepartmentCreate,
  prepareUpdate: prepareDepartmentUpdate,
})

function isDepartment(item: Row): boolean {
  return item['kind'] === kind && !isTombstone(item)
}

function prepareDepartmentCreate(values: JsonObject, counterpartId: string): Prepared {
  const refusal = refusedReference(definition, counterpartId)
  if (refusal !== null) return refuse(refusal)
  const missing = firstMissing(values, required)
  if (missing) return refuse(`The webshop needs ${missing.called} of a department: fill it in in PowerOffice.`)
  return { body: { ...newBody(definition, values, counterpartId, []), kind }, flags: '', notes: [], refusal: null }
}

function prepareDepartmentUpdate(_current: JsonObject, values: JsonObject, flags: string): Prepared {
  const body = patchBody(values, ['kind'])
  const notes = withholdCleared(body, required)
  return { body, flags, notes, refusal: null }
}
