import type { Collection, Connector } from '../../activities/connector.ts'
import type { Systems } from '../../activities/systems/systems.ts'
import type { Switches } from './simulate.ts'

/** What holds the engine's promise, one mechanism each. Switched off, the simulation must find what goes wrong. */
export const mechanisms = [
  'adoption lookup',
  'echo filter',
  'precondition check',
  'cursor overlap',
  'pair in hand',
  'settle',
  'base apart from seen',
  'look before a create',
] as const
export type Mechanism = (typeof mechanisms)[number]

/** Read by the modules that a test puts in the place of the engine's own. */
export const off = new Set<Mechanism>()

/** What is switched off between the engine and its systems, or in them. */
export const switchesWithout: Readonly<Partial<Record<Mechanism, Switches>>> = {
  'adoption lookup': { systems: withoutReferences },
  'precondition check': { comparesVersions: false, comparesTests: false },
  'cursor overlap': { filterShiftMs: 60_000 },
}

/** Where systems that refuse a second record of one reference would do the mechanism's work, they let it pass. */
export const worldFor: Readonly<Partial<Record<Mechanism, Switches>>> = {
  settle: { keepsReferencesUnique: false },
}

/** Whoever looks for what an earlier attempt made finds nothing. */
function withoutReferences(systems: Systems): Systems {
  const hidden = (connector: Connector): Connector => {
    const original = connector.collection('customers')
    const strip = <T>(record: T): T => ({ ...record, reference: null })
    const collection: Collection = {
      ...original,
      canCreate: true,
      canUpdate: true,
      findByCounterpart: () => Promise.resolve([]),
      listAll: async (...args) => (await original.listAll(...args)).map(strip),
      listChanges: async (...args) => {
        const changes = await original.listChanges(...args)
        return { ...changes, records: changes.records.map(strip) }
      },
      readMany: async (...args) =>
        new Map([...(await original.readMany(...args))].map(([id, record]) => [id, strip(record)])),
    }
    return { ...connector, collection: () => collection }
  }
  return { erp: hidden(systems.erp), shop: systems.shop }
}
