import { check, checkStatus } from '../checks.ts'
import { isJson, pathOf } from '../collections.ts'
import { idOf } from '../ledger.ts'
import type { Rule } from '../rule.ts'
import { emailOf } from '../samples.ts'
import type { World } from '../world.ts'
import { pointersIn } from './problems.ts'

export const idempotencyRules: readonly Rule[] = [
  {
    id: 'idempotency.same-body',
    level: 'any',
    title: 'A POST repeated with its Idempotency-Key and body gets the first answer again, and creates nothing',
    why: 'An answer that is lost on the way is asked for again: without this there are two customers.',
    hint: 'Keep status, Location, ETag and body with the key, in the transaction that creates, for at least 24 hours.',
    needs: ['creates', 'idempotency'],
    run: async (world) => {
      for (const collection of world.creatable()) {
        const body = await world.bodyOf(collection)
        const options = { headers: { 'idempotency-key': world.unique() } }
        const first = await world.shop.post(pathOf(collection), body, options)
        checkStatus(first, 201, 'the first time it is created')
        const again = await world.shop.post(pathOf(collection), body, options)
        checkStatus(again, 201, 'the first answer again')
        const id = isJson(first.json) ? idOf(first.json) : null
        check(isJson(again.json) && idOf(again.json) === id, `the record ${id} again, not another one`, again)
        for (const name of ['location', 'etag']) {
          const expected = first.headers[name]
          check(again.headers[name] === expected, `${name}: ${expected}, as the first time`, again)
        }
      }
    },
  },
  {
    id: 'idempotency.other-body',
    level: 'any',
    title: 'An Idempotency-Key that comes with another body is answered 422 without pointers, and creates nothing',
    why: 'Something has gone wrong: the sync then looks for its record by erpId.',
    hint: '422, with a problem whose type ends in idempotency-key-reused and without `errors`.',
    needs: ['creates', 'idempotency'],
    run: async (world) => {
      for (const collection of world.creatable()) {
        const options = { headers: { 'idempotency-key': world.unique() } }
        const first = await world.shop.post(pathOf(collection), await world.bodyOf(collection), options)
        checkStatus(first, 201, 'the first time it is created')
        const other = await world.shop.post(pathOf(collection), await world.bodyOf(collection), options)
        checkStatus(other, 422, 'the key belongs to another body')
        check(pointersIn(other).length === 0, 'no `errors`: no field is wrong', other)
      }
    },
  },
  {
    id: 'idempotency.refusals-not-kept',
    level: 'any',
    title: 'Only 2xx answers are kept: after a refusal the same key may be used again',
    why: 'A corrected record would be refused for ever with the answer to the wrong one.',
    hint: 'Keep nothing for a 4xx or 5xx.',
    needs: ['creates', 'idempotency'],
    run: async (world) => {
      const [collection = 'customers'] = world.creatable()
      const options = { headers: { 'idempotency-key': world.unique() } }
      const body = await world.bodyOf(collection)
      const wrong = { ...body, ...wrongField(world, collection) }
      const refused = await world.shop.post(pathOf(collection), wrong, options)
      check(refused.status >= 400, 'a refusal: a field is wrong', refused)
      checkStatus(await world.shop.post(pathOf(collection), body, options), 201, 'nothing was kept for this key')
    },
  },
]

function wrongField(world: World, collection: string) {
  if (collection === 'products') return { priceExVat: 'expensive' }
  return collection === 'orders' ? { customerId: 'kobling-conformance-none' } : { email: `no ${emailOf(world.mark)}` }
}
