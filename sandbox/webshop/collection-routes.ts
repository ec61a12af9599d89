import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiContext, ApiEnv } from './api-env.ts'
import { listRecords } from './change-feed.ts'
import type { Collection, SharedFields, WriteContext } from './collection.ts'
import { type KeptAnswer, parseIdempotencyKey } from './idempotency.ts'
import { isSameJson } from './json.ts'
import { parseJsonBody } from './json-body.ts'
import { assertIfMatch, etagOf } from './preconditions.ts'
import { Problem } from './problem.ts'
import type { RecordStore, StoredRecord } from './record-store.ts'
import type { Shop } from './shop.ts'

/** The contract's routes for one collection. */
export function mountCollection<Fields extends SharedFields>(
  api: OpenAPIHono<ApiEnv>,
  shop: Shop,
  collection: Collection<Fields>,
  store: RecordStore<Fields>,
): void {
  const path = `/api/${collection.name}`
  const findLive = (id: string): StoredRecord<Fields> => {
    const found = store.find(id)
    if (found.kind === 'live') return found.record
    if (found.kind === 'deleted' && shop.settings().tombstones) {
      throw new Problem(410, 'gone', `The ${collection.singular} ${id} was deleted.`)
    }
    throw new Problem(404, 'not-found', `There is no ${collection.singular} ${id}.`)
  }
  const refuseTaken = (fields: Fields, before: StoredRecord<Fields> | undefined) => {
    const taken = collection.unique(fields, shop.settings()).flatMap(({ field, columns }) => {
      // Only what this write changes: seeds may hold values twice, and such a record can still be edited elsewhere.
      const rulesBefore = before ? collection.unique(before, shop.settings()) : []
      const isUnchanged = rulesBefore.some((rule) => isSameJson(rule.columns, columns))
      const existingId = isUnchanged ? undefined : store.findTaken({ field, columns }, before?.id ?? '')
      return existingId === undefined ? [] : [{ field, existingId }]
    })
    const [first] = taken
    if (!first) return
    throw new Problem(409, 'already-exists', `${first.field} is taken by ${first.existingId}.`, {
      existingId: first.existingId,
      errors: taken.map(({ field, existingId }) => ({ pointer: `/${field}`, detail: `Taken by ${existingId}.` })),
    })
  }
  const announce = (verb: 'changed' | 'deleted', changed: { id: string; version: string; changedAt: string }) => {
    const { id, version, changedAt } = changed
    shop.webhooks.announce({ type: `${collection.singular}.${verb}`, timestamp: changedAt, data: { id, version } })
  }
  /** Every write begins here: it is counted, and refused when the shop does not offer it to the sync. */
  const beginWrite = (context: ApiContext, operation: 'create' | 'update' | 'delete'): WriteContext => {
    const caller = context.get('caller')
    const settings = shop.settings()
    shop.requests.countWrite(caller)
    if (caller !== 'shopkeeper' && !collection.offers(settings)[operation]) {
      throw new Problem(403, 'not-offered', `This shop does not offer to ${operation} ${collection.name}.`)
    }
    return { caller, settings }
  }

  api.get(path, (context) => {
    const text = listRecords(collection, store, shop.settings(), new URL(context.req.url).searchParams)
    return context.body(text, 200, { 'content-type': 'application/json; charset=utf-8' })
  })

  api.get(`${path}/:id`, (context) => {
    const record = findLive(context.req.param('id'))
    return context.json(record, 200, { etag: etagOf(record) })
  })

  api.post(path, async (context) => {
    const writing = beginWrite(context, 'create')
    const body = await parseJsonBody(context, 'application/json')
    const key = writing.settings.idempotency ? parseIdempotencyKey(context.req.header('idempotency-key')) : undefined
    const keyed = key === undefined ? undefined : { caller: writing.caller, key, path, body: body.text }
    const kept = keyed && shop.keptAnswers.find(keyed)
    if (kept) return new Response(kept.body, kept)
    const fields = collection.create(body.value, writing)
    refuseTaken(fields, undefined)
    const { record, answer } = shop.inTransaction(() => {
      const inserted = store.insert(fields)
      const created = createdAnswer(`${path}/${inserted.id}`, inserted)
      if (keyed) shop.keptAnswers.keep(keyed, created)
      return { record: inserted, answer: created }
    })
    announce('changed', record)
    return new Response(answer.body, answer)
  })

  api.patch(`${path}/:id`, async (context) => {
    const writing = beginWrite(context, 'update')
    const body = await parseJsonBody(context, 'application/merge-patch+json')
    const current = findLive(context.req.param('id'))
    assertIfMatch(context.req.header('if-match'), current)
    const fields = collection.patch(current, body.value, writing)
    refuseTaken(fields, current)
    if (isSameJson({ ...current, ...fields }, current)) return context.json(current, 200, { etag: etagOf(current) })
    const record = shop.inTransaction(() => store.update(current, fields))
    announce('changed', record)
    return context.json(record, 200, { etag: etagOf(record) })
  })

  api.delete(`${path}/:id`, (context) => {
    beginWrite(context, 'delete')
    const current = findLive(context.req.param('id'))
    assertIfMatch(context.req.header('if-match'), current)
    const tombstone = shop.inTransaction(() => store.remove(current))
    announce('deleted', tombstone)
    return context.body(null, 204)
  })
}

function createdAnswer(location: string, record: { readonly version: string }): KeptAnswer {
  const headers = { 'content-type': 'application/json; charset=utf-8', location, etag: etagOf(record) }
  return { status: 201, headers, body: JSON.stringify(record) }
}
