import type { ShopDatabase } from './database.ts'
import type { OrderLine } from './line-schema.ts'
import type { Alongside } from './record-store.ts'

/** What a shop knows about lines without reading orders: how many, which products, and the ids that were given. */
export interface LineIndex extends Alongside<{ readonly lines: readonly OrderLine[] }> {
  /** Unlike every line id that this shop ever stored or gave. */
  nextId(): string
  count(): number
  findOrderOfProduct(productId: string): string | undefined
}

const idOf = (number: number) => `l-${String(number).padStart(6, '0')}`
const numberOf = (id: string) => Number(id.slice(2))

export function openLineIndex(database: ShopDatabase): LineIndex {
  // AUTOINCREMENT remembers the highest number ever stored, that of a deleted line too.
  database.exec(`CREATE TABLE IF NOT EXISTS order_lines (
    number INTEGER PRIMARY KEY AUTOINCREMENT, orderId TEXT NOT NULL, productId TEXT)`)
  database.exec('CREATE INDEX IF NOT EXISTS order_lines_orderId ON order_lines (orderId)')
  database.exec('CREATE INDEX IF NOT EXISTS order_lines_productId ON order_lines (productId)')
  const insert = database.prepare('INSERT INTO order_lines (number, orderId, productId) VALUES (?, ?, ?)')
  const removeOf = database.prepare('DELETE FROM order_lines WHERE orderId = ?')
  const selectOrder = database.prepare('SELECT orderId FROM order_lines WHERE productId = ? LIMIT 1')
  const selectCount = database.prepare('SELECT count(*) AS count FROM order_lines')
  const highest = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'order_lines'").get()
  let last = (highest as { seq: number } | undefined)?.seq ?? 0
  return {
    nextId: () => {
      last += 1
      return idOf(last)
    },
    count: () => (selectCount.get() as { count: number }).count,
    findOrderOfProduct: (productId) => (selectOrder.get(productId) as { orderId: string } | undefined)?.orderId,
    put: (orderId, { lines }, isNew) => {
      if (!isNew) removeOf.run(orderId)
      for (const line of lines) insert.run([numberOf(line.id), orderId, line.productId])
    },
    remove: (orderId) => {
      removeOf.run(orderId)
    },
  }
}
