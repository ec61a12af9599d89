import { check, NotChecked } from '../checks.ts'
import { isJson, pathOf } from '../collections.ts'
import type { Rule } from '../rule.ts'
import { newLine, plainFields } from '../samples.ts'
import { patched } from './patching.ts'

/** What a shop does of its own accord. They come last: they look back on the whole run. */
export const conductRules: readonly Rule[] = [
  {
    id: 'silence.order',
    level: 4,
    title: 'An order that the sync makes reserves no stock and no payment',
    why: 'The sync’s key is silent: the goods were sold, and counted, in PowerOffice.',
    hint: 'No stock, payment, mail or fulfilment for requests with the sync’s key.',
    needs: ['orders.create', 'products.create'],
    run: async (world) => {
      const product = await world.make('products', { erpStock: '10' })
      const lines = [newLine({ kind: 'product', productId: product.id, quantity: '2' })]
      const order = await world.make('orders', { lines })
      const now = await world.shop.get(pathOf('products', product.id))
      check(
        isJson(now.json) && now.json['version'] === product.version,
        `version ${product.version}: the product is as it was`,
        now,
      )
      const read = await world.shop.get(pathOf('orders', order.id))
      const payment = isJson(read.json) ? read.json['payment'] : undefined
      check(isJson(payment) && payment['status'] === 'none', '"payment": { "status": "none" }', read)
    },
  },
  {
    id: 'silence.stays',
    level: 2,
    title: 'A record that nobody writes does not change by itself',
    why: 'A shop that touches its records after each write keeps the sync busy for ever.',
    hint: 'Look for automation that runs on every change: indexing, enrichment, numbering.',
    needs: ['updates'],
    run: async (world) => {
      const records = []
      for (const record of await world.editables()) {
        const [field] = plainFields[record.collection]
        records.push(await patched(world, record, field ? { [field[0]]: field[1] } : {}))
      }
      // A pass over the lists: as long as a poll of the sync takes.
      for (const list of Object.values(world.lists)) await list.end()
      for (const record of records) {
        const now = await world.shop.get(pathOf(record.collection, record.id))
        const version = isJson(now.json) ? now.json['version'] : undefined
        check(version === record.version, `version ${record.version}, as it was left`, now)
      }
    },
  },
  {
    id: 'rates.retry-after',
    level: 'any',
    title: '429 and 503 say in Retry-After how long to wait',
    why: 'The sync waits that long; without it it guesses, and may come too early again and again.',
    hint: 'Whole seconds; the kit has waited as it was told.',
    needs: [],
    run: ({ shop, note }) => {
      const met = shop.heldBack()
      if (met.length === 0) throw new NotChecked('the shop held nothing back in this run')
      const without = met.find(({ retryAfterSeconds }) => retryAfterSeconds === null)
      check(without === undefined, `Retry-After on the ${without?.status} to ${without?.path}`, null)
      note(`was held back ${met.length} times`)
      return Promise.resolve()
    },
  },
]
