import { assume, check, checkStatus } from '../checks.ts'
import { isJson, type Json, pathOf } from '../collections.ts'
import { idOf } from '../ledger.ts'
import { tombstoneFault } from '../record-shape.ts'
import type { Rule } from '../rule.ts'
import type { World } from '../world.ts'
import { itemsIn } from './filters.ts'
import { hasType } from './problems.ts'

export const deletionRules: readonly Rule[] = [
  {
    id: 'deletions.if-match',
    level: 'any',
    title: 'DELETE without If-Match is answered 428, at a version that has passed 412, and at the present one 204',
    why: 'A record that somebody just edited would be thrown away.',
    hint: 'The same comparison as for PATCH.',
    needs: ['customers.create', 'customers.delete'],
    run: async (world) => {
      const customer = await world.make('customers')
      const path = pathOf('customers', customer.id)
      checkStatus(await world.shop.remove(path, null), 428, 'If-Match is required')
      checkStatus(await world.shop.remove(path, 'kobling-conformance-passed'), 412, 'the record is at another version')
      checkStatus(await world.shop.remove(path, customer.version), 204, 'it is deleted')
    },
  },
  {
    id: 'deletions.reading',
    level: 'any',
    title: 'A deleted record is answered 410 by id (404 without tombstones) and is in no filtered list',
    why: 'The sync would go on writing to it, or match with it.',
    hint: 'Leave deleted rows out of every list but the change list.',
    needs: ['customers.create', 'customers.delete'],
    run: async (world) => {
      const customer = await world.make('customers')
      await deleted(world, customer.id, customer.version)
      const answer = await world.shop.get(pathOf('customers', customer.id))
      checkStatus(answer, world.declared.tombstones ? 410 : [404, 410], 'it was deleted')
      const list = await world.shop.get(pathOf('customers'), [['id', customer.id]])
      check(list.status === 200 && itemsIn(list).length === 0, 'an empty list', list)
    },
  },
  {
    id: 'deletions.free-again',
    level: 'any',
    title: 'The number, e-mail and erpId of a deleted record are free again',
    why: 'Whoever makes the customer anew would be refused for a record that nobody can see.',
    hint: 'Unique indexes leave deleted rows out, or the deletion empties their columns.',
    needs: ['customers.create', 'customers.delete'],
    run: async (world) => {
      const name = world.unique()
      const keys = { customerNumber: name, erpId: name, email: `${name}@example.com` }
      const first = await world.make('customers', keys)
      await deleted(world, first.id, first.version)
      const body = { ...(await world.bodyOf('customers')), ...keys }
      const again = await world.shop.post(pathOf('customers'), body)
      checkStatus(again, 201, 'nobody has these any more')
      check(
        isJson(again.json) && idOf(again.json) !== first.id,
        `another id than ${first.id}: ids are never used again`,
        again,
      )
    },
  },
  {
    id: 'deletions.in-use',
    level: 'any',
    title: 'A customer that has orders cannot be deleted: 409 in-use',
    why: 'The order would name a customer that does not exist.',
    hint: 'Refuse it with a type that ends in in-use; somebody archives it instead.',
    needs: ['customers.create', 'customers.delete', 'orders.create'],
    run: async (world) => {
      const buyer = await world.buyer()
      await world.make('orders', { customerId: buyer.id })
      const { version } = await world.read(buyer)
      const answer = await world.shop.remove(pathOf('customers', buyer.id), version)
      checkStatus(answer, 409, 'an order names the customer')
      check(hasType(answer, 'in-use'), 'a type that ends in in-use', answer)
    },
  },
  {
    id: 'tombstones.listed',
    level: 'any',
    title: 'A deleted record appears in the change list as { id, deleted: true, kind, erpId, version, changedAt }',
    why: 'Without it a deletion is found by an audit only, days later.',
    hint: 'Keep the row, marked as deleted, at a new place in the change order; or declare tombstones: false.',
    needs: ['customers.create', 'customers.delete', 'tombstones'],
    run: async (world) => {
      const erpId = world.unique()
      const customer = await world.make('customers', { erpId })
      const reader = await world.lists.customers.follow()
      await deleted(world, customer.id, customer.version)
      const find = (seen: readonly Json[]) =>
        seen.find((item) => idOf(item) === customer.id && item['deleted'] === true)
      await reader.until((seen) => find(seen) !== undefined, world.patience.listMs)
      const tombstone = find(reader.seen)
      check(tombstone !== undefined, `${customer.id} with "deleted": true`, reader.last())
      const fault = tombstoneFault(tombstone, true)
      check(fault === null, `a tombstone of the contract; ${fault}`, reader.last())
      check(tombstone['erpId'] === erpId, `"erpId": "${erpId}", as the record had`, reader.last())
      check(tombstone['version'] !== customer.version, 'another version than before', reader.last())
    },
  },
  {
    id: 'counts.move',
    level: 'any',
    title: 'GET /api/counts counts the records of each collection, deleted ones left out',
    why: 'The audit compares them with what it knows.',
    hint: '`{ "customers": 0, "products": 0, "orders": 0, "lines": 0 }`; leave the route away (404) where there is none.',
    needs: [],
    run: async (world) => {
      const before = await counts(world)
      const [collection] = world.creatable()
      if (collection === undefined) return
      // Others may be writing: of some tries, one will not have met them.
      for (let tries = 1; ; tries += 1) {
        const from = await counts(world)
        await world.make(collection)
        const to = await counts(world)
        if (to[collection] === from[collection] + 1) return
        check(
          tries < 3,
          `${collection}: ${from[collection] + 1} after one was made, not ${to[collection]}`,
          before.answer,
        )
      }
    },
  },
]

async function deleted(world: World, id: string, version: string): Promise<void> {
  const answer = await world.shop.remove(pathOf('customers', id), version)
  assume(answer.status >= 200 && answer.status < 300, 'DELETE at the present version answers 204', answer)
}

async function counts(world: World) {
  const answer = await world.shop.get('/api/counts')
  if (answer.status === 404) return world.notOffered('the shop has no /api/counts')
  checkStatus(answer, 200, 'the counts')
  const json = isJson(answer.json) ? answer.json : {}
  const numberOf = (name: string): number => {
    const value = json[name]
    check(typeof value === 'number' && Number.isInteger(value) && value >= 0, `"${name}", a whole number`, answer)
    return value
  }
  return {
    customers: numberOf('customers'),
    products: numberOf('products'),
    orders: numberOf('orders'),
    lines: numberOf('lines'),
    answer,
  }
}
