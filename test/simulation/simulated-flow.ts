import type { Connector, JsonObject } from '../../activities/connector.ts'
import type { Exchanger } from '../../activities/http/exchange.ts'
import { createHttpClient } from '../../activities/http/http-client.ts'
import { monotonicClock } from '../../activities/http/monotonic-clock.ts'
import { createRateLimiter } from '../../activities/http/rate-limiter.ts'
import { byLastChanged } from '../../activities/poweroffice/change-watermarks.ts'
import type { PowerOfficeEntity } from '../../activities/poweroffice/entity.ts'
import { createEntityCollection } from '../../activities/poweroffice/entity-collection.ts'
import { parseDateMs } from '../../activities/poweroffice/list-pages.ts'
import { createPatchTests } from '../../activities/poweroffice/patch.ts'
import { createReferences } from '../../activities/poweroffice/reference.ts'
import { powerOffice } from '../../activities/poweroffice/system-names.ts'
import type { Systems } from '../../activities/systems/systems.ts'
import { createCapabilitySource } from '../../activities/webshop/capabilities.ts'
import { newBody, patchBody } from '../../activities/webshop/record-rules.ts'
import { createShopCollection } from '../../activities/webshop/shop-collection.ts'
import { parseErpReference, type ShopEntity } from '../../activities/webshop/shop-entity.ts'
import { webshop } from '../../activities/webshop/system-names.ts'
import type { FieldDefinition, FlowDefinition } from '../../flows/flow-definition.ts'

function field(
  number: number,
  name: string,
  erp: string,
  rules: Pick<FieldDefinition, 'direction' | 'conflict'>,
): FieldDefinition {
  return { number, name, type: 'string', canonicalVersion: 1, erp: { path: erp }, shop: { path: name }, ...rules }
}

/** A small flow with one field for each thing that can go wrong. It bears a known name: flows are named by a closed list. */
export const simulatedFlow: FlowDefinition = {
  name: 'customers',
  version: 1,
  title: 'Simulated',
  promise: 'Equal on both sides.',
  recordName: 'customer',
  erpCollection: 'Customers',
  shopCollection: 'customers',
  fields: [
    field(1, 'code', 'Code', { direction: 'both', conflict: 'latest' }),
    field(2, 'name', 'Name', { direction: 'both', conflict: 'latest' }),
    field(3, 'note', 'Note', { direction: 'both', conflict: 'erp' }),
    // PowerOffice stores it in capitals: it rewrites what it is given.
    field(4, 'tag', 'Tag', { direction: 'both', conflict: 'latest' }),
    field(5, 'price', 'Price', { direction: 'toShop', conflict: 'erp' }),
    // Its edits move no change time in PowerOffice: the sweep finds them.
    field(6, 'address', 'Address', { direction: 'both', conflict: 'latest' }),
    // By this the checker knows a record again: nobody edits it.
    field(8, 'mark', 'Mark', { direction: 'both', conflict: 'latest' }),
    {
      ...field(7, 'active', 'IsActive', { direction: 'toShop', conflict: 'erp' }),
      type: 'boolean',
      erp: { allOf: ['IsActive'], writes: 'IsActive' },
    },
  ],
  matchWithin: null,
  matchKeys: [{ name: 'code', field: 'code' }],
  neverMatchAcross: [],
  shopKinds: null,
  creation: { erp: 'always', shop: 'always' },
  dormantWhen: { field: 'active', equals: ['false'] },
  labelFields: ['name', 'code'],
  onDelete: { erp: 'archiveInShop', shop: 'unlink' },
  archiveField: 'active',
  archiveValue: 'false',
}

const references = createReferences('sim')
const names = {
  Id: true,
  Mark: true,
  Code: true,
  Name: true,
  Note: true,
  Tag: true,
  Price: true,
  Address: true,
  IsActive: true,
  ExternalImportReference: true,
  CreatedDateTimeOffset: true,
  LastChangedDateTimeOffset: true,
} as const

const erpEntity: PowerOfficeEntity = {
  definition: simulatedFlow,
  path: '/Customers',
  names,
  changes: [byLastChanged],
  findsBy: { kind: 'reference', filter: 'externalImportReferences' },
  parserFor: () =>
    Promise.resolve((row) => ({
      kind: 'record',
      id: String(row['Id']),
      raw: row as JsonObject,
      version: null,
      changedAt: String(row['LastChangedDateTimeOffset']),
      createdAt: String(row['CreatedDateTimeOffset']),
      movesNoTime: ['address'],
      groupChangedAt: {},
      reference: references.read(row['ExternalImportReference'] as string | null),
      outOfScope: null,
    })),
  prepareCreate: (values, counterpart) => ({
    body: { ...values, ExternalImportReference: references.write(counterpart) },
    flags: '',
    notes: [],
    refusal: null,
  }),
  prepareUpdate: (_current, values, flags) => ({ body: values, flags, notes: [], refusal: null }),
}

const shopEntity: ShopEntity = {
  definition: simulatedFlow,
  path: '/api/customers',
  offers: ({ customers }) => customers,
  notOffered: () => null,
  findSchemaFault: () => undefined,
  parse: (item, etag) =>
    item['deleted'] === true
      ? { kind: 'missing', id: String(item['id']), tombstone: true }
      : {
          kind: 'record',
          id: String(item['id']),
          raw: item as JsonObject,
          version: (item['version'] as string | undefined) ?? etag,
          changedAt: item['changedAt'] as string,
          groupChangedAt: {},
          reference: parseErpReference(simulatedFlow, item['erpId'] as string | null),
          outOfScope: null,
        },
  prepareCreate: (values, counterpartId) => ({
    body: newBody(simulatedFlow, values, counterpartId, []),
    flags: '',
    notes: [],
    refusal: null,
  }),
  prepareUpdate: (_current, values, flags) => ({ body: patchBody(values, []), flags, notes: [], refusal: null }),
}

/** The real connectors' parts, told only how this flow's records look: one set a process, as in a worker. */
export function connectTo(
  exchangers: { readonly erp: Exchanger; readonly shop: Exchanger },
  random: () => number,
  keepsReferencesUnique: boolean,
): Systems {
  const clientOf = (side: 'erp' | 'shop') =>
    createHttpClient({
      system: side === 'erp' ? powerOffice : webshop,
      baseUrl: `http://${side}.simulated`,
      limiter: createRateLimiter({ requestsPerSecond: null }),
      credentials: { headers: () => Promise.resolve({}), renew: () => false },
      exchanger: exchangers[side],
      random,
    })
  const erpClient = clientOf('erp')
  const shopClient = clientOf('shop')
  const collection = createEntityCollection({
    client: erpClient,
    entity: erpEntity,
    references,
    tests: createPatchTests(),
    listTimeoutMs: 10_000,
    serverTimeMs: async (context) => {
      const { headers } = await erpClient.read({ path: '/Customers', query: [['PageSize', '1']] }, context)
      return parseDateMs(headers['date']) ?? 0
    },
  })
  const erp = { ...collection, hasUniqueReference: keepsReferencesUnique }
  const shop = createShopCollection({
    client: shopClient,
    entity: shopEntity,
    capabilities: createCapabilitySource(shopClient, monotonicClock),
  })
  const connector = (side: 'erp' | 'shop'): Connector => ({
    side,
    checkHealth: async (context) => {
      await (side === 'erp' ? erp : shop).readMany(['0'], context)
    },
    identify: () => Promise.resolve({ name: side, production: false }),
    clockOffsetMs: (side === 'erp' ? erpClient : shopClient).clockOffsetMs,
    collection: () => (side === 'erp' ? erp : shop),
  })
  return { erp: connector('erp'), shop: connector('shop') }
}
