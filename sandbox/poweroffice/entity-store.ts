import type { SandboxDatabase, SqlValue } from './database.ts'

/** Every DTO the sandbox stores has these; orders will bring a text id. */
export interface StoredDto {
  readonly Id: number
}

export interface EntityColumn<Dto> {
  readonly type: 'INTEGER' | 'TEXT'
  /** Value that filters and orders compare. */
  of(dto: Dto): SqlValue
}

export interface EntityTable<Dto> {
  readonly name: string
  readonly columns: Readonly<Record<string, EntityColumn<Dto>>>
}

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

export interface EntityStore<Dto extends StoredDto> {
  get(id: number): Dto | null
  /** First record fulfilling the condition, `exceptId` aside. */
  find(condition: Condition, exceptId?: number): Dto | null
  /** JSON texts in the asked order, as a list of the API would show them now. */
  list(request: ListRequest): readonly string[]
  count(where: readonly Condition[]): number
  largest(column: string, within: Condition): number | null
  /** Smallest whole number of the range that no record has in this column, null when all are taken. */
  lowestFree(column: string, from: number, to: number): number | null
  /** New or changed; `lateMs` > 0 keeps lists on the earlier state (or without the record) for that long. */
  save(dto: Dto, options?: { readonly lateMs?: number }): void
  remove(id: number): void
  nextId(sequence: string): number
}

/**
 * One row a record: the DTO as JSON text (so that a list is a join of texts, not a build of objects) and the columns that
 * filters look at. Adding an entity is adding an EntityTable.
 */
export function createEntityStore<Dto extends StoredDto>(
  database: SandboxDatabase,
  table: EntityTable<Dto>,
  nowMs: () => number,
): EntityStore<Dto> {
  const names = Object.keys(table.columns)
  const columnDeclarations = names.map((name) => `${name} ${table.columns[name]?.type}`).join(', ')
  const allColumns = ['id', 'json', ...names].join(', ')
  createTables()
  // Rows still hidden from lists; counted here so that the usual case pays nothing for the switch.
  let lateRows = Number(database.row(`SELECT count(*) AS n FROM ${table.name}_late`)?.n ?? 0)

  function createTables(): void {
    database.exec(`CREATE TABLE IF NOT EXISTS ${table.name} (id INTEGER PRIMARY KEY, json TEXT, ${columnDeclarations})`)
    for (const name of names) {
      database.exec(`CREATE INDEX IF NOT EXISTS ${table.name}_${name} ON ${table.name} (${name})`)
    }
    // json null: the record is new and not in lists yet.
    database.exec(
      `CREATE TABLE IF NOT EXISTS ${table.name}_late (id INTEGER PRIMARY KEY, json TEXT, ${columnDeclarations}, visibleAtMs INTEGER)`,
    )
  }

  function listed(): string {
    if (lateRows === 0) return table.name
    database.run(`DELETE FROM ${table.name}_late WHERE visibleAtMs <= ?`, nowMs())
    lateRows = Number(database.row(`SELECT count(*) AS n FROM ${table.name}_late`)?.n ?? 0)
    if (lateRows === 0) return table.name
    return `(SELECT ${allColumns} FROM ${table.name} WHERE id NOT IN (SELECT id FROM ${table.name}_late)
      UNION ALL SELECT ${allColumns} FROM ${table.name}_late WHERE json IS NOT NULL)`
  }

  function keepEarlierStateListed(id: number, lateMs: number): void {
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
        exceptId ?? -1,
      )
      return row ? (JSON.parse(String(row.json)) as Dto) : null
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
      if (lateMs > 0) keepEarlierStateListed(dto.Id, lateMs)
      database.run(
        `INSERT OR REPLACE INTO ${table.name} (${allColumns}) VALUES (?, ?${', ?'.repeat(names.length)})`,
        dto.Id,
        JSON.stringify(dto),
        ...Object.values(table.columns).map((column) => column.of(dto)),
      )
    },
    remove(id) {
      database.run(`DELETE FROM ${table.name} WHERE id = ?`, id)
      database.run(`DELETE FROM ${table.name}_late WHERE id = ?`, id)
    },
    nextId(sequence) {
      // Kept in the database, so that an id is never given twice, not even after a delete and a restart.
      const row = database.row(
        `INSERT INTO sequences (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value`,
        sequence,
      )
      return Number(row?.value)
    },
  }
}

function joined(where: readonly Condition[]): Condition {
  if (where.length === 0) return { sql: '1', values: [] }
  return {
    sql: where.map((condition) => `(${condition.sql})`).join(' AND '),
    values: where.flatMap((condition) => condition.values),
  }
}
