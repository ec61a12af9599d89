import { randomBytes } from 'node:crypto'
import Database from 'libsql'
import { Problem } from './problem.ts'
import { type Collection, collections, type JsonObject } from './records.ts'

/** A record as it is stored and shown: what the shop sets on each, then its fields. */
export interface Stored extends JsonObject {
  readonly id: string
  readonly version: string
  readonly createdAt: string
  readonly changedAt: string
  readonly deleted?: true
}

export interface Page {
  readonly items: readonly Stored[]
  /** Where the next page begins. */
  readonly position: number
  readonly hasMore: boolean
}

/** What a filter of the lists looks at, and what must not stand on two records of a collection. */
const filters: Readonly<Record<Collection, readonly string[]>> = {
  customers: ['id', 'erpId', 'email', 'organizationNumber', 'customerNumber', 'kind'],
  products: ['id', 'erpId', 'sku', 'gtin'],
  orders: ['id', 'erpId', 'number', 'customerId', 'status'],
}
const unique: Readonly<Record<Collection, readonly string[]>> = {
  customers: ['erpId', 'email', 'customerNumber'],
  products: ['erpId', 'sku'],
  orders: ['erpId', 'number'],
}

/** E-mail addresses are compared without regard to case, everything else as it is written. */
const columnOf = (name: string) =>
  name === 'email' ? `lower(json_extract(json, '$.email'))` : `json_extract(json, '$.${name}')`

export type Store = ReturnType<typeof openStore>

/**
 * One table: each record once, as JSON, at its latest place in the change sequence.
 *
 * Positions are handed out inside the transaction that writes, and SQLite lets one transaction write at a time: whoever
 * has seen position 7 has seen everything up to 7. In a database with several writers (PostgreSQL, MySQL) this does NOT
 * hold, since a transaction that took 6 may commit after one that took 7, and a reader steps over it for ever. Lock the
 * counter's row until the commit, as this counter does, or take the recipe with updated_at (level-1.ts).
 */
export function openStore(file: string) {
  const database = new Database(file)
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000;
    CREATE TABLE IF NOT EXISTS records (collection TEXT, id TEXT, position INTEGER, deleted INTEGER, json TEXT,
      PRIMARY KEY (collection, id));
    CREATE UNIQUE INDEX IF NOT EXISTS by_position ON records (collection, position);
    CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, request TEXT, answer TEXT, at INTEGER);
    CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value);
    INSERT OR IGNORE INTO facts VALUES ('position', 0), ('id', 0), ('epoch', '${randomBytes(5).toString('hex')}');`)
  for (const name of new Set(Object.values(filters).flat()))
    database.exec(`CREATE INDEX IF NOT EXISTS by_${name} ON records (collection, ${columnOf(name)})`)
  const count = database.prepare('UPDATE facts SET value = value + 1 WHERE name = ? RETURNING value')
  const put = database.prepare('INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?)')
  // The life of the data: put back from a backup it must get another one (README.md), for its positions repeat themselves.
  const epoch = String(fact('epoch'))

  function fact(name: string): unknown {
    return (database.prepare('SELECT value FROM facts WHERE name = ?').get(name) as { value: unknown }).value
  }

  const next = (name: 'position' | 'id') => Number((count.get(name) as { value: number }).value)

  function records(sql: string, ...values: unknown[]): (Stored & { readonly position: number })[] {
    const rows = database.prepare(`SELECT position, json FROM records ${sql}`).all(...values)
    return (rows as { position: number; json: string }[]).map(({ position, json }) => ({
      ...(JSON.parse(json) as Stored),
      position,
    }))
  }

  const shown = ({ position: _position, ...record }: Stored & { readonly position: number }): Stored => record as Stored

  return {
    epoch,
    filters,
    highestPosition: () => Number(fact('position')),
    nextId: (prefix: string) => `${prefix}-${next('id')}`,

    /** Everything in `work` happens, or nothing of it does. `work` must not wait for anything. */
    transaction<Result>(work: () => Result): Result {
      // Immediate: two processes that both read first and write later would otherwise run into each other.
      database.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        database.exec('COMMIT')
        return result
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },

    find(collection: Collection, id: string): Stored | undefined {
      return records('WHERE collection = ? AND id = ?', collection, id).map(shown)[0]
    },

    changedAfter(collection: Collection, position: number, limit: number): Page {
      const found = records(
        'WHERE collection = ? AND position > ? ORDER BY position LIMIT ?',
        collection,
        position,
        limit + 1,
      )
      const items = found.slice(0, limit)
      return { items: items.map(shown), position: items.at(-1)?.position ?? position, hasMore: found.length > limit }
    },

    filtered(collection: Collection, wanted: ReadonlyMap<string, readonly string[]>, limit: number): Page {
      const conditions = [...wanted].map(([name, values]) => `${columnOf(name)} IN (${values.map(() => '?')})`)
      const values = [...wanted].flatMap(([name, given]) =>
        name === 'email' ? given.map((v) => v.toLowerCase()) : given,
      )
      const where = ['collection = ?', 'deleted = 0', ...conditions].join(' AND ')
      const found = records(`WHERE ${where} ORDER BY position LIMIT ?`, collection, ...values, limit + 1)
      return { items: found.slice(0, limit).map(shown), position: 0, hasMore: found.length > limit }
    },

    /** Whether an order names this customer, department or product. */
    isInUse(id: string): boolean {
      const ofOrders = `FROM records LEFT JOIN json_each(records.json, '$.lines') AS line WHERE collection = 'orders' AND deleted = 0`
      const names = `? IN (json_extract(records.json, '$.customerId'), json_extract(records.json, '$.departmentId'), json_extract(line.value, '$.productId'))`
      return database.prepare(`SELECT 1 ${ofOrders} AND ${names} LIMIT 1`).get(id) !== undefined
    },

    /**
     * Writes a record, new or not, at the end of the change sequence. The version is made of the life of the data and the
     * position: two records never share one, and neither do two states of one record.
     * @throws Problem 409 already-exists, with the id of the record that has the value
     */
    put(collection: Collection, fields: JsonObject, before: Stored | null, id: string): Stored {
      for (const name of unique[collection]) {
        const value = fields[name] ?? null
        if (value === null || value === before?.[name]) continue
        const taken = records(
          `WHERE collection = ? AND deleted = 0 AND id <> ? AND ${columnOf(name)} = ${name === 'email' ? 'lower(?)' : '?'}`,
          ...[collection, id, value],
        ).find((other) => name !== 'customerNumber' || other['kind'] === fields['kind'])
        if (!taken) continue
        const errors = [{ pointer: `/${name}`, detail: `Taken by ${taken.id}.` }]
        throw new Problem(409, 'already-exists', `${name} is taken by ${taken.id}.`, { existingId: taken.id, errors })
      }
      const now = new Date().toISOString()
      const position = next('position')
      const head = { id, version: `${epoch}-${position}`, createdAt: before?.createdAt ?? now, changedAt: now }
      put.run(collection, id, position, 0, JSON.stringify({ ...head, ...fields }))
      return { ...head, ...fields }
    },

    /** A tombstone stays in the record's place: readers that come by later must learn that it is gone. */
    remove(collection: Collection, { id, createdAt: _createdAt, ...record }: Stored): Stored {
      const position = next('position')
      const { kind, erpId } = record
      const head = { id, deleted: true as const, version: `${epoch}-${position}`, changedAt: new Date().toISOString() }
      const tombstone = { ...head, ...(collection === 'customers' && { kind }), erpId }
      put.run(collection, id, position, 1, JSON.stringify(tombstone))
      return tombstone as unknown as Stored
    },

    counts(): Readonly<Record<string, number>> {
      const total = (sql: string, ...values: unknown[]) =>
        (database.prepare(`SELECT count(*) AS total FROM records ${sql}`).get(...values) as { total: number }).total
      const alive = collections.map((each) => [each, total('WHERE collection = ? AND deleted = 0', each)] as const)
      const lines = total(`JOIN json_each(records.json, '$.lines') WHERE collection = 'orders' AND deleted = 0`)
      return { ...Object.fromEntries(alive), lines }
    },

    /** The first answer to an Idempotency-Key, with what was asked then. Kept for two days; the contract asks for one. */
    answerTo(key: string): { readonly request: string; readonly answer: string } | undefined {
      return database.prepare('SELECT request, answer FROM answers WHERE key = ?').get(key) as
        | { request: string; answer: string }
        | undefined
    },
    keepAnswer(key: string, request: string, answer: string): void {
      const twoDaysMs = 172_800_000
      database.prepare('DELETE FROM answers WHERE at < ?').run(Date.now() - twoDaysMs)
      database.prepare('INSERT INTO answers VALUES (?, ?, ?, ?)').run(key, request, answer, Date.now())
    },
    close: () => database.close(),
  }
}
