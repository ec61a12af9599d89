import { type FlowName, flowNames } from '../../flows/flow-definition.ts'
import { type CompanyOptions, defaultOptions } from '../../flows/flow-options.ts'
import { isLoopbackUrl } from '../../flows/settings.ts'
import type { Collection, Connector, RequestContext } from '../connector.ts'
import { contractChanged } from '../http/answer-meaning.ts'
import type { Exchanger } from '../http/exchange.ts'
import { createHttpClient } from '../http/http-client.ts'
import type { ConnectorLogger } from '../http/logger.ts'
import { type MonotonicClock, monotonicClock } from '../http/monotonic-clock.ts'
import { createRateLimiter, type RateLimiter } from '../http/rate-limiter.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { type Capabilities, createCapabilitySource } from './capabilities.ts'
import { createChangeFeed } from './change-feed.ts'
import { customersEntity, customersPath } from './customers.ts'
import { departmentsEntity } from './departments.ts'
import { createLineEdits } from './line-edits.ts'
import { createOrderGuests } from './order-guests.ts'
import { orderLinesEntity, ordersEntity } from './orders.ts'
import { productsEntity } from './products.ts'
import { createShopCollection } from './shop-collection.ts'
import type { ShopEntity } from './shop-entity.ts'
import { webshop } from './system-names.ts'

export interface WebshopOptions {
  /** The shop's root; its API lies under `/api`. */
  readonly baseUrl: string
  readonly apiKey: string
  /** What the company chose; default: flow-options.ts. */
  readonly options?: CompanyOptions
  /** Default: no limit until the shop answers 429, then what it was seen to bear. */
  readonly limiter?: RateLimiter
  readonly logger?: ConnectorLogger
  readonly timeoutMs?: number
  readonly clock?: MonotonicClock
  readonly exchanger?: Exchanger
  readonly random?: () => number
}

export interface WebshopConnector extends Connector {
  /** At most an hour old. @throws VendorTrouble */
  capabilities(context: RequestContext): Promise<Capabilities>
}

export function createWebshopConnector(options: WebshopOptions): WebshopConnector {
  const clock = options.clock ?? monotonicClock
  const headers = { authorization: `Bearer ${options.apiKey}` }
  const client = createHttpClient({
    system: webshop,
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    limiter: options.limiter ?? createRateLimiter({ requestsPerSecond: null, clock }),
    clock,
    credentials: { headers: () => Promise.resolve(headers), renew: () => false },
    ...(options.logger && { logger: options.logger }),
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
    ...(options.exchanger && { exchanger: options.exchanger }),
    ...(options.random && { random: options.random }),
  })
  const capabilities = createCapabilitySource(client, clock)
  const chosen = options.options ?? defaultOptions
  const guests = createOrderGuests(createChangeFeed(client, customersPath), chosen.customers.guests, clock)
  const collectionOf = (entity: ShopEntity): Collection => createShopCollection({ client, entity, capabilities })
  const orderOptions = { ...chosen.salesOrders, scope: chosen.scope.shop }
  const entities: Readonly<Record<FlowName, ShopEntity>> = {
    departments: departmentsEntity(chosen.scope.shop),
    customers: customersEntity(chosen.customers.guests, chosen.scope.shop),
    products: productsEntity(chosen.scope.shop),
    salesOrders: ordersEntity(orderOptions, guests),
    salesOrderLines: orderLinesEntity(orderOptions, guests),
  }
  const lines = collectionOf(entities.salesOrderLines)
  const collections: Readonly<Record<FlowName, Collection>> = {
    departments: collectionOf(entities.departments),
    customers: collectionOf(entities.customers),
    products: collectionOf(entities.products),
    salesOrders: collectionOf(entities.salesOrders),
    // `canCreate` and its like are getters, which a spread would ask too early.
    salesOrderLines: Object.assign(lines, createLineEdits({ client, capabilities, readMany: lines.readMany })),
  }
  const refuseList = (path: string, status: number) => {
    const message = `The webshop refuses its list GET ${path} (status ${status}): check the shop against its contract.`
    return new VendorTrouble(contractChanged(webshop, message))
  }
  return {
    side: 'shop',
    checkHealth: async (context, flow) => {
      // Read anew each time: the capabilities in hand say how the shop was.
      capabilities.forget()
      const now = await capabilities.current(context)
      const asked = flow === undefined ? flowNames : [flow]
      const offered = asked.map((name) => entities[name]).filter((entity) => entity.notOffered(now) === null)
      for (const path of new Set(offered.map((entity) => entity.path))) {
        const answer = await client.read({ path, query: [['limit', '1']] }, context)
        if (answer.status >= 400) throw refuseList(path, answer.status)
      }
    },
    // The contract has no word for a test shop; whether a host is loopback is the worker's to see.
    identify: async (context) => ({
      name: (await capabilities.current(context)).shop,
      production: !isLoopbackUrl(options.baseUrl),
    }),
    clockOffsetMs: client.clockOffsetMs,
    collection: (flow) => collections[flow],
    capabilities: capabilities.current,
  }
}
