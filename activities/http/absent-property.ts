import type { FieldDefinition, FlowDefinition, SideMapping } from '../../flows/flow-definition.ts'
import { otherSide, type Side } from '../../flows/side.ts'

export type Row = Readonly<Record<string, unknown>>

/** Fewer rows may all lack a property by chance: a system that leaves out what is empty. */
export const fewestRows = 5

/**
 * A mapped property that no row carries, not even as null: the system has renamed or dropped it, and reading it as
 * "cleared" would clear it everywhere (E16). Of a nested property the rows without its parent do not count, and of a field
 * of one kind the rows of another. What the side only receives may be missing (a shop need not show what it is told), and
 * so may what a connector works out itself (`writes`) or never varies (`constant`).
 */
export function findAbsentProperty(definition: FlowDefinition, side: Side, rows: readonly Row[]): string | undefined {
  for (const field of definition.fields) {
    if (isOnlyReceived(definition, field, side)) continue
    const { appliesWhen } = field
    const applies = appliesWhen ? rowsWhere(definition, side, appliesWhen, rows) : rows
    for (const path of pathsOf(field[side])) {
      if (isAbsentEverywhere(path, applies)) return path
    }
  }
  return undefined
}

/** Nothing is ever decided by what this side shows in the field. */
function isOnlyReceived(definition: FlowDefinition, field: FieldDefinition, side: Side): boolean {
  const { dormantWhen, matchKeys, matchWithin, shopKinds } = definition
  const decidesMore = [dormantWhen?.field, matchWithin, shopKinds?.field, ...matchKeys.map((key) => key.field)]
  if (decidesMore.includes(field.name)) return false
  const givesAtCreation = field.createdOn?.includes(otherSide(side)) ?? field.direction === 'atCreation'
  return !givesAtCreation && field.direction !== 'both' && field.direction !== (side === 'erp' ? 'toShop' : 'toErp')
}

/** @param path of one property, or of one within another */
export function isAbsentEverywhere(path: string, rows: readonly Row[]): boolean {
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
    const raw = row[mapping.path]
    // Lists and objects have no condition's value, and some cannot be made text (nested too deep, `toString` of their own).
    const value = typeof raw === 'object' ? '' : String(raw)
    return (mapping.values?.[value] ?? value) === condition.equals
  })
}

function pathsOf(mapping: SideMapping): readonly string[] {
  if ('constant' in mapping) return []
  // What is shown is worked out from several properties, which are the connector's to miss.
  if ('path' in mapping) return mapping.writes === undefined ? [mapping.path] : []
  if ('parts' in mapping) return Object.values(mapping.parts)
  return mapping.allOf.map((path) => path.replace(/^!/, ''))
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
