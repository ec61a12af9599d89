import type { SandboxDatabase } from './database.ts'
import type { EntityName } from './references.ts'
import type { SandboxState } from './sandbox-state.ts'

/** Marks set by hand, for what the sandbox has no records of: transactions, balances, payroll. */
export function createInUseTable(database: SandboxDatabase): void {
  database.exec('CREATE TABLE IF NOT EXISTS records_in_use (entity TEXT, id INTEGER, PRIMARY KEY (entity, id))')
}

/** In use, so that a delete answers 409: marked by hand, or another record points to it. */
export function isInUse(state: SandboxState, entity: EntityName, id: number): boolean {
  return isMarkedInUse(state.database, entity, id) || state.links.isReferenced(entity, id)
}

export function isMarkedInUse(database: SandboxDatabase, entity: EntityName, id: number): boolean {
  return database.row('SELECT id FROM records_in_use WHERE entity = ? AND id = ?', entity, id) !== undefined
}

export function markInUse(
  database: SandboxDatabase,
  entity: EntityName,
  id: number,
  { inUse }: { inUse: boolean },
): void {
  if (inUse) database.run('INSERT OR IGNORE INTO records_in_use (entity, id) VALUES (?, ?)', entity, id)
  else database.run('DELETE FROM records_in_use WHERE entity = ? AND id = ?', entity, id)
}
