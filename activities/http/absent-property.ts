import type { FlowDefinition, SideMapping } from '../../flows/flow-definition.ts'
import type { Side } from '../../flows/side.ts'

export type Row = Readonly<Record<string, unknown>>

/** Fewer rows may all lack a property by chance: a system that leaves out what is empty. */
const fewestRows = 5

/**
 * A mapped property that no row carries, not even as null: the system has renamed or dropped it, and reading it as
 * "cleared" would clear it everywhere (E16). Of a nested property the rows without its parent do not count, and of a field
 * of one kind the rows of another.
 */
export function findAbsentProperty(definition: FlowDefinition, side: Side, rows: readonly Row[]): string | undefined {
  for (const field of definition.fields) {
    const { appliesWhen } = field
    const applies = appliesWhen ? rowsWhere(definition, side, appliesWhen, rows) : rows
    // A side that only receives a field need not show it before it was written.
    if (field.direction === (side === 'shop' ? 'toShop' : 'toErp')) continue
    for (const path of pathsOf(field[side])) {
      if (isAbsentEverywhere(path, applies)) return path
    }
  }
  return undefined
}

function isAbsentEverywhere(path: string, rows: readonly Row[]): boolean {
  const [first = '', second] = path.split('.')
  let holders = 0
  for (const row of rows) {
    const holder = second === undefined ? row : row[first]
    if (!isRow(holder)) continue
    if (Object.hasOwn(holder, second ?? first)) return false
    holders += 1
  }
  return holders >= fewestRows
}

function rowsWhere(
  definition: FlowDefinition,
  side: Side,
  condition: { readonly field: string; readonly equals: string },
  rows: readonly Row[],
): readonly Row[] {
  const mapping = definition.fields.find((field) => field.name === condition.field)?.[side]
  if (!mapping || !('path' in mapping)) return rows
  return rows.filter((row) => {
    const value = String(row[mapping.path])
    return (mapping.values?.[value] ?? value) === condition.equals
  })
}

function pathsOf(mapping: SideMapping): readonly string[] {
  if ('path' in mapping) return [mapping.path]
  if ('constant' in mapping) return []
  if ('parts' in mapping) return Object.values(mapping.parts)
  return mapping.allOf.map((path) => path.replace(/^!/, ''))
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
