import type { SandboxDatabase } from '../database.ts'

/** Customers with transactions: they cannot be deleted or archived. Marked by hand until orders are built. */
export function createInUseTable(database: SandboxDatabase): void {
  database.exec('CREATE TABLE IF NOT EXISTS customers_in_use (id INTEGER PRIMARY KEY)')
}

export function isInUse(database: SandboxDatabase, customerId: number): boolean {
  return database.row('SELECT id FROM customers_in_use WHERE id = ?', customerId) !== undefined
}

export function markInUse(database: SandboxDatabase, customerId: number, { inUse }: { inUse: boolean }): void {
  if (inUse) database.run('INSERT OR IGNORE INTO customers_in_use (id) VALUES (?)', customerId)
  else database.run('DELETE FROM customers_in_use WHERE id = ?', customerId)
}
