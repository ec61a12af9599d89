import { isGiven } from '../references.ts'
import type { JsonObject } from '../schema.ts'

/** In `DepartmentId` and the like: explicitly none, where null would inherit. Works on POST as Id and as Code (README.md). */
export const explicitlyNone = -1

const dimensions = ['Department', 'Project', 'Location', 'Dim1', 'Dim2', 'Dim3'].map((name) => ({
  id: `${name}Id`,
  code: `${name}Code`,
}))

/** `none`: properties that say so; `named`: all the rest, to be looked up as usual. */
export function splitExplicitNone(sent: JsonObject): { readonly named: JsonObject; readonly none: JsonObject } {
  const unused = dimensions.filter(({ id, code }) => saysNone(sent[id], sent[code]))
  // The usual case costs no copy: bulk inserts pass here for each line.
  if (unused.length === 0) return { named: sent, none: {} }
  const none = Object.fromEntries(
    unused.flatMap(({ id, code }) => [
      [id, explicitlyNone],
      [code, null],
    ]),
  )
  const named = Object.fromEntries(Object.entries(sent).filter(([name]) => !(name in none)))
  return { named, none }
}

/** An Id wins over its Code. */
function saysNone(id: unknown, code: unknown): boolean {
  if (isGiven(id)) return id === explicitlyNone
  return typeof code === 'string' && code.trim() === String(explicitlyNone)
}

// What the company has none of, so that every one named is unknown.
const absent = [
  'ProjectId',
  'ProjectCode',
  'LocationId',
  'LocationCode',
  'Dim1Id',
  'Dim1Code',
  'Dim2Id',
  'Dim2Code',
  'Dim3Id',
  'Dim3Code',
  'BrandingThemeId',
  'BrandingThemeCode',
  'SalesPersonEmployeeId',
  'SalesPersonEmployeeNumber',
  'SellersReferenceEmployeeId',
  'SellersReferenceEmployeeNo',
] as const

export function refuseAbsent(named: JsonObject, unknown: (detail: string) => Error): void {
  for (const property of absent) {
    if (isGiven(named[property])) throw unknown(`${property} = ${String(named[property])} not found.`)
  }
}
