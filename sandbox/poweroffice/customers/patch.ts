import { isDeepStrictEqual } from 'node:util'
import { applyJsonPatch } from '../json-patch.ts'
import { notFound, Problem } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { dtoSchema, isJsonObject, type JsonObject, propertyNames, readValue } from '../schema.ts'
import { nextAddress, patchableAddress } from './address.ts'
import { completeDto, withDefaults, withHiddenNationalId } from './create.ts'
import type { CustomerDto } from './dto.ts'
import { settleReferences } from './references.ts'
import { assertCustomerAllowed } from './rules.ts'

const schemaName = 'CustomerPatchDto'
const title = 'Customer validation error(s)'
const patchable = propertyNames(schemaName)

/** PATCH /Customers/{id} with an RFC 6902 body. Throws a Problem and then nothing is changed. */
export function patchCustomer(state: SandboxState, id: number, body: unknown): CustomerDto {
  return state.database.transaction(() => {
    const current = existingCustomer(state, id)
    const before = patchableView(current)
    const after = applyJsonPatch(before, body, { schemaName, title }, state.settings.current())
    return storeChanges(state, current, changedProperties(before, after))
  })
}

/** The same write without a patch document: somebody edits in the ERP's own screens. Of the address only what is named changes. */
export function editCustomer(state: SandboxState, id: number, changes: JsonObject): CustomerDto {
  return state.database.transaction(() => {
    const current = existingCustomer(state, id)
    for (const name of Object.keys(changes)) {
      if (!patchable.includes(name)) throw new Problem(400, title, `${name} is no editable property of a customer.`)
    }
    const before = patchableView(current)
    const address = isJsonObject(changes.MailAddress)
      ? { MailAddress: { ...(isJsonObject(before.MailAddress) ? before.MailAddress : {}), ...changes.MailAddress } }
      : {}
    return storeChanges(state, current, changedProperties(before, { ...before, ...changes, ...address }))
  })
}

export function existingCustomer(state: SandboxState, id: number): CustomerDto {
  const customer = state.customers.get(id)
  if (!customer) throw notFound(`Customer with id = ${id} not found.`)
  return customer
}

function patchableView(customer: CustomerDto): JsonObject {
  const view = Object.fromEntries(patchable.map((name) => [name, customer[name] ?? null]))
  return { ...view, MailAddress: patchableAddress(customer.MailAddress) }
}

function changedProperties(before: JsonObject, after: JsonObject): JsonObject {
  const changed = patchable.filter((name) => !isDeepStrictEqual(before[name], after[name] ?? null))
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null]))
}

function storeChanges(state: SandboxState, current: CustomerDto, changes: JsonObject): CustomerDto {
  const switches = state.settings.current()
  const checked = readChanges(state, changes)
  const written = new Set(Object.keys(checked))
  if (written.size === 0) return current
  const now = state.clock.next()
  const address = written.has('MailAddress')
    ? nextAddress(state, current.MailAddress, checked.MailAddress, now)
    : (current.MailAddress ?? null)
  // The change time ignores the address: the vendor says so, and a client that polls by it must notice (README.md).
  const movesCustomer = [...written].some((name) => name !== 'MailAddress')
  const next = completeDto({
    ...withDefaults({ ...current, ...checked, ...settledReferences(state, checked) }),
    MailAddress: address,
    LastChangedDateTimeOffset: movesCustomer ? now : current.LastChangedDateTimeOffset,
  })
  assertCustomerAllowed(next, written, state)
  const stored = withHiddenNationalId(next)
  state.customers.save(stored, { lateMs: switches.lateVisibility })
  return stored
}

/** Types, lengths and enum names of what the patch wrote; the wording is that of the spec's "patch bad value" sample. */
function readChanges(state: SandboxState, changes: JsonObject): JsonObject {
  const schema = dtoSchema(schemaName)
  return Object.fromEntries(
    Object.entries(changes).map(([name, value]) => [
      name,
      readValue(value, schema.properties?.[name] ?? {}, name, state.settings.current(), (reason) => {
        const shown = typeof reason.value === 'string' ? reason.value : JSON.stringify(reason.value)
        return new Problem(400, title, `${schemaName}: The value '${shown}' is invalid for target location.`)
      }),
    ]),
  )
}

const referenceProperties = [
  'PaymentTermId',
  'DeliveryTermId',
  'DepartmentId',
  'SalesPersonEmployeeId',
  'InvoiceBrandingThemeId',
] as const

/** Id references that the patch wrote, with the twins they imply. */
function settledReferences(state: SandboxState, changes: JsonObject): JsonObject {
  const written = referenceProperties.filter((name) => name in changes)
  if (written.length === 0) return {}
  const settled = settleReferences(changes, state.settings.current())
  const twins: Record<(typeof referenceProperties)[number], string> = {
    PaymentTermId: 'PaymentTerm',
    DeliveryTermId: 'DeliveryTerm',
    DepartmentId: 'DepartmentCode',
    SalesPersonEmployeeId: 'SalesPersonEmployeeNumber',
    InvoiceBrandingThemeId: 'InvoiceBrandingThemeCode',
  }
  return Object.fromEntries(
    written.flatMap((name) => [
      [name, settled[name] ?? null],
      [twins[name], settled[twins[name]] ?? null],
    ]),
  )
}
