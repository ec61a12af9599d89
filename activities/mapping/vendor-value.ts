import type { SideMapping } from '../../flows/flow-definition.ts'
import type { VendorValue } from '../canonical/canonical-result.ts'
import type { JsonObject } from '../connector.ts'
import { type MutableJsonObject, valueAt } from './vendor-path.ts'

type PathMapping = Extract<SideMapping, { readonly path: string }>
type PartsMapping = Extract<SideMapping, { readonly parts: unknown }>

/** What the vendor shows in the field: one value, or an object of the parts of a group. */
export function vendorValue(mapping: PathMapping | PartsMapping, raw: JsonObject): VendorValue {
  if ('path' in mapping) {
    const value = valueAt(raw, mapping.path)
    return mapping.zeroMeansUnset === true && isZero(value) ? null : value
  }
  const parts: MutableJsonObject = {}
  for (const name in mapping.parts) parts[name] = valueAt(raw, mapping.parts[name] ?? '') ?? null
  return parts
}

function isZero(value: VendorValue): boolean {
  return value === 0 || (typeof value === 'string' && /^\s*[+-]?0+(\.0*)?\s*$/.test(value))
}
