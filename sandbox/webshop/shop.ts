import { randomBytes } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { createFaultPlan, type FaultPlan } from '../faults/fault-plan.ts'
import { openClock, type ShopClock } from './clock.ts'
import type { SharedFields, WriteContext } from './collection.ts'
import type { CustomerFields } from './customer-schema.ts'
import { customers } from './customers.ts'
import { openDatabase, openFacts } from './database.ts'
import { webshopFaultKinds } from './fault-kinds.ts'
import { type KeptAnswers, openKeptAnswers } from './idempotency.ts'
import { type LineIndex, openLineIndex } from './line-index.ts'
import type { OrderFields } from './order-schema.ts'
import { orders } from './orders.ts'
import type { ProductFields } from './product-schema.ts'
import { products } from './products.ts'
import { openRateLimit, type RateLimit } from './rate-limit.ts'
import { openRecordStore, type RecordStore } from './record-store.ts'
import { openRequestCounter, type RequestCounter } from './request-counts.ts'
import type { Caller } from './sandbox-keys.ts'
import { defaultSettings, parseSettingsChange, type Settings, type SettingsChange } from './settings.ts'
import type { ShopView } from './shop-view.ts'
import { openWebhookSender, type WebhookSender } from './webhook-sender.ts'

/** One running shop: what its routes share. */
export interface Shop {
  readonly syncKey: string
  readonly stores: {
    readonly customers: RecordStore<CustomerFields>
    readonly products: RecordStore<ProductFields>
    readonly orders: RecordStore<OrderFields>
  }
  readonly lines: LineIndex
  readonly keptAnswers: KeptAnswers
  readonly webhooks: WebhookSender
  readonly faults: FaultPlan
  readonly clock: ShopClock
  readonly requests: RequestCounter
  readonly rateLimit: RateLimit
  /** Aborted when the shop closes, so that nothing waits any longer. */
  readonly closing: AbortSignal
  settings(): Settings
  /** What the rules need to know when somebody writes now. */
  writeContext(caller: Caller): WriteContext
  /** @throws Problem 422 that names each wrong key */
  changeSettings(change: unknown): Settings
  /** All of it or none; nested calls join the outer one. Synchronous, so nothing else runs in between. */
  inTransaction<Result>(write: () => Result): Result
  /** True the first time that it is asked about this data; to be asked inside the transaction that seeds. */
  claimSeeding(): boolean
  close(): void
}

export interface ShopOptions {
  readonly dataFile: string
  readonly syncKey: string
  readonly webhookSecret: string
  readonly settings: SettingsChange
}

/** @throws StartupError | Problem */
export function openShop(options: ShopOptions): Shop {
  const drawEpoch = () => `e-${randomBytes(5).toString('hex')}`
  const given = parseSettingsChange(options.settings, drawEpoch)
  const file = openDatabase(options.dataFile)
  const { database } = file
  const facts = openFacts(database)
  let settings: Settings = {
    ...defaultSettings,
    epoch: facts.find('epoch') ?? drawEpoch(),
    cursorGeneration: Number(facts.find('cursorGeneration') ?? 1),
    ...given,
  }
  const keepWithData = () => {
    facts.keep('epoch', settings.epoch)
    facts.keep('cursorGeneration', String(settings.cursorGeneration))
  }
  keepWithData()
  const closing = new AbortController()
  // As many requests wait on it as are under way.
  setMaxListeners(0, closing.signal)
  const faults = createFaultPlan(webshopFaultKinds)
  const clock = openClock((at) => settings.clockSkewMs + faults.clockSkewMs(at))
  const webhooks = openWebhookSender({ secret: options.webhookSecret, settings: () => settings, faults, clock })
  const lines = openLineIndex(database)
  const stores: Shop['stores'] = {
    customers: openRecordStore(database, customers, clock),
    products: openRecordStore(database, products, clock),
    orders: openRecordStore<OrderFields>(database, orders, clock, lines),
  }
  const view = openView(stores, lines)
  return {
    syncKey: options.syncKey,
    stores,
    lines,
    keptAnswers: openKeptAnswers(database),
    webhooks,
    faults,
    clock,
    requests: openRequestCounter(),
    rateLimit: openRateLimit(),
    closing: closing.signal,
    settings: () => settings,
    writeContext: (caller) => ({ caller, settings, view }),
    changeSettings: (change) => {
      settings = { ...settings, ...parseSettingsChange(change, drawEpoch) }
      keepWithData()
      return settings
    },
    inTransaction: (write) => (database.inTransaction ? write() : database.transaction(write)()),
    claimSeeding: () => {
      const isFirst = facts.find('seededAt') === undefined
      if (isFirst) facts.keep('seededAt', new Date().toISOString())
      return isFirst
    },
    close: () => {
      closing.abort()
      webhooks.close()
      file.close()
    },
  }
}

/** Numbers of this shop begin above it, so that they have one length for a long time. */
const orderNumberBase = 100_000

function openView({ customers, products, orders }: Shop['stores'], lines: LineIndex): ShopView {
  const findLive = <Fields extends SharedFields>(store: RecordStore<Fields>, id: string): Fields | undefined => {
    const found = store.find(id)
    return found.kind === 'live' ? found.record : undefined
  }
  const findOrder = (field: string, value: string) => orders.findTaken({ field, columns: { [field]: value } }, '')
  return {
    findCustomer: (id) => findLive(customers, id),
    findProduct: (id) => findLive(products, id),
    hasOrder: (id) => findLive(orders, id) !== undefined,
    findOrderOfCustomer: (id) => findOrder('customerId', id) ?? findOrder('departmentId', id),
    findOrderOfProduct: (id) => lines.findOrderOfProduct(id),
    nextLineId: () => lines.nextId(),
    freeOrderNumber: () => {
      let number = orderNumberBase + orders.highestOrdinal() + 1
      while (findOrder('number', String(number)) !== undefined) number += 1
      return String(number)
    },
  }
}
