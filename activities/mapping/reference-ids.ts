import type { FlowDefinition, FlowName } from '../../flows/flow-definition.ts'
import type { Side } from '../../flows/side.ts'
import { referredId } from '../canonical/reference.ts'
import type { JsonObject } from '../connector.ts'
import { vendorValue } from './vendor-value.ts'

/** A record of another flow, as `side` calls it. */
export interface ReferenceId {
  readonly flow: FlowName
  readonly side: Side
  readonly id: string
}

/**
 * Which records of other flows a record names (in a flow of lists: its items do), each once, so that the caller can look
 * their links up for a whole page beforehand. What is no id is left to the reading, which says so.
 */
export function referenceIdsOf(
  definition: FlowDefinition,
  side: Side,
  record: { readonly raw: JsonObject; readonly items?: readonly { readonly raw: JsonObject }[] },
): ReferenceId[] {
  const raws = definition.listOf ? (record.items ?? []).map((item) => item.raw) : [record.raw]
  const found = new Map<string, ReferenceId>()
  for (const field of definition.fields) {
    const mapping = field[side]
    if (field.refersTo === undefined || !('path' in mapping)) continue
    for (const raw of raws) {
      const id = referredId(vendorValue(mapping, raw))
      if (id.ok && id.text !== null) {
        found.set(`${field.refersTo} ${id.text}`, { flow: field.refersTo, side, id: id.text })
      }
    }
  }
  return [...found.values()]
}
