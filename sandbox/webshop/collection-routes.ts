import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiContext, ApiEnv } from './api-env.ts'
import { listRecords } from './change-feed.ts'
import type { Collection, SharedFields, WriteContext } from './collection.ts'
import { openWrites } from './collection-writes.ts'
import { shownJson } from './decimals.ts'
import { type KeptAnswer, type KeyedRequest, parseIdempotencyKey } from './idempotency.ts'
import { parseJsonBody } from './json-body.ts'
import { assertIfMatch, etagOf } from './preconditions.ts'
import { Problem } from './problem.ts'
import type { RecordStore, StoredRecord } from './record-store.ts'
import { requestUrl } from './request-url.ts'
import type { Shop } from './shop.ts'

const jsonType = 'application/json; charset=utf-8'

/** The contract's routes for one collection. */
export function mountCollection<Fields extends SharedFields>(
  api: OpenAPIHono<ApiEnv>,
  shop: Shop,
  collection: Collection<Fields>,
  store: RecordStore<Fields>,
): void {
  const path = `/api/${collection.name}`
  const writes = openWrites(shop, collection, store)
  const answer = (record: StoredRecord<Fields>) =>
    new Response(shownJson(JSON.stringify(record), shop.settings()), {
      headers: { 'content-type': jsonType, etag: etagOf(record) },
    })
  const begin = (context: ApiContext, operation: 'create' | 'update' | 'delete'): WriteContext => {
    const writing = beginWrite(context, shop)
    if (writing.caller !== 'shopkeeper' && !collection.offers(writing.settings)[operation]) {
      throw new Problem(403, 'not-offered', `This shop does not offer to ${operation} ${collection.name}.`)
    }
    return writing
  }

  api.get(path, (context) => {
    const text = listRecords(collection, store, shop.settings(), requestUrl(context).searchParams)
    return context.body(text, 200, { 'content-type': jsonType })
  })

  api.get(`${path}/:id`, (context) => answer(writes.getLive(context.req.param('id'))))

  api.post(path, async (context) => {
    const writing = begin(context, 'create')
    const body = await parseJsonBody(context, 'application/json')
    return answerOnce(context, shop, writing, body.text, (keep) => {
      writes.create(body.value, writing, (record) => keep(createdAnswer(shop, `${path}/${record.id}`, record)))
    })
  })

  api.patch(`${path}/:id`, async (context) => {
    const writing = begin(context, 'update')
    const body = await parseJsonBody(context, 'application/merge-patch+json')
    const current = writes.getLive(context.req.param('id'))
    assertIfMatch(context.req.header('if-match'), current)
    return answer(writes.update(current, body.value, writing))
  })

  api.delete(`${path}/:id`, (context) => {
    const writing = begin(context, 'delete')
    const current = writes.getLive(context.req.param('id'))
    assertIfMatch(context.req.header('if-match'), current)
    writes.remove(current, writing)
    return context.body(null, 204)
  })
}

/** Every write under /api begins here: it is counted. */
export function beginWrite(context: ApiContext, shop: Shop): WriteContext {
  const caller = context.get('caller')
  shop.requests.countWrite(caller)
  return shop.writeContext(caller)
}

/**
 * Carries a POST out, or gives the answer of the first time when its Idempotency-Key is known.
 * @param carryOut calls `keep` with its answer inside its transaction
 * @throws Problem 422 for a key that came with another request
 */
export function answerOnce(
  context: ApiContext,
  shop: Shop,
  { caller, settings }: WriteContext,
  bodyText: string,
  carryOut: (keep: (answer: KeptAnswer) => void) => void,
): Response {
  const key = settings.idempotency ? parseIdempotencyKey(context.req.header('idempotency-key')) : undefined
  const keyed: KeyedRequest | undefined =
    key === undefined ? undefined : { caller, key, path: context.req.path, body: bodyText }
  let answer = keyed && shop.keptAnswers.find(keyed)
  if (!answer) {
    carryOut((made) => {
      if (keyed) shop.keptAnswers.keep(keyed, made)
      answer = made
    })
  }
  if (!answer) throw new Error('A POST was carried out without an answer')
  return new Response(answer.body, answer)
}

/** @param tag the record whose version the ETag names, when it is another than the one that was created */
export function createdAnswer(
  shop: Shop,
  location: string,
  created: object & { readonly version?: string },
  tag = created.version ?? '',
): KeptAnswer {
  const headers = { 'content-type': jsonType, location, etag: etagOf({ version: tag }) }
  return { status: 201, headers, body: shownJson(JSON.stringify(created), shop.settings()) }
}
