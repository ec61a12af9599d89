import type { SandboxDatabase, SqlValue } from './database.ts'
import type { Reference } from './references.ts'

/** Whole numbers for most entities; orders have GUIDs and currencies their code. */
export type RecordId = number | string

export interface EntityColumn<Dto> {
  readonly type: 'INTEGER' | 'TEXT'
  /** Value that filters and orders compare. */
  of(dto: Dto): SqlValue
  /** Where few different values or few questions make an index cost more than it saves. */
  readonly isUnindexed?: true
}

export interface EntityTable<Dto, Id extends RecordId = number> {
  readonly name: string
  readonly id: { readonly type: 'INTEGER' | 'TEXT'; of(dto: Dto): Id }
  readonly columns: Readonly<Record<string, EntityColumn<Dto>>>
  /** Columns that hold the id of a record elsewhere. */
  readonly references?: readonly Reference[]
}

export const numberId = { type: 'INTEGER', of: (dto: { readonly Id: number }) => dto.Id } as const
/** GUIDs: stored and compared as given, so give them in lower case. Not in order of creation: keep a column for that. */
export const textId = { type: 'TEXT', of: (dto: { readonly Id: string }) => dto.Id } as const

/** One SQL condition over the table's columns, the table being called `record`; `values` fill its question marks. */
export interface Condition {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

export interface ListRequest {
  readonly where: readonly Condition[]
  readonly orderBy: string
  readonly limit: number
  readonly offset: number
}

export interface EntityStore<Dto, Id extends RecordId = number> {
  get(id: Id): Dto | null
  /** First record fulfilling the condition, `exceptId` aside. */
  find(condition: Condition, exceptId?: Id): Dto | null
  all(condition: Condition): readonly Dto[]
  /** JSON texts in the asked order, as a list of the API would show them now. */
  list(request: ListRequest): readonly string[]
  /** As people see them on their own screens: the records as they are, however late lists of the API show them. */
  seen(request: ListRequest): readonly Dto[]
  count(where: readonly Condition[]): number
  largest(column: string, within: Condition): number | null
  /** Smallest whole number of the range that no record has in this column, null when all are taken. */
  lowestFree(column: string, from: number, to: number): number | null
  /** New or changed; `lateMs` > 0 keeps lists on the earlier state (or without the record) for that long. */
  save(dto: Dto, options?: { readonly lateMs?: number }): void
  remove(id: Id): void
  nextId(sequence: string): number
}

/**
 * One row a record: the DTO as JSON text (so that a list is a join of texts, not a build of objects) and the columns that
 * filters look at. Adding an entity is adding an EntityTable.
 */
export function createEntityStore<Dto, Id extends RecordId>(
  database: SandboxDatabase,
  table: EntityTable<Dto, Id>,
  nowMs: () => number,
): EntityStore<Dto, Id> {
  const names = Object.keys(table.columns)
  const columnDeclarations = names.map((name) => `${name} ${table.columns[name]?.type}`).join(', ')
  const allColumns = ['id', 'json', ...names].join(', ')
  createTables()
  // Rows still hidden from lists; counted here so that the usual case pays nothing for the switch.
  let lateRows = Number(database.row(`SELECT count(*) AS n FROM ${table.name}_late`)?.n ?? 0)

  function createTables(): void {
    database.exec(
      `CREATE TABLE IF NOT EXISTS ${table.name} (id ${table.id.type} PRIMARY KEY, json TEXT, ${columnDeclarations})`,
    )
    addMissingColumns()
    for (const name of names.filter((each) => !table.columns[each]?.isUnindexed)) {
      // Most records point nowhere: an index without them costs inserts nothing.
      const pointing = table.references?.some(({ column }) => column === name) ? ` WHERE ${name} IS NOT NULL` : ''
      database.exec(`CREATE INDEX IF NOT EXISTS ${table.name}_${name} ON ${table.name} (${name})${pointing}`)
    }
    // json null: the record is new and not in lists yet.
    database.exec(
      `CREATE TABLE IF NOT EXISTS ${table.name}_late (id ${table.id.type} PRIMARY KEY, json TEXT, ${columnDeclarations}, visibleAtMs INTEGER)`,
    )
  }

  /** A data file of an earlier version lacks the columns that came later: they are added and filled from the records. */
  function addMissingColumns(): void {
    const present = database.rows(`PRAGMA table_info(${table.name})`).map((column) => String(column.name))
    const missing = names.filter((name) => !present.includes(name))
    if (missing.length === 0) return
    for (const name of missing) {
      database.exec(`ALTER TABLE ${table.name} ADD COLUMN ${name} ${table.columns[name]?.type}`)
    }
    for (const row of database.rows(`SELECT id, json FROM ${table.name}`)) {
      const dto = JSON.parse(String(row.json)) as Dto
      database.run(
        `UPDATE ${table.name} SET ${missing.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
        ...missing.map((name) => table.columns[name]?.of(dto) ?? null),
        row.id as Id,
      )
    }
    // Made anew below: what it held back is visible by now.
    database.exec(`DROP TABLE IF EXISTS ${table.name}_late`)
  }

  function listed(): string {
    if (lateRows === 0) return table.name
    database.run(`DELETE FROM ${table.name}_late WHERE visibleAtMs <= ?`, nowMs())
    lateRows = Number(database.row(`SELECT count(*) AS n FROM ${table.name}_late`)?.n ?? 0)
    if (lateRows === 0) return table.name
    return `(SELECT ${allColumns} FROM ${table.name} WHERE id NOT IN (SELECT id FROM ${table.name}_late)
      UNION ALL SELECT ${allColumns} FROM ${table.name}_late WHERE json IS NOT NULL)`
  }

  function keepEarlierStateListed(id: Id, lateMs: number): void {
    const earlier = database.row(`SELECT id FROM ${table.name} WHERE id = ?`, id)
    const visibleAtMs = nowMs() + lateMs
    if (earlier) {
      database.run(
        `INSERT OR IGNORE INTO ${table.name}_late SELECT ${allColumns}, ? FROM ${table.name} WHERE id = ?`,
        visibleAtMs,
        id,
      )
    } else {
      database.run(`INSERT OR IGNORE INTO ${table.name}_late (id, visibleAtMs) VALUES (?, ?)`, id, visibleAtMs)
    }
    lateRows += 1
  }

  return {
    get(id) {
      const row = database.row(`SELECT json FROM ${table.name} WHERE id = ?`, id)
      return row ? (JSON.parse(String(row.json)) as Dto) : null
    },
    find(condition, exceptId) {
      const row = database.row(
        `SELECT json FROM ${table.name} AS record WHERE ${condition.sql} AND id <> ? ORDER BY id LIMIT 1`,
        ...condition.values,
        exceptId ?? noId,
      )
      return row ? (JSON.parse(String(row.json)) as Dto) : null
    },
    all(condition) {
      const rows = database.rows(
        `SELECT json FROM ${table.name} AS record WHERE ${condition.sql} ORDER BY id`,
        ...condition.values,
      )
      return rows.map((row) => JSON.parse(String(row.json)) as Dto)
    },
    list({ where, orderBy, limit, offset }) {
      const { sql, values } = joined(where)
      const rows = database.rows(
        `SELECT json FROM ${listed()} AS record WHERE ${sql} ORDER BY ${orderBy} LIMIT ? OFFSET ?`,
        ...values,
        limit,
        offset,
      )
      return rows.map((row) => String(row.json))
    },
    seen({ where, orderBy, limit, offset }) {
      const { sql, values } = joined(where)
      const rows = database.rows(
        `SELECT json FROM ${table.name} AS record WHERE ${sql} ORDER BY ${orderBy} LIMIT ? OFFSET ?`,
        ...values,
        limit,
        offset,
      )
      return rows.map((row) => JSON.parse(String(row.json)) as Dto)
    },
    count(where) {
      const { sql, values } = joined(where)
      return Number(database.row(`SELECT count(*) AS n FROM ${listed()} AS record WHERE ${sql}`, ...values)?.n ?? 0)
    },
    largest(column, within) {
      const row = database.row(`SELECT max(${column}) AS n FROM ${table.name} WHERE ${within.sql}`, ...within.values)
      return typeof row?.n === 'number' ? row.n : null
    },
    lowestFree(column, from, to) {
      const row = database.row(
        `SELECT min(taken) + 1 AS n FROM (SELECT ? - 1 AS taken UNION ALL SELECT ${column} FROM ${table.name} WHERE ${column} BETWEEN ? AND ?)
         WHERE taken < ? AND NOT EXISTS (SELECT 1 FROM ${table.name} WHERE ${column} = taken + 1)`,
        from,
        from,
        to,
        to,
      )
      return typeof row?.n === 'number' ? row.n : null
    },
    save(dto, { lateMs = 0 } = {}) {
      if (lateMs > 0) keepEarlierStateListed(table.id.of(dto), lateMs)
      database.run(
        `INSERT OR REPLACE INTO ${table.name} (${allColumns}) VALUES (?, ?${', ?'.repeat(names.length)})`,
        table.id.of(dto),
        JSON.stringify(dto),
        ...Object.values(table.columns).map((column) => column.of(dto)),
      )
    },
    remove(id) {
      database.run(`DELETE FROM ${table.name} WHERE id = ?`, id)
      database.run(`DELETE FROM ${table.name}_late WHERE id = ?`, id)
    },
    nextId: (sequence) => database.nextOf(sequence),
  }
}

/** What no record has for an id, of either type. */
const noId = -1

function joined(where: readonly Condition[]): Condition {
  if (where.length === 0) return { sql: '1', values: [] }
  return {
    sql: where.map((condition) => `(${condition.sql})`).join(' AND '),
    values: where.flatMap((condition) => condition.values),
  }
}
