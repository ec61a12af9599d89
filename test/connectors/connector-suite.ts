import { describe } from 'vitest'
import { describeCreating } from './suite/creating.ts'
import { describeItems } from './suite/items.ts'
import { openSystem } from './suite/opened-system.ts'
import { describeReading } from './suite/reading.ts'
import { describeTrouble } from './suite/trouble.ts'
import { describeUpdating } from './suite/updating.ts'
import type { SystemUnderTest } from './system-under-test.ts'

/** One list of behaviours for every collection of every connector; what a system does differently is tested beside it. */
export function describeCollection(name: string, system: SystemUnderTest): void {
  describe(`${name} connector, ${system.flow ?? 'customers'}`, () => {
    const opened = openSystem(system)
    describeReading(opened)
    if (opened.offers.create) describeCreating(opened)
    if (opened.offers.update) describeUpdating(opened)
    if (opened.offers.items) describe('the list of a record', () => describeItems(opened))
  })
}

/** What is the same for all collections of a connector, tested with one of them. */
export function describeConnector(name: string, system: SystemUnderTest): void {
  describeCollection(name, system)
  describe(`${name} connector, when the system misbehaves`, () => describeTrouble(system, openSystem(system)))
}
