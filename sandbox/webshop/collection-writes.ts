import type { Collection, SharedFields, WriteContext } from './collection.ts'
import { isSameJson } from './json.ts'
import { Problem } from './problem.ts'
import type { RecordStore, StoredRecord, Tombstone } from './record-store.ts'
import type { Shop } from './shop.ts'

/**
 * What happens when somebody writes, whether over HTTP or from within a test: the rules, then one transaction, then
 * the webhook.
 */
export interface CollectionWrites<Fields> {
  /** @throws Problem 404 | 410 */
  getLive(id: string): StoredRecord<Fields>
  /** @param within what else belongs into the transaction @throws Problem 422 | 409 */
  create(body: Body, context: WriteContext, within?: (created: StoredRecord<Fields>) => void): StoredRecord<Fields>
  /** The same record, untouched, when the patch changes nothing. @throws Problem 422 | 409 | 403 */
  update(current: StoredRecord<Fields>, patch: Body, context: WriteContext): StoredRecord<Fields>
  /** As `update`, with fields that are right already. */
  replace(
    current: StoredRecord<Fields>,
    fields: Fields,
    within?: (changed: StoredRecord<Fields>) => void,
  ): StoredRecord<Fields>
  /** @throws Problem 409 */
  remove(current: StoredRecord<Fields>, context: WriteContext): Tombstone
}

type Body = Readonly<Record<string, unknown>>

export function openWrites<Fields extends SharedFields>(
  shop: Shop,
  collection: Collection<Fields>,
  store: RecordStore<Fields>,
): CollectionWrites<Fields> {
  const { singular } = collection
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
    shop.webhooks.announce({ type: `${singular}.${verb}`, timestamp: changedAt, data: { id, version } })
  }
  const replace: CollectionWrites<Fields>['replace'] = (current, fields, within) => {
    if (isSameJson({ ...current, ...fields }, current)) return current
    const record = shop.inTransaction(() => {
      const updated = store.update(current, fields)
      within?.(updated)
      return updated
    })
    announce('changed', record)
    return record
  }
  return {
    getLive: (id) => {
      const found = store.find(id)
      if (found.kind === 'live') return found.record
      if (found.kind === 'deleted' && shop.settings().tombstones) {
        throw new Problem(410, 'gone', `The ${singular} ${id} was deleted.`)
      }
      throw new Problem(404, 'not-found', `There is no ${singular} ${id}.`)
    },
    create: (body, context, within) => {
      const fields = collection.create(body, context)
      refuseTaken(fields, undefined)
      const record = shop.inTransaction(() => {
        const inserted = store.insert(fields)
        within?.(inserted)
        return inserted
      })
      announce('changed', record)
      return record
    },
    update: (current, patch, context) => {
      const fields = collection.patch(current, patch, context)
      refuseTaken(fields, current)
      return replace(current, fields)
    },
    replace,
    remove: (current, { view }) => {
      collection.assertRemovable?.(current)
      const orderId = collection.usedBy?.(current, view)
      if (orderId !== undefined) {
        throw new Problem(409, 'in-use', `Order ${orderId} needs the ${singular} ${current.id}.`)
      }
      const tombstone = shop.inTransaction(() => store.remove(current))
      announce('deleted', tombstone)
      return tombstone
    },
  }
}
