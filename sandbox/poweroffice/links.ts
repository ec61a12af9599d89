import { isDeepStrictEqual } from 'node:util'
import type { SandboxDatabase } from './database.ts'
import type { EntityTable, RecordId } from './entity-store.ts'
import { type EntityName, type Reference, shownOf } from './references.ts'
import type { JsonObject } from './schema.ts'

/** Who points to whom, over all tables. */
export interface Links {
  /** True when a record of any table points to this one. */
  isReferenced(to: EntityName, id: number): boolean
  /** After a change: those that show its code or number show the new one. Their own change times stay (not documented). */
  refresh(to: EntityName, before: JsonObject, after: JsonObject): void
}

interface Pointing {
  readonly table: EntityTable<JsonObject, RecordId>
  readonly reference: Reference
}

export function createLinks(database: SandboxDatabase, tables: readonly EntityTable<never, RecordId>[]): Links {
  const pointing: Pointing[] = tables.flatMap((table) =>
    // Read as what every DTO is: its columns are only asked about rows of its own table.
    (table.references ?? []).map((reference) => ({ table: table as EntityTable<JsonObject, RecordId>, reference })),
  )
  const pointingTo = (to: EntityName) => pointing.filter(({ reference }) => reference.to === to)
  return {
    isReferenced: (to, id) =>
      pointingTo(to).some(
        ({ table, reference }) =>
          database.row(`SELECT id FROM ${table.name} WHERE ${reference.column} = ? LIMIT 1`, id) !== undefined,
      ),
    refresh(to, before, after) {
      for (const { table, reference } of pointingTo(to)) {
        // Most changes are of nothing that others show: those that point here are then not even read.
        if (isDeepStrictEqual(shownOf(reference, before), shownOf(reference, after))) continue
        refreshTable(database, table, reference, after)
      }
    },
  }
}

function refreshTable(
  database: SandboxDatabase,
  table: EntityTable<JsonObject, RecordId>,
  reference: Reference,
  target: JsonObject,
): void {
  const shown = Object.entries(shownOf(reference, target)).filter(([name]) => name !== reference.id)
  const columns = Object.entries(table.columns)
  const rows = database.rows(`SELECT id, json FROM ${table.name} WHERE ${reference.column} = ?`, Number(target.Id))
  for (const row of rows) {
    const before = JSON.parse(String(row.json)) as JsonObject
    const after = { ...before, ...Object.fromEntries(shown) }
    database.run(
      `UPDATE ${table.name} SET json = ?${columns.map(([name]) => `, ${name} = ?`).join('')} WHERE id = ?`,
      JSON.stringify(after),
      ...columns.map(([, column]) => column.of(after)),
      row.id as RecordId,
    )
  }
}
