import { check, checkStatus } from '../checks.ts'
import { isJson, type Json, pathOf } from '../collections.ts'
import { isRounded, isSameDecimal } from '../decimal.ts'
import { idOf } from '../ledger.ts'
import type { Rule } from '../rule.ts'
import { newLine } from '../samples.ts'
import type { Answer } from '../shop-client.ts'
import { etagVersion } from '../world.ts'
import { addLine, linesOf, linesPath } from './order-parts.ts'
import { pointersIn } from './problems.ts'

const needs = ['orders.create', 'orders.editLines'] as const

export const orderLineRules: readonly Rule[] = [
  {
    id: 'lines.edit',
    level: 4,
    title: 'Lines are added (201, Location), changed (200) and removed (204) one at a time',
    why: 'That is how edits of a seller in PowerOffice reach the shop.',
    hint: 'The routes of section 5; the answers are lines, not orders.',
    needs,
    run: async (world) => {
      const order = await world.make('orders')
      const added = await addLine(world, order, newLine({ description: 'Added' }))
      checkStatus(added, 201, 'the line was added')
      const lineId = isJson(added.json) ? idOf(added.json) : null
      check(lineId !== null, 'the line, with its id', added)
      check(
        (added.headers['location'] ?? '').endsWith(linesPath(order, lineId)),
        `Location: ${linesPath(order, lineId)}`,
        added,
      )
      const second = await world.read(order)
      const changed = await world.shop.patch(linesPath(order, lineId), second.version, { quantity: '3' })
      checkStatus(changed, 200, 'the line was changed')
      const third = await world.read(order)
      const line = linesOf(third).find(({ id }) => id === lineId)
      check(
        isSameDecimal(line?.['quantity'], '3') && line?.['description'] === 'Added',
        'quantity 3, and all else as before',
        changed,
      )
      const removed = await world.shop.remove(linesPath(order, lineId), third.version)
      checkStatus(removed, 204, 'the line was removed')
      const after = await world.shop.get(pathOf('orders', order.id))
      check(!linesOf({ json: after.json as Json }).some(({ id }) => id === lineId), `no line ${lineId}`, after)
    },
  },
  {
    id: 'lines.move-version',
    level: 4,
    title: 'Each edit of a line moves the version and change time of its order, and answers the new version as ETag',
    why: 'An edit of a line that does not move its order is in no change list: it is never synced.',
    hint: 'Touch the order’s row in the same transaction.',
    needs,
    run: async (world) => {
      const order = await world.make('orders')
      const edits: readonly ((version: string) => Promise<Answer>)[] = [
        (version) => addLine(world, { ...order, version }, newLine()),
        (version) => world.shop.patch(linesPath(order, linesOf(order)[0]?.['id']), version, { quantity: '4' }),
        (version) => world.shop.remove(linesPath(order, linesOf(order)[0]?.['id']), version),
      ]
      for (const edit of edits) {
        const before = await world.read(order)
        const answer = await edit(before.version)
        if (answer.status > 299) continue // lines.edit says so
        const after = await world.read(order)
        check(after.version !== before.version, `another version of the order than ${before.version}`, answer)
        check(after.json['changedAt'] !== before.json['changedAt'], 'a later changedAt of the order', answer)
        check(etagVersion(answer) === after.version, `ETag: "${after.version}", the order’s version`, answer)
      }
    },
  },
  {
    id: 'lines.listed',
    level: 4,
    title: 'An edit of a line brings its order into the change list again',
    why: 'Polling finds nothing else.',
    hint: 'updated_at of the order is touched by changes of its lines.',
    needs,
    run: async (world) => {
      const order = await world.make('orders')
      const reader = await world.lists.orders.follow()
      await addLine(world, order, newLine({ description: 'Added' }))
      const isShown = (seen: readonly Json[]) =>
        seen.some((item) => idOf(item) === order.id && linesOf({ json: item }).length === linesOf(order).length + 1)
      const inTime = await reader.until(isShown, world.patience.listMs)
      check(inTime, `${order.id} with its added line`, reader.last())
    },
  },
  {
    id: 'lines.if-match',
    level: 4,
    title: 'Each edit of a line needs the order’s version: 428 without If-Match, 412 when the order has changed',
    why: 'Two people who edit one order would undo each other’s lines.',
    hint: 'If-Match names the order’s version, not one of the line.',
    needs,
    run: async (world) => {
      const order = await world.make('orders')
      const path = linesPath(order, linesOf(order)[0]?.['id'])
      const passed = 'kobling-conformance-passed'
      checkStatus(await world.shop.post(linesPath(order), newLine()), 428, 'If-Match is required')
      checkStatus(await world.shop.patch(path, null, { quantity: '5' }), 428, 'If-Match is required')
      checkStatus(await world.shop.remove(path, null), 428, 'If-Match is required')
      checkStatus(
        await addLine(world, { ...order, version: passed }, newLine()),
        412,
        'the order is at another version',
      )
      checkStatus(await world.shop.patch(path, passed, { quantity: '5' }), 412, 'the order is at another version')
      checkStatus(await world.shop.remove(path, passed), 412, 'the order is at another version')
    },
  },
  {
    id: 'lines.no-change',
    level: 4,
    title: 'A PATCH of a line that changes nothing moves nothing',
    why: 'Every such write would come back as somebody’s change.',
    hint: 'Compare before you write; decimals as numbers.',
    needs,
    run: async (world) => {
      const order = await world.make('orders')
      const [line] = linesOf(order)
      const patch = { quantity: '1.000', description: line?.['description'] }
      const answer = await world.shop.patch(linesPath(order, line?.['id']), order.version, patch)
      checkStatus(answer, 200, 'the line')
      const after = await world.read(order)
      check(after.version === order.version, `version ${order.version} of the order still`, answer)
    },
  },
  {
    id: 'lines.unknown',
    level: 4,
    title: 'A line that the order does not have is answered 404',
    why: 'Another order’s line would be changed.',
    hint: 'Look for the line within the order.',
    needs,
    run: async (world) => {
      const order = await world.make('orders')
      const other = await world.make('orders')
      for (const lineId of ['kobling-conformance-none', linesOf(other)[0]?.['id']]) {
        const answer = await world.shop.patch(linesPath(order, lineId), order.version, { quantity: '6' })
        checkStatus(answer, 404, 'the order has no such line')
      }
    },
  },
  {
    id: 'lines.idempotency',
    level: 'any',
    title:
      'The POST of a line repeated with its Idempotency-Key gets the first answer again, although the version has moved',
    why: 'An answer that is lost on the way would leave the line twice, or never.',
    hint: 'Look up the key before you compare If-Match.',
    needs: [...needs, 'idempotency'],
    run: async (world) => {
      const order = await world.make('orders')
      const headers = { 'idempotency-key': world.unique() }
      const line = newLine({ description: 'Once' })
      const first = await addLine(world, order, line, headers)
      checkStatus(first, 201, 'the line was added')
      const again = await addLine(world, order, line, headers)
      checkStatus(again, 201, 'the first answer again')
      const count = linesOf(await world.read(order)).filter(({ description }) => description === 'Once').length
      check(count === 1, `one such line, not ${count}`, again)
    },
  },
  {
    id: 'lines.decimals',
    level: 4,
    title: 'Quantities keep three decimals and may be negative; prices and percents are kept, or rounded half-up',
    why: 'Freight, fees and discounts in money are lines with odd amounts.',
    hint: 'At least three decimals of a quantity; of prices and percents as many as the shop has, rounded half-up.',
    needs,
    run: async (world) => {
      const order = await world.make('orders')
      const written = { quantity: '-2.125', unitPriceExVat: '12.345678', discountPercent: '33.333333' }
      const added = await addLine(world, order, newLine(written))
      checkStatus(added, 201, 'a line may have such amounts')
      const line = isJson(added.json) ? added.json : {}
      check(isSameDecimal(line['quantity'], written.quantity), `quantity ${written.quantity}`, added)
      for (const name of ['unitPriceExVat', 'discountPercent'] as const) {
        check(isRounded(line[name], written[name], 0), `${name} ${written[name]}, or rounded half-up`, added)
      }
    },
  },
  {
    id: 'lines.pointers',
    level: 4,
    title: 'A wrong field of a line is answered 422 with its pointer',
    why: 'People are told which line and which field to mend.',
    hint: '`/quantity` in the POST of a line, `/lines/0/quantity` in the POST of an order.',
    needs,
    run: async (world) => {
      const order = await world.make('orders')
      checkPointer(await addLine(world, order, newLine({ quantity: 'many' })), '/quantity')
      const lines = [newLine({ quantity: 'many' })]
      const answer = await world.shop.post(pathOf('orders'), { ...(await world.bodyOf('orders')), lines })
      checkPointer(answer, '/lines/0/quantity')
    },
  },
]

function checkPointer(answer: Answer, pointer: string): void {
  checkStatus(answer, 422, 'a field of the line is wrong')
  check(pointersIn(answer).includes(pointer), `an error at ${pointer}`, answer)
}
