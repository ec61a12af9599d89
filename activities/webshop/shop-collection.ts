import type { Collection, IsKnown, JsonObject, ParsedRecord, RequestContext, WriteAnswer } from '../connector.ts'
import { isRow, type Row } from '../http/absent-property.ts'
import { contractChanged } from '../http/answer-meaning.ts'
import { mapInChunks } from '../http/event-loop.ts'
import type { HttpAnswer } from '../http/exchange.ts'
import type { HttpClient } from '../http/http-client.ts'
import { anotherRecord, idOrStandIn, isStandIn } from '../http/unreadable.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import type { CapabilitySource } from './capabilities.ts'
import { createChangeFeed, decodeCursor, encodeCursor, type FeedCursor, type FeedPage } from './change-feed.ts'
import { erpReference, type SchemaFault, type ShopEntity } from './shop-entity.ts'
import { isProblem, notOfferedAnswer, parseShopProblem, type ShopProblem } from './shop-problem.ts'
import { webshop } from './system-names.ts'
import { ifMatch, versionIn } from './version.ts'

/** So many values a filter takes (docs/webshop-contract.md). */
const maxFilterValues = 100
/** A feed of 500,000 records; beyond that a shop is handing out the same pages again. */
const maxPages = 1_000

export interface ShopCollectionOptions {
  readonly client: HttpClient
  readonly entity: ShopEntity
  readonly capabilities: CapabilitySource
}

export function createShopCollection({ client, entity, capabilities }: ShopCollectionOptions): Collection {
  const feed = createChangeFeed(client, entity.path)
  const recordLabel = `${entity.path}/{id}`
  const pathOf = (id: string) => `${entity.path}/${encodeURIComponent(id)}`
  const referenceTo = (erpId: string) => erpReference(entity.definition, erpId)
  /** Where the latest full reading in this process ended. */
  let endOfListing: FeedCursor | null = null
  const endsOfListings = new WeakMap<readonly ParsedRecord[], FeedCursor>()

  async function parseItems(
    items: readonly unknown[],
    context: RequestContext,
    isKnown: IsKnown = () => false,
  ): Promise<ParsedRecord[]> {
    const rows = items.map((item): Row => (isRow(item) ? item : {}))
    const fault = entity.findSchemaFault(rows)
    if (fault) throw schemaTrouble(fault)
    const strange = rows.filter((row) => !isKnownRow(row, isKnown))
    return completed(await mapInChunks(strange, (row) => entity.parse(row, null), context.signal), context)
  }

  async function readOne(id: string, context: RequestContext): Promise<ParsedRecord> {
    const answer = await client.read({ path: pathOf(id), label: recordLabel }, context)
    if (answer.status === 404) return { kind: 'missing', id, tombstone: false }
    if (answer.status === 410) return { kind: 'missing', id, tombstone: true }
    const fault = answer.status < 400 && isRow(answer.json) ? entity.findSchemaFault([answer.json]) : undefined
    if (fault) throw schemaTrouble(fault)
    const record = answer.status < 400 ? await parseOne(answer, context) : null
    if (record?.id === id) return record
    if (record && isRow(answer.json) && 'id' in answer.json) return anotherRecord(id, 'id', answer.json)
    const message = `The webshop answered GET ${recordLabel} (status ${answer.status}) with something other than the record asked for: check the shop against its contract.`
    throw new VendorTrouble(contractChanged(webshop, message))
  }

  /** null: the answer is not the whole record, as the contract has it. */
  async function parseOne(answer: HttpAnswer, context: RequestContext): Promise<ParsedRecord | null> {
    if (!isRow(answer.json) || entity.findSchemaFault([answer.json])) return null
    const [record] = await completed([entity.parse(answer.json, versionIn(answer.headers['etag']))], context)
    return record ?? null
  }

  async function completed(records: ParsedRecord[], context: RequestContext): Promise<ParsedRecord[]> {
    return entity.complete ? entity.complete(records, context) : records
  }

  function schemaTrouble({ property, where }: SchemaFault): VendorTrouble {
    const message = `The webshop answered ${entity.path} without the property ${property} ${where}: nothing is read as cleared for it; serve it, as null where it is empty.`
    return new VendorTrouble(contractChanged(webshop, message))
  }

  /** Everything, in change order: a record that moves while this reads turns up again on a later page. */
  async function listWhole(
    context: RequestContext,
    onPage?: (recordsSoFar: number) => void,
  ): Promise<{ readonly records: ParsedRecord[]; readonly end: FeedCursor }> {
    const byId = new Map<string, ParsedRecord>()
    let after: FeedCursor | null = null
    for (let pages = 0; pages < maxPages; pages += 1) {
      const page: FeedPage | 'lost' = await feed.readPage(after, context)
      if (page === 'lost') {
        byId.clear()
        after = null
        continue
      }
      for (const record of await parseItems(page.items, context)) {
        if (record.kind === 'missing') byId.delete(record.id)
        else byId.set(record.id, record)
      }
      onPage?.(byId.size)
      if (isEndOf(page, after)) return { records: [...byId.values()], end: page.cursor }
      after = page.cursor
    }
    const message = `The webshop goes on listing ${entity.path} after ${maxPages} pages: check that each page's next leads further.`
    throw new VendorTrouble(contractChanged(webshop, message))
  }

  async function findByErpId(erpId: string, context: RequestContext): Promise<ParsedRecord[]> {
    const items = await feed.readFiltered([['erpId', referenceTo(erpId)]], context)
    // The filter may be ignored: only records that really carry the reference count.
    const carriers = items.filter(
      (item) => isRow(item) && item['erpId'] === referenceTo(erpId) && item['deleted'] !== true,
    )
    return parseItems(carriers, context)
  }

  async function takenBy(problem: ShopProblem, erpId: string, context: RequestContext): Promise<WriteAnswer> {
    const { title, detail } = problem
    const [ours] = await findByErpId(erpId, context)
    if (ours) return { kind: 'taken', byReference: true, existingId: ours.id, title, detail }
    return { kind: 'taken', byReference: false, existingId: problem.existingId, title, detail }
  }

  /** What a 4xx to a write means, beyond what the client has judged already. */
  async function refusalOf(
    answer: HttpAnswer,
    body: JsonObject,
    erpId: string | null,
    context: RequestContext,
  ): Promise<WriteAnswer> {
    const problem = parseShopProblem(answer.status, answer.json, body)
    if (answer.status === 409 && isProblem(problem, 'already-exists')) {
      if (erpId !== null) return takenBy(problem, erpId, context)
      const { title, detail, existingId } = problem
      return { kind: 'taken', byReference: false, existingId, title, detail }
    }
    if (answer.status === 422 && isProblem(problem, 'idempotency-key-reused')) {
      const message =
        'The webshop has carried out another creation under the same Idempotency-Key: the record is looked up by its erpId.'
      return { kind: 'uncertain', message, isKeyUsed: true }
    }
    return { kind: 'refused', status: answer.status, title: problem.title, detail: problem.detail }
  }

  async function refusedByOffer(
    what: 'create' | 'update',
    body: JsonObject,
    context: RequestContext,
  ): Promise<(WriteAnswer & { kind: 'refused' }) | null> {
    const now = await capabilities.current(context)
    if (!entity.offers(now)[what]) {
      return notOfferedAnswer(`Its capabilities say that it does not ${what} ${entity.definition.shopCollection}.`)
    }
    const reason = what === 'update' ? (entity.refusedEdit?.(body, now) ?? null) : null
    return reason === null ? null : notOfferedAnswer(reason)
  }

  return {
    hasUniqueReference: true,
    hasChangeFeed: true,
    // Before the first answer nothing is known; create and update ask before they write.
    get canCreate() {
      const known = capabilities.known()
      return known === null || entity.offers(known).create
    },
    get canUpdate() {
      const known = capabilities.known()
      return known === null || entity.offers(known).update
    },

    /**
     * The end of that listing, else of the latest listAll of this process or of a reading of its own. The feed is complete and in
     * change order, so what changed during that reading had moved behind the cursor and was read on a later page.
     */
    startCursor: async (context, listing) => {
      await capabilities.current(context)
      const end = listing && endsOfListings.get(listing)
      if (end) return encodeCursor(end)
      endOfListing ??= (await listWhole(context)).end
      return encodeCursor(endOfListing)
    },

    listAll: async (context, onPage) => {
      await capabilities.current(context)
      const { records, end } = await listWhole(context, onPage)
      endOfListing = end
      endsOfListings.set(records, end)
      return records
    },

    listChanges: async (cursor, context, isKnown) => {
      await capabilities.current(context)
      const after = decodeCursor(cursor)
      const page = await feed.readPage(after, context)
      if (page !== 'lost') {
        const records = await parseItems(page.items, context, isKnown)
        const passedBy = page.items.length - records.length
        return { records, passedBy, next: encodeCursor(page.cursor), hasMore: !isEndOf(page, after), restarted: false }
      }
      const first = await feed.readPage(null, context)
      if (first === 'lost') throw new Error('a reading from the beginning has no cursor to lose')
      const records = await parseItems(first.items, context)
      return { records, next: encodeCursor(first.cursor), hasMore: first.hasMore, restarted: true }
    },

    readMany: async (ids, context) => {
      const wanted = [...new Set(ids)]
      const asked = new Set(wanted)
      const found = new Map<string, ParsedRecord>()
      const chunks = Array.from({ length: Math.ceil(wanted.length / maxFilterValues) }, (_, index) =>
        wanted.slice(index * maxFilterValues, (index + 1) * maxFilterValues),
      )
      for (const chunk of wanted.length > 1 ? chunks : []) {
        const items = await feed.readFiltered(
          chunk.map((id) => ['id', id] as const),
          context,
        )
        const own = items.filter((item) => isRow(item) && asked.has(idOrStandIn(item['id'], item)))
        for (const record of await parseItems(own, context)) found.set(record.id, record)
      }
      // What carries no usable id is found in the whole list alone, under the name that was made for it.
      if (wanted.some(isStandIn))
        for (const record of (await listWhole(context)).records) if (asked.has(record.id)) found.set(record.id, record)
      // Not in the answer: its own address tells a deletion (410) from an id that never was (404).
      const rest = wanted.filter((id) => !found.has(id))
      for (const record of await Promise.all(rest.map((id) => readOne(id, context)))) found.set(record.id, record)
      return found
    },

    findByCounterpart: findByErpId,

    notOffered: async (context) => entity.notOffered(await capabilities.current(context)),

    prepareCreate: (values, counterpart, items = []) =>
      entity.prepareCreate(values, counterpart.id, capabilities.known(), items),
    prepareUpdate: (current, values, flags) => entity.prepareUpdate(current, values, flags, capabilities.known()),

    repeatsCreation: async (context) => (await capabilities.current(context)).idempotency,

    create: async (body, counterpart, context) => {
      const refusal = await refusedByOffer('create', body, context)
      if (refusal) return refusal
      const answer = await client.write(
        {
          method: 'POST',
          path: entity.path,
          headers: {
            'content-type': 'application/json',
            'idempotency-key': `${referenceTo(counterpart.id)}~${counterpart.creation}`,
          },
          body: JSON.stringify(body),
        },
        context,
      )
      if (answer.kind === 'uncertain') return answer
      if (answer.status >= 400) return refusalOf(answer, body, counterpart.id, context)
      const record = await parseOne(answer, context)
      if (record) return { kind: 'done', record }
      const message = 'The webshop answered a creation without the record: it is looked up by its erpId.'
      return { kind: 'uncertain', message }
    },

    update: async (current, body, counterpartId, context) => {
      const patch = counterpartId === null ? body : { ...body, erpId: referenceTo(counterpartId) }
      if (Object.keys(patch).length === 0) return { kind: 'done', record: current }
      const refusal = await refusedByOffer('update', patch, context)
      if (refusal) return refusal
      // Without a version nothing protects what others wrote meanwhile; the next reading brings one.
      if (current.version === null) return { kind: 'stale' }
      const answer = await client.write(
        {
          method: 'PATCH',
          path: pathOf(current.id),
          label: recordLabel,
          headers: { 'content-type': 'application/merge-patch+json', ...ifMatch(current.version) },
          body: JSON.stringify(patch),
        },
        context,
      )
      if (answer.kind === 'uncertain') return answer
      if (answer.status === 412) return { kind: 'stale' }
      if (answer.status === 404 || answer.status === 410) return { kind: 'missing' }
      if (answer.status >= 400) return refusalOf(answer, patch, counterpartId, context)
      return { kind: 'done', record: (await parseOne(answer, context)) ?? (await readOne(current.id, context)) }
    },
  }
}

/** Only as the contract has them, texts both: anything else is parsed first, and judged by what it turns out to be. */
function isKnownRow({ id, version, deleted }: Row, isKnown: IsKnown): boolean {
  return typeof id === 'string' && typeof version === 'string' && deleted === undefined && isKnown(id, version)
}

/** A page that says "more" and leads nowhere further would be read for ever. */
function isEndOf(page: FeedPage, after: FeedCursor | null): boolean {
  return !page.hasMore || (page.items.length === 0 && page.cursor.next === after?.next)
}
