import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Collection, Connector, ParsedRecord, Prepared, WriteAnswer } from '../../../activities/connector.ts'
import type { ConnectorLogger } from '../../../activities/http/logger.ts'
import type { FlowName } from '../../../flows/flow-definition.ts'
import {
  admin,
  type CollectionOffers,
  context,
  offersByDefault,
  type RunningSystem,
  type SystemUnderTest,
} from '../system-under-test.ts'

/** What the tests share: one sandbox, one connector and twelve records. The first four are there once tests run. */
export interface Opened {
  running: RunningSystem
  connector: Connector
  collection: Collection
  ids: readonly string[]
  readonly flow: FlowName
  readonly offers: CollectionOffers
  readonly lines: readonly string[]
  readonly logger: ConnectorLogger
  readonly recordPath: string
  readonly createPath: string
  readonly anyRoute: RegExp
  readonly oneRoute: RegExp
  readonly createRoute: RegExp
  fault(planned: Readonly<Record<string, unknown>>): Promise<unknown>
  requestsTo(route: RegExp): Promise<number>
  prepare(counterpartId: string, name: string): Prepared
  create(counterpartId: string, name: string): Promise<WriteAnswer>
  findBy(counterpartId: string): Promise<ParsedRecord[]>
}

export function openSystem(system: SystemUnderTest): Opened {
  const flow = system.flow ?? 'customers'
  const createPath = system.createPath ?? system.recordPath
  const lines: string[] = []
  const logger: ConnectorLogger = {
    debug: (fields, message) => void lines.push(JSON.stringify([fields, message])),
    warn: (fields, message) => void lines.push(JSON.stringify([fields, message])),
  }
  const opened: Opened = {
    flow,
    lines,
    logger,
    offers: { ...offersByDefault, ...system.offers },
    recordPath: system.recordPath,
    createPath,
    anyRoute: new RegExp(system.recordPath, 'i'),
    oneRoute: new RegExp(`${system.recordPath}/\\{id\\}$`, 'i'),
    createRoute: new RegExp(`POST .*${createPath}$`, 'i'),
    running: undefined as unknown as RunningSystem,
    connector: undefined as unknown as Connector,
    collection: undefined as unknown as Collection,
    ids: [],
    fault: (planned: Readonly<Record<string, unknown>>) => admin(opened.running.origin, 'POST', '/faults', planned),
    requestsTo: async (route: RegExp) => {
      const counts = (await admin(opened.running.origin, 'GET', '/counts')) as { byRoute: Record<string, number> }
      return Object.entries(counts.byRoute)
        .filter(([key]) => route.test(key))
        .reduce((sum, [, count]) => sum + count, 0)
    },
    prepare: (counterpartId, name) => {
      const { running, collection } = opened
      const counterpart = { id: counterpartId, creation: 1 }
      return collection.prepareCreate(running.values(name, counterpartId), counterpart, running.newItems)
    },
    create: (counterpartId: string, name: string) => {
      const counterpart = { id: counterpartId, creation: 1 }
      return opened.collection.create(opened.prepare(counterpartId, name).body, counterpart, context)
    },
    findBy: (counterpartId: string) =>
      opened.collection.findByCounterpart(counterpartId, context, opened.prepare(counterpartId, 'Søkt').body),
  }
  beforeAll(async () => {
    opened.running = await system.start()
    opened.connector = opened.running.connect({}, logger)
    opened.collection = opened.connector.collection(flow)
    opened.ids = opened.running.insert(Array.from({ length: 12 }, (_, index) => `Fjordfisk ${index} AS`))
  })
  afterAll(() => opened.running.close())
  beforeEach(async () => {
    await admin(opened.running.origin, 'DELETE', '/faults')
    await admin(opened.running.origin, 'DELETE', '/counts')
  })
  return opened
}
