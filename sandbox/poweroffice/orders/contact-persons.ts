import type { SandboxDatabase } from '../database.ts'
import type { SandboxState } from '../sandbox-state.ts'

/** People at a customer. The API's own /ContactPersons is not built: a name is all that orders show of them. */
export interface ContactPerson {
  readonly Id: number
  readonly ContactId: number
  readonly Name: string
}

export function createContactPersonTable(database: SandboxDatabase): void {
  database.exec('CREATE TABLE IF NOT EXISTS contact_persons (id INTEGER PRIMARY KEY, contactId INTEGER, name TEXT)')
}

export function contactPerson(database: SandboxDatabase, id: number): ContactPerson | null {
  const row = database.row('SELECT id, contactId, name FROM contact_persons WHERE id = ?', id)
  return row ? { Id: Number(row.id), ContactId: Number(row.contactId), Name: String(row.name) } : null
}

export function addContactPerson(state: SandboxState, person: Omit<ContactPerson, 'Id'>): ContactPerson {
  const added = { ...person, Id: 8_100_000 + state.customers.nextId('contactPerson') }
  state.database.run(
    'INSERT INTO contact_persons (id, contactId, name) VALUES (?, ?, ?)',
    added.Id,
    added.ContactId,
    added.Name,
  )
  return added
}

export function renameContactPerson(state: SandboxState, id: number, name: string): void {
  state.database.run('UPDATE contact_persons SET name = ? WHERE id = ?', name, id)
}
