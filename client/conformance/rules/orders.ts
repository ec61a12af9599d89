import { check, checkStatus } from '../checks.ts'
import { isJson, pathOf, type ShopRecord } from '../collections.ts'
import { isSameDecimal, type TotalledLine, totalsOf } from '../decimal.ts'
import type { Rule } from '../rule.ts'
import { newCustomer, newLine } from '../samples.ts'
import { created, type World } from '../world.ts'
import { addLine, linesOf, linesPath, productLine, setStatus } from './order-parts.ts'
import { hasType, pointersIn } from './problems.ts'

export const orderRules: readonly Rule[] = [
  {
    id: 'orders.whole',
    level: 4,
    title: 'POST of an order answers it whole: its lines in the order of their positions, and a number from the shop',
    why: 'PowerOffice’s order and the shop’s are compared line by line from then on.',
    hint: 'One transaction for the order and all its lines; sort by position.',
    needs: ['orders.create'],
    run: async (world) => {
      const lines = [
        newLine({ position: 2, description: 'Second' }),
        await productLine(world, { position: 1, description: 'First' }),
      ]
      const order = await world.make('orders', { lines })
      const { json } = await world.read(order)
      const now = await world.shop.get(pathOf('orders', order.id))
      const shown = linesOf({ json }).map(({ description }) => description)
      check(JSON.stringify(shown) === '["First","Second"]', 'the lines First and Second, in this order', now)
      check(typeof json['number'] === 'string' && json['number'] !== '', '`number`, a text from the shop', now)
      check(json['status'] === 'open', '"status": "open", as when it is not given', now)
      const ids = linesOf({ json }).map(({ id }) => id)
      check(ids.every((id) => typeof id === 'string') && new Set(ids).size === 2, 'an id for each line', now)
    },
  },
  {
    id: 'orders.references',
    level: 4,
    title: 'An order of a customer or product that does not exist is answered 422 with pointers',
    why: 'It would lead nowhere, in the shop and in PowerOffice.',
    hint: '`/customerId`, `/lines/0/productId`; what was deleted does not exist either.',
    needs: ['orders.create'],
    run: async (world) => {
      const none = 'kobling-conformance-none'
      const lines = [newLine({ kind: 'product', productId: none })]
      const body = { ...(await world.bodyOf('orders')), customerId: none, lines }
      const answer = await world.shop.post(pathOf('orders'), body)
      checkStatus(answer, 422, 'neither customer nor product exists')
      const pointers = pointersIn(answer)
      check(
        pointers.includes('/customerId') && pointers.includes('/lines/0/productId'),
        'errors at /customerId and /lines/0/productId',
        answer,
      )
    },
  },
  {
    id: 'orders.no-department',
    level: 4,
    title: 'A department cannot order, and departmentId takes nothing but a department',
    why: 'Departments are the seller’s own; an order of one is an invoice to oneself.',
    hint: 'Look at the kind of the customer.',
    needs: ['orders.create', 'customers.create'],
    run: async (world) => {
      if (!world.declared.customers.kinds.includes('department')) return world.notOffered('the shop has no departments')
      const body = newCustomer(world.declared, world.unique(), 'department')
      const department = created(await world.shop.post(pathOf('customers'), body), 'customers')
      const order = await world.bodyOf('orders')
      const ordering = await world.shop.post(pathOf('orders'), { ...order, customerId: department.id })
      checkStatus(ordering, 422, 'the customer is a department')
      const { id } = await world.buyer()
      const misplaced = await world.shop.post(pathOf('orders'), { ...order, departmentId: id })
      checkStatus(misplaced, 422, 'departmentId names a customer that is none')
      const { json } = await world.make('orders', { departmentId: department.id })
      const now = await world.shop.get(pathOf('orders', String(json['id'])))
      check(json['departmentId'] === department.id, `"departmentId": "${department.id}"`, now)
    },
  },
  {
    id: 'orders.totals',
    level: 4,
    title: 'Totals are computed from the lines: half-up to two decimals a line, and the VAT of each line likewise',
    why: 'The invoice would differ from what the customer was shown.',
    hint: 'Decimals, never floats; a tie is rounded away from zero, so that a credit cancels its order exactly.',
    needs: ['orders.create'],
    run: async (world) => {
      for (const lines of awkwardOrders) {
        const order = await world.read(await world.make('orders', { lines: lines.map((line) => newLine(line)) }))
        // From the lines as the shop keeps them: it may keep fewer decimals.
        const { exVat, incVat } = totalsOf(linesOf(order) as unknown as readonly TotalledLine[])
        const now = await world.shop.get(pathOf('orders', order.id))
        check(isSameDecimal(order.json['totalExVat'], exVat), `totalExVat ${exVat}`, now)
        check(isSameDecimal(order.json['totalIncVat'], incVat), `totalIncVat ${incVat}`, now)
      }
    },
  },
  {
    id: 'orders.status',
    level: 4,
    title: 'An order goes from open to confirmed and back',
    why: 'The sync confirms what the seller accepted in PowerOffice, and takes it back.',
    hint: 'open <-> confirmed; both may become invoiced or cancelled.',
    needs: ['orders.create', 'orders.update'],
    run: async (world) => {
      let order = await world.make('orders')
      for (const status of ['confirmed', 'open', 'confirmed']) {
        const answer = await world.shop.patch(pathOf('orders', order.id), order.version, { status })
        checkStatus(answer, 200, `an order may become ${status}`)
        order = await world.read(order)
        check(order.json['status'] === status, `"status": "${status}"`, answer)
      }
    },
  },
  {
    id: 'orders.unknown-status',
    level: 4,
    title: 'A status that the contract does not have is answered 422',
    why: 'The sync would not know what it means.',
    hint: 'open, confirmed, invoiced, cancelled.',
    needs: ['orders.create', 'orders.update'],
    run: async (world) => {
      const order = await world.make('orders')
      const answer = await world.shop.patch(pathOf('orders', order.id), order.version, { status: 'shipped' })
      checkStatus(answer, 422, 'there is no such status')
    },
  },
  {
    id: 'orders.locked',
    level: 4,
    title: 'A cancelled order refuses edits, those of its lines too, with 409 locked',
    why: 'What is settled in one system must not go on changing in the other.',
    hint: 'Nothing leaves invoiced or cancelled.',
    needs: ['orders.create', 'orders.update', 'orders.cancel'],
    run: async (world) => {
      await tryLocked(world, await setStatus(world, await world.make('orders'), 'cancelled'))
    },
  },
  {
    id: 'orders.open-for-ever',
    level: 4,
    title: 'A cancelled order still takes erpId and invoiceBalance',
    why: 'What happens to it in PowerOffice afterwards could not be shown.',
    hint: 'These two are excepted from the lock.',
    needs: ['orders.create', 'orders.update', 'orders.cancel'],
    run: async (world) => {
      const order = await setStatus(world, await world.make('orders'), 'cancelled')
      const patch = { erpId: world.unique(), invoiceBalance: '12.50' }
      const answer = await world.shop.patch(pathOf('orders', order.id), order.version, patch)
      checkStatus(answer, 200, 'erpId and invoiceBalance are excepted from the lock')
      const { json } = await world.read(order)
      check(
        json['erpId'] === patch.erpId && isSameDecimal(json['invoiceBalance'], '12.5'),
        'both as they were written',
        answer,
      )
    },
  },
  {
    id: 'orders.invoiced',
    level: 'any',
    title: 'The PATCH that sets invoiced corrects lines in the same document, and locks the order',
    why: 'PowerOffice rounds and adds fees as it invoices; afterwards nothing can be corrected any more.',
    hint: '`lines` names what changes: an id with fields, an id with deleted, or a new line; section 6 of docs/webshop-contract.md.',
    needs: ['orders.create', 'orders.update', 'orders.editLines', 'invoicing'],
    run: async (world) => {
      const order = await world.read(
        await world.make('orders', {
          lines: ['Kept', 'Changed', 'Removed'].map((description) => newLine({ description })),
        }),
      )
      const idOf = (description: string) => linesOf(order).find((line) => line['description'] === description)?.['id']
      const lines = [
        { id: idOf('Changed'), quantity: '2' },
        { id: idOf('Removed'), deleted: true },
        { kind: 'rounding', description: 'Rounding', unitPriceExVat: '-0.36' },
      ]
      const answer = await world.shop.patch(pathOf('orders', order.id), order.version, { status: 'invoiced', lines })
      checkStatus(answer, 200, 'lines come along in the PATCH that sets invoiced')
      const invoiced = await world.read(order)
      const shown = linesOf(invoiced).map((line) => `${String(line['description'])} ${Number(line['quantity'] ?? 1)}`)
      check(
        JSON.stringify(shown.toSorted()) === '["Changed 2","Kept 1","Rounding 1"]',
        'the lines Kept, Changed (2) and Rounding',
        answer,
      )
      check(invoiced.json['status'] === 'invoiced', '"status": "invoiced"', answer)
      await tryLocked(world, invoiced)
    },
  },
]

/** Ties, discounts, negative amounts and three decimals. */
const awkwardOrders = [
  [{ quantity: '3', unitPriceExVat: '0.335', vatRate: '25' }],
  [{ quantity: '1', unitPriceExVat: '10.02', vatRate: '12.5' }],
  [{ quantity: '0.125', unitPriceExVat: '99.96', vatRate: '15' }],
  [
    { quantity: '2', unitPriceExVat: '49.99', discountPercent: '12.5', vatRate: '25' },
    { kind: 'discount', description: 'Discount', quantity: '1', unitPriceExVat: '-5.005', vatRate: '25' },
  ],
] as const

async function tryLocked(world: World, order: ShopRecord): Promise<void> {
  const path = pathOf('orders', order.id)
  const edited = await world.shop.patch(path, order.version, { customerReference: 'Edited' })
  checkStatus(edited, 409, `the order is ${String(order.json['status'])}`)
  check(hasType(edited, 'locked'), 'a type that ends in locked', edited)
  const reopened = await world.shop.patch(path, (await world.read(order)).version, { status: 'open' })
  checkStatus(reopened, 409, `nothing leaves ${String(order.json['status'])}`)
  if (!world.declared.orders.editLines) return
  const [line] = linesOf(order)
  const { version } = await world.read(order)
  checkStatus(await addLine(world, { ...order, version }, newLine()), 409, 'the order is locked')
  const changed = await world.shop.patch(linesPath(order, line?.['id']), version, { quantity: '7' })
  checkStatus(changed, 409, 'the order is locked')
  checkStatus(await world.shop.remove(linesPath(order, line?.['id']), version), 409, 'the order is locked')
  const after = (await world.shop.get(path)).json
  check(isJson(after) && after['version'] === version, `version ${version} still`, null)
}
