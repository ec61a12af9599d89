import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'
import { createSequences } from './sequences.ts'

type Row = Record<string, unknown>

export interface SandboxDatabase {
  run(sql: string, ...values: SqlValue[]): void
  /** Rows as objects, one key a column. */
  rows(sql: string, ...values: SqlValue[]): readonly Row[]
  row(sql: string, ...values: SqlValue[]): Row | undefined
  exec(sql: string): void
  /** The sequence's next whole number, from 1. Never given twice, not even after a delete and a restart. */
  nextOf(sequence: string): number
  /** All of it or nothing; nested calls join the outer one. */
  transaction<Result>(work: () => Result): Result
  close(): void
}

export type SqlValue = string | number | null

function openFile(file: string): Database.Database {
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
    const database = new Database(file)
    database.exec('PRAGMA busy_timeout = 5000')
    // WAL with NORMAL survives kill -9 of the process (not of the machine) and writes thousands of rows a second.
    if (file !== ':memory:') database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    // A file that can only be read shows itself at the first write.
    database.exec('CREATE TABLE IF NOT EXISTS sequences (name TEXT PRIMARY KEY, value INTEGER)')
    database.exec(
      "INSERT INTO sequences (name, value) VALUES ('start', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1",
    )
    return database
  } catch (failure) {
    throw new DataFileUnusable(failure instanceof Error ? failure.message : String(failure), { cause: failure })
  }
}

interface Statement {
  run(...values: SqlValue[]): unknown
  get(...values: SqlValue[]): unknown
  all(...values: SqlValue[]): unknown[]
}

/** The folder cannot be made, or the file cannot be written, or is no database; the message says which. */
export class DataFileUnusable extends Error {}

/** SQLite in one file, or ':memory:'. Throws DataFileUnusable. */
export function openDatabase(file: string): SandboxDatabase {
  const database = openFile(file)
  const prepared = new Map<string, Statement>()
  let depth = 0

  function statement(sql: string): Statement {
    const known = prepared.get(sql)
    if (known) return known
    const fresh: Statement = database.prepare<SqlValue[]>(sql)
    // Filters make many texts; the bound keeps a long-running sandbox from collecting statements for ever.
    if (prepared.size >= 500) prepared.clear()
    prepared.set(sql, fresh)
    return fresh
  }

  const sequences = createSequences({
    read: (name) =>
      Number((statement('SELECT value FROM sequences WHERE name = ?').get(name) as Row | undefined)?.value ?? 0),
    write: (name, value) =>
      void statement('INSERT OR REPLACE INTO sequences (name, value) VALUES (?, ?)').run(name, value),
  })

  return {
    run: (sql, ...values) => void statement(sql).run(...values),
    rows: (sql, ...values) => statement(sql).all(...values) as Row[],
    row: (sql, ...values) => statement(sql).get(...values) as Row | undefined,
    exec: (sql) => void database.exec(sql),
    nextOf(sequence) {
      const next = sequences.next(sequence)
      if (depth === 0) sequences.store()
      return next
    },
    transaction(work) {
      if (depth > 0) return work()
      database.exec('BEGIN IMMEDIATE')
      depth += 1
      try {
        const result = work()
        sequences.store()
        database.exec('COMMIT')
        return result
      } catch (failure) {
        sequences.forget()
        database.exec('ROLLBACK')
        throw failure
      } finally {
        depth -= 1
      }
    },
    close: () => void database.close(),
  }
}
