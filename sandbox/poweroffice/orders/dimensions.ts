import { isGiven } from '../references.ts'
import type { JsonObject } from '../schema.ts'

/** In `DepartmentId` and the like: explicitly none, where null would inherit. Works on POST as Id and as Code (README.md). */
export const explicitlyNone = -1

const dimensions = ['Department', 'Project', 'Location', 'Dim1', 'Dim2', 'Dim3'] as const

/** `none`: properties that say so; `named`: all the rest, to be looked up as usual. */
export function splitExplicitNone(sent: JsonObject): { readonly named: JsonObject; readonly none: JsonObject } {
  const none: JsonObject = {}
  const named = { ...sent }
  for (const dimension of dimensions) {
    const [id, code] = [`${dimension}Id`, `${dimension}Code`]
    // An Id wins over its Code.
    const says = isGiven(sent[id])
      ? sent[id] === explicitlyNone
      : typeof sent[code] === 'string' && sent[code].trim() === String(explicitlyNone)
    if (!says) continue
    delete named[id]
    delete named[code]
    none[id] = explicitlyNone
    none[code] = null
  }
  return { named, none }
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
