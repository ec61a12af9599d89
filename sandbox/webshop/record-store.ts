import { randomBytes } from 'node:crypto'
import type { ShopClock } from './clock.ts'
import type { Collection, RecordBase, SharedFields, UniqueRule } from './collection.ts'
import type { ShopDatabase, Statement } from './database.ts'

export interface Tombstone {
  readonly id: string
  readonly deleted: true
  readonly kind?: string
  readonly erpId: string | null
  readonly version: string
  readonly changedAt: string
}

export type StoredRecord<Fields> = RecordBase & Fields

export type Found<Fields> =
  | { readonly kind: 'live'; readonly record: StoredRecord<Fields> }
  | { readonly kind: 'deleted'; readonly tombstone: Tombstone }
  | { readonly kind: 'absent' }

/** Records as JSON text, so that a page is put together without parsing a single one. */
export interface Page {
  readonly items: readonly string[]
  readonly lastPosition: number | undefined
  readonly hasMore: boolean
}

/** Values by column; a record passes when it has one of the values in every column. */
export type Filters = ReadonlyMap<string, readonly string[]>

/** A part of a list, for people who go through it. */
export interface Rows {
  readonly limit: number
  readonly offset?: number
}

export interface RecordStore<Fields> {
  insert(fields: Fields): StoredRecord<Fields>
  update(current: StoredRecord<Fields>, fields: Fields): StoredRecord<Fields>
  remove(current: StoredRecord<Fields>): Tombstone
  find(id: string): Found<Fields>
  /** Changes after `position`, in the order in which they happened; each record once, at its latest change. */
  changedAfter(position: number, options: { limit: number; withTombstones: boolean }): Page
  filtered(filters: Filters, limit: number): Page
  findTaken(rule: UniqueRule, exceptId: string): string | undefined
  /** The latest changed that contain every word. */
  search(words: readonly string[], filters: Filters, rows: Rows): StoredRecord<Fields>[]
  count(): number
  highestPosition(): number
  /** How many records there ever were. */
  highestOrdinal(): number
}

/** Told of every record as it is written, in the same transaction. */
export interface Alongside<Fields> {
  put(id: string, fields: Fields, isNew: boolean): void
  remove(id: string): void
}

/**
 * One table a collection: the record as JSON, its place in the change sequence, and a column for each filter.
 * Everything is synchronous and this process is the only writer, so positions are handed out in commit order: a
 * reader that has seen position n has seen every change up to n.
 */
export function openRecordStore<Fields extends SharedFields>(
  database: ShopDatabase,
  collection: Collection<Fields>,
  clock: ShopClock,
  alongside?: Alongside<Fields>,
): RecordStore<Fields> {
  const table = collection.name
  const filterColumns = collection.columns.map((column) => `"${column.name}"`)
  database.exec(`CREATE TABLE IF NOT EXISTS ${table} (
    position INTEGER PRIMARY KEY, ordinal INTEGER NOT NULL UNIQUE, id TEXT NOT NULL UNIQUE,
    deleted INTEGER NOT NULL, json TEXT NOT NULL, search TEXT NOT NULL, ${filterColumns.join(' TEXT, ')} TEXT)`)
  for (const column of collection.columns.filter((each) => each.indexed)) {
    database.exec(`CREATE INDEX IF NOT EXISTS ${table}_${column.name} ON ${table} ("${column.name}")`)
  }
  const row = ['deleted', 'json', 'search', ...filterColumns]
  const insertRow = database.prepare(
    `INSERT INTO ${table} (position, ordinal, id, ${row}) VALUES (?, ?, ?, ${row.map(() => '?')})`,
  )
  const updateRow = database.prepare(
    `UPDATE ${table} SET position = ?, ${row.map((name) => `${name} = ?`)} WHERE id = ?`,
  )
  const selectById = database.prepare(`SELECT deleted, json FROM ${table} WHERE id = ?`)
  const selectChanges = database.prepare(
    `SELECT position, json FROM ${table} WHERE position > ? AND deleted <= ? ORDER BY position LIMIT ?`,
  )
  const selectCount = database.prepare(`SELECT count(*) AS count FROM ${table} WHERE deleted = 0`)
  const highest = database.prepare(`SELECT max(position) AS position, max(ordinal) AS ordinal FROM ${table}`).get() as {
    position: number | null
    ordinal: number | null
  }
  // Part of every version: a database that was put back from a copy never gives an old version new content.
  const openingTag = randomBytes(4).toString('hex')
  const nextVersion = (current = '0') => `${Number.parseInt(current, 10) + 1}-${openingTag}`
  let position = highest.position ?? 0
  let ordinal = highest.ordinal ?? 0

  const columnsOf = (fields: Fields) =>
    collection.columns.map((column) => {
      const value = column.read(fields)
      return value === null ? null : column.fold(value)
    })
  const rowOf = (record: StoredRecord<Fields>) => [
    0,
    JSON.stringify(record),
    `${record.id} ${collection.searchText(record)}`.toLowerCase(),
    ...columnsOf(record),
  ]
  const folds = new Map(collection.columns.map((column) => [column.name, column.fold]))
  const conditionsOf = (filters: Filters) =>
    [...filters.keys()].map((name) => `AND "${name}" IN (SELECT value FROM json_each(?))`).join(' ')
  const valuesOf = (filters: Filters) =>
    [...filters].map(([name, values]) => JSON.stringify(values.map(folds.get(name) ?? String)))
  // One statement a combination of filters; the combinations are few, since only declared columns get this far.
  const statements = new Map<string, Statement>()
  const prepared = (sql: string) => {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const pageOf = (rows: unknown[], limit: number): Page => {
    const kept = rows.slice(0, limit) as { position: number; json: string }[]
    return { items: kept.map((each) => each.json), lastPosition: kept.at(-1)?.position, hasMore: rows.length > limit }
  }

  return {
    insert: (fields) => {
      ordinal += 1
      position += 1
      const id = `${collection.idPrefix}-${String(ordinal).padStart(6, '0')}`
      const now = new Date(clock.stampMs()).toISOString()
      const record = { id, version: nextVersion(), createdAt: now, changedAt: now, ...fields }
      insertRow.run([position, ordinal, id, ...rowOf(record)])
      alongside?.put(id, record, true)
      return record
    },
    update: (current, fields) => {
      position += 1
      const changedAt = changeTimeAfter(current.changedAt, clock.stampMs())
      const record = { ...current, ...fields, version: nextVersion(current.version), changedAt }
      updateRow.run([position, ...rowOf(record), current.id])
      alongside?.put(current.id, record, false)
      return record
    },
    remove: (current) => {
      position += 1
      const { id, kind, erpId } = current
      const changedAt = changeTimeAfter(current.changedAt, clock.stampMs())
      const version = nextVersion(current.version)
      const tombstone: Tombstone = { id, deleted: true, ...(kind && { kind }), erpId, version, changedAt }
      // The columns are emptied, so that filters do not find it and its number, e-mail and erpId are free again.
      updateRow.run([position, 1, JSON.stringify(tombstone), '', ...collection.columns.map(() => null), id])
      alongside?.remove(id)
      return tombstone
    },
    find: (id) => {
      const found = selectById.get(id) as { deleted: number; json: string } | undefined
      if (!found) return { kind: 'absent' }
      if (found.deleted) return { kind: 'deleted', tombstone: JSON.parse(found.json) as Tombstone }
      return { kind: 'live', record: JSON.parse(found.json) as StoredRecord<Fields> }
    },
    changedAfter: (after, { limit, withTombstones }) =>
      pageOf(selectChanges.all(after, withTombstones ? 1 : 0, limit + 1), limit),
    filtered: (filters, limit) => {
      const sql = `SELECT position, json FROM ${table} WHERE deleted = 0 ${conditionsOf(filters)} ORDER BY position LIMIT ?`
      return pageOf(prepared(sql).all([...valuesOf(filters), limit + 1]), limit)
    },
    findTaken: (rule, exceptId) => {
      const conditions = Object.keys(rule.columns).map((name) => `"${name}" = ?`)
      const sql = `SELECT id FROM ${table} WHERE ${conditions.join(' AND ')} AND id <> ? LIMIT 1`
      return (prepared(sql).get([...Object.values(rule.columns), exceptId]) as { id: string } | undefined)?.id
    },
    search: (words, filters, { limit, offset = 0 }) => {
      const contains = words.map(() => 'AND instr(search, ?)').join(' ')
      const sql = `SELECT json FROM ${table} WHERE deleted = 0 ${conditionsOf(filters)} ${contains} ORDER BY position DESC LIMIT ? OFFSET ?`
      const lowerCased = words.map((word) => word.toLowerCase())
      const rows = database.prepare(sql).all([...valuesOf(filters), ...lowerCased, limit, offset]) as { json: string }[]
      return rows.map((each) => JSON.parse(each.json) as StoredRecord<Fields>)
    },
    count: () => (selectCount.get() as { count: number }).count,
    highestPosition: () => position,
    highestOrdinal: () => ordinal,
  }
}

/** Now, or one millisecond after the last change when that was now too: the change time moves with every change. */
function changeTimeAfter(changedAt: string, nowMs: number): string {
  return new Date(Math.max(nowMs, Date.parse(changedAt) + 1)).toISOString()
}
