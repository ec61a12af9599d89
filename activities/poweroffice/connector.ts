import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type FlowName, flowNames } from '../../flows/flow-definition.ts'
import { type CompanyOptions, defaultOptions } from '../../flows/flow-options.ts'
import type { Collection, Connector, ParsedRecord, RequestContext } from '../connector.ts'
import { contractChanged, troubleOf } from '../http/answer-meaning.ts'
import { createExchanger, type Exchanger } from '../http/exchange.ts'
import { createHttpClient, defaultTimeoutMs, type HttpClientOptions } from '../http/http-client.ts'
import type { ConnectorLogger } from '../http/logger.ts'
import { type MonotonicClock, monotonicClock } from '../http/monotonic-clock.ts'
import { limiterFor, type RateLimiter } from '../http/rate-limiter.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { customersEntity } from './customers.ts'
import { createDeliveryAddresses } from './delivery-addresses.ts'
import { departmentsEntity } from './departments.ts'
import { type DocumentedNames, withDocumentedNames } from './documented-names.ts'
import type { PowerOfficeEntity } from './entity.ts'
import { createEntityCollection } from './entity-collection.ts'
import { createLineArticles } from './line-articles.ts'
import { createListReader, parseDateMs } from './list-pages.ts'
import { type NumberSeries, roomInSeries } from './number-room.ts'
import { createOrderReader, headChanges, lineChanges } from './order-reader.ts'
import { createPatchTests } from './patch.ts'
import { productsEntity } from './products.ts'
import { createReferences } from './reference.ts'
import { createReferenceLists } from './reference-lists.ts'
import { adviceOnRoles, missingRoles } from './roles.ts'
import { problemsOfVatAccounts } from './sales-accounts.ts'
import { createSalesOrderLines } from './sales-order-lines.ts'
import { createSalesOrders } from './sales-orders.ts'
import { powerOffice } from './system-names.ts'
import { createTokenSource } from './token-source.ts'

export interface PowerOfficeOptions {
  /** Ends in `/v2`. */
  readonly baseUrl: string
  readonly tokenUrl: string
  readonly applicationKey: string
  readonly clientKey: string
  readonly subscriptionKey: string
  readonly requestsPerSecond: number
  /** First part of our references, at most 7 characters (rule 12). */
  readonly referencePrefix: string
  /** What the company chose about its flows. Default: defaultOptions. */
  readonly options?: CompanyOptions
  /** Default: the process's one limiter for the subscription key, which all its companies share. */
  readonly limiter?: RateLimiter
  readonly logger?: ConnectorLogger
  /** Of one request; a page of a long list gets six times that. */
  readonly timeoutMs?: number
  /** Rows a page of a list, for tests. */
  readonly pageSize?: number
  readonly clock?: MonotonicClock
  readonly exchanger?: Exchanger
  readonly random?: () => number
}

export interface PowerOfficeConnector extends Connector {
  /** The customer number series. Needs the role CommonServices. @throws VendorTrouble */
  numberSeries(context: RequestContext): Promise<readonly NumberSeries[]>
  /** What is wrong with the option `vatAccounts` as PowerOffice's accounts stand, one sentence each. @throws VendorTrouble */
  checkVatAccounts(context: RequestContext): Promise<readonly string[]>
  /** Roles that these flows would do better with, one sentence each. @throws VendorTrouble */
  checkRoles(context: RequestContext, flows?: readonly FlowName[]): Promise<readonly string[]>
}

const listTimeouts = 6

export function createPowerOfficeConnector(options: PowerOfficeOptions): PowerOfficeConnector {
  const clock = options.clock ?? monotonicClock
  const limiter = options.limiter ?? limiterFor(limiterKey(options), options.requestsPerSecond)
  const references = createReferences(options.referencePrefix)
  const company = options.options ?? defaultOptions
  const subscription = { 'ocp-apim-subscription-key': options.subscriptionKey }
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  const common: Omit<HttpClientOptions, 'baseUrl' | 'credentials'> = {
    system: powerOffice,
    limiter,
    clock,
    timeoutMs,
    exchanger: options.exchanger ?? createExchanger(),
    ...(options.logger && { logger: options.logger }),
    ...(options.random && { random: options.random }),
  }
  const basic = Buffer.from(`${options.applicationKey}:${options.clientKey}`).toString('base64')
  const keys = { authorization: `Basic ${basic}`, ...subscription }
  const tokenClient = createHttpClient({
    ...common,
    baseUrl: options.tokenUrl,
    credentials: { headers: () => Promise.resolve(keys), renew: () => false },
  })
  const tokens = createTokenSource(tokenClient, clock)
  const client = createHttpClient({
    ...common,
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    credentials: {
      headers: async (context) => ({ authorization: `Bearer ${await tokens.token(context)}`, ...subscription }),
      renew: (refused) => {
        tokens.drop((refused['authorization'] ?? '').replace(/^Bearer /, ''))
        return true
      },
    },
  })

  async function readCompany(context: RequestContext) {
    const path = '/ClientIntegrationInformation'
    const answer = await client.read({ path }, context)
    const company = companySchema.safeParse(withDocumentedNames(answer.json, companyNames))
    if (answer.status >= 400 || !company.success) {
      const message = `PowerOffice answered GET ${path} (status ${answer.status}) in a form that is not known: check POWEROFFICE_BASE_URL.`
      throw new VendorTrouble(contractChanged(powerOffice, message))
    }
    return { ...company.data, dateMs: parseDateMs(answer.headers['date']) }
  }

  const listOptions = {
    timeoutMs: timeoutMs * listTimeouts,
    ...(options.pageSize !== undefined && { pageSize: options.pageSize }),
  }
  // Whether PowerOffice takes tests is one question for all its collections.
  const tests = createPatchTests()
  // Without a Date header our own clock must do; the overlap makes up for some of the difference.
  const serverTimeMs = async (context: RequestContext) =>
    (await readCompany(context)).dateMs ?? Date.now() + client.clockOffsetMs()
  const collectionOf = (entity: PowerOfficeEntity) =>
    createEntityCollection({
      client,
      entity,
      references,
      tests,
      listTimeoutMs: listOptions.timeoutMs,
      ...(options.pageSize !== undefined && { pageSize: options.pageSize }),
      serverTimeMs,
    })
  const lists = createReferenceLists(client, clock, listOptions)
  const addresses = createDeliveryAddresses(client, clock, listOptions)
  const articles = createLineArticles(client, clock, lists, { company, timeoutMs: listOptions.timeoutMs })
  const orderReader = (purpose: 'heads' | 'lines') =>
    createOrderReader({
      ...{ client, clock, references, company, articles, ...listOptions },
      addresses: purpose === 'heads' ? addresses : null,
      changes: purpose === 'heads' ? headChanges : lineChanges,
    })
  const customers = collectionOf(customersEntity(references, company))

  const collections: Readonly<Record<FlowName, Collection>> = {
    departments: collectionOf(departmentsEntity(company)),
    customers: {
      ...customers,
      roomForMore: async (records, context) => {
        try {
          return roomInSeries(await readNumberSeries(context), numbersOf(records))
        } catch (error) {
          // The role CommonServices may be missing: then there is no warning, and PowerOffice refuses when it is full.
          if (error instanceof VendorTrouble) return null
          throw error
        }
      },
    },
    products: collectionOf(productsEntity(lists, company)),
    salesOrders: createSalesOrders({
      ...{ client, references, addresses, articles, company, tests, serverTimeMs },
      reader: orderReader('heads'),
    }),
    salesOrderLines: createSalesOrderLines({
      ...{ client, articles, company, tests, serverTimeMs },
      reader: orderReader('lines'),
    }),
  }

  return {
    side: 'erp',
    checkHealth: async (context, flow) => {
      const { ValidPrivileges } = await readCompany(context)
      // A 403 in the middle of the work says the same, but a check that passes then would send the flow back into it.
      const missing = missingRoles(flow === undefined ? flowNames : [flow], ValidPrivileges)
      if (ValidPrivileges.length === 0 || missing.length === 0) return
      const message = `PowerOffice has not given our integration the role ${missing.join(' and ')}: grant it in PowerOffice Go (Settings, Integrations) and see that the company's subscription includes it.`
      throw new VendorTrouble(troubleOf(powerOffice, 'NotAuthorised', message))
    },
    identify: async (context) => ({
      name: (await readCompany(context)).ClientName,
      production: isProduction(options.baseUrl),
    }),
    clockOffsetMs: client.clockOffsetMs,
    collection: (flow) => collections[flow],
    numberSeries: readNumberSeries,
    checkVatAccounts: async (context) =>
      problemsOfVatAccounts(company.products.vatAccounts, await lists.refreshed(context)),
    checkRoles: async (context, flows = flowNames) =>
      adviceOnRoles(flows, (await readCompany(context)).ValidPrivileges),
  }

  async function readNumberSeries(context: RequestContext): Promise<readonly NumberSeries[]> {
    const list = createListReader(client, { path: '/SubLedgerNumberSeries', names: seriesNames }, { timeoutMs })
    const { rows } = await list.readAll([['subLedgerNumberSeriesType', 'Customer']], context)
    return rows.flatMap((row) => {
      const series = seriesSchema.safeParse(row)
      // The filter may be ignored, and a series that cannot be read gives no warning, which is all it is for.
      if (!series.success || series.data.SubLedgerNumberSeriesType.toLowerCase() !== 'customer') return []
      const { Name, IsDefault, FromInclusive, ToInclusive } = series.data
      return [{ name: Name, isDefault: IsDefault, from: FromInclusive, to: ToInclusive }]
    })
  }
}

function numbersOf(records: readonly ParsedRecord[]): number[] {
  return records.flatMap((record) => {
    const number = record.kind === 'record' ? record.raw['Number'] : null
    return typeof number === 'number' ? [number] : []
  })
}

const companyNames: DocumentedNames = { ClientName: true, ValidPrivileges: true }
const companySchema = z.object({
  ClientName: z
    .string()
    .nullish()
    .transform((name) => name ?? 'a company without a name'),
  ValidPrivileges: z
    .array(z.string())
    .nullish()
    .transform((roles) => roles ?? []),
})

const seriesNames: DocumentedNames = {
  Id: true,
  Name: true,
  IsDefault: true,
  FromInclusive: true,
  ToInclusive: true,
  SubLedgerNumberSeriesType: true,
}
const seriesSchema = z.object({
  Name: z
    .string()
    .nullish()
    .transform((name) => name ?? ''),
  IsDefault: z.boolean().default(false),
  FromInclusive: z.int(),
  ToInclusive: z.int(),
  SubLedgerNumberSeriesType: z.string(),
})

/** The path tells the vendor's own sandbox from production; every other host is somebody's stand-in (sandbox/poweroffice/README.md). */
function isProduction(baseUrl: string): boolean {
  const { hostname, pathname } = new URL(baseUrl)
  return hostname === 'goapi.poweroffice.net' && !/^\/demo(\/|$)/i.test(pathname)
}

/** Hashed, so that the key is not kept where somebody may print it. */
function limiterKey(options: PowerOfficeOptions): string {
  const { host } = new URL(options.baseUrl)
  return createHash('sha256').update(`${host} ${options.subscriptionKey}`).digest('hex')
}
