import { seedCustomers } from '../seed/customers.ts'
import { seedEverything } from '../seed/everything.ts'
import type { SeedName, SeedOptions } from '../seed/options.ts'
import type { ErpSeedOrder } from '../seed/orders.ts'
import { customerKind } from './customers/kind.ts'
import { seededCustomer } from './customers/seed-record.ts'
import { departmentKind } from './departments/kind.ts'
import { seededDepartment } from './departments/seed-record.ts'
import { insertOrders } from './orders/bulk.ts'
import { addContactPerson } from './orders/contact-persons.ts'
import { type SeededReferences, seededOrder } from './orders/seed-record.ts'
import { productGroupKind } from './product-groups/kind.ts'
import { seededProductGroup } from './product-groups/seed-record.ts'
import { productKind } from './products/kind.ts'
import { seededProduct } from './products/seed-record.ts'
import type { SandboxState } from './sandbox-state.ts'
import { insertRecords } from './write-record.ts'

/** Fills an empty company, wholly or not at all; one that has customers is left alone. */
export function seedWhenEmpty(state: SandboxState, seed: SeedName, options: SeedOptions = {}): void {
  if (seed === 'none' || state.customers.count([]) > 0) return
  state.database.transaction(() => {
    if (seed === 'all') insertEverything(state, options)
    else
      insertRecords(
        state,
        customerKind,
        seedCustomers(options).erp.map((customer) => seededCustomer(customer)),
      )
  })
}

function insertEverything(state: SandboxState, options: SeedOptions): void {
  const { departments, customers, productGroups, products, orders } = seedEverything(options)
  const discounts = new Map(orders.customerDiscounts.map((one) => [one.customer, one.discountPercent]))
  insertRecords(state, departmentKind, departments.erp.map(seededDepartment))
  const inserted = insertRecords(
    state,
    customerKind,
    customers.erp.map((customer, index) => seededCustomer(customer, discounts.get(index) ?? null)),
  )
  insertRecords(state, productGroupKind, productGroups.map(seededProductGroup))
  insertRecords(state, productKind, products.erp.map(seededProduct))
  const customerIds = inserted.map((customer) => Number(customer.Id))
  insertOrders(
    state,
    orders.erp.map((order) => seededOrder(order, referencesOf(state, order, customerIds))),
  )
}

function referencesOf(state: SandboxState, order: ErpSeedOrder, customerIds: readonly number[]): SeededReferences {
  const customerId = customerIds[order.customer]
  if (customerId === undefined) throw new Error(`the seed refers to customer ${order.customer}, which it does not have`)
  if (order.contactPerson === null) return { customerId, contactPersonId: null }
  const { firstName, lastName } = order.contactPerson
  const person = addContactPerson(state, { ContactId: customerId, Name: `${firstName} ${lastName}` })
  return { customerId, contactPersonId: person.Id }
}
