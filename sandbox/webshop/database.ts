import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'
import { StartupError } from './startup-error.ts'

export type ShopDatabase = Database.Database
export type Statement = Database.Statement

export interface OpenDatabase {
  readonly database: ShopDatabase
  close(): void
}

/**
 * @param dataFile path, or ':memory:' for a shop that forgets
 * @throws StartupError when the file cannot be written or another sandbox has it
 */
export function openDatabase(dataFile: string): OpenDatabase {
  let lock: { release(): void } | undefined
  try {
    if (dataFile !== ':memory:') {
      mkdirSync(dirname(dataFile), { recursive: true })
      lock = takeLock(`${dataFile}.lock`)
    }
    const database = new Database(dataFile)
    database.pragma('journal_mode = WAL')
    // Survives a killed process, which is what crash tests do; a power cut may cost the last writes.
    database.pragma('synchronous = NORMAL')
    database.exec('CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)')
    database.exec("INSERT OR REPLACE INTO facts (name, value) VALUES ('format', '1')")
    return {
      database,
      close: () => {
        if (!database.open) return
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)') // so that a copy of the one file is a whole backup
        database.close()
        lock?.release()
      },
    }
  } catch (error) {
    lock?.release()
    const reason = error instanceof Error ? error.message : String(error)
    const isLocked = /locked|busy/i.test(reason)
    throw new StartupError(
      isLocked
        ? `The data file ${dataFile} is in use by another webshop sandbox: stop that one, or set KOBLING_DATA_DIR to another folder.`
        : `The webshop sandbox cannot write its data file ${dataFile} (${reason}): set KOBLING_DATA_DIR to a folder that can be written.`,
      { cause: error },
    )
  }
}

/**
 * One process a file: positions and ids are counted in memory, so a second writer would hand out the same ones. A
 * transaction that never ends, on a file of its own, is a lock that the system frees when the process dies. Not
 * locking_mode = EXCLUSIVE on the data itself: libsql finalises statements only when they are collected as garbage,
 * and until then a closed connection would keep its lock.
 */
function takeLock(lockFile: string): { release(): void } {
  const database = new Database(lockFile)
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw error
  }
  return {
    release: () => {
      database.exec('ROLLBACK')
      database.close()
    },
  }
}

export interface Facts {
  find(name: string): string | undefined
  keep(name: string, value: string): void
}

/** Single values that belong to the data: its epoch, whether it was seeded. */
export function openFacts(database: ShopDatabase): Facts {
  const select = database.prepare('SELECT value FROM facts WHERE name = ?')
  const upsert = database.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)')
  return {
    find: (name) => (select.get(name) as { value: string } | undefined)?.value,
    keep: (name, value) => {
      upsert.run(name, value)
    },
  }
}
