import type { FlowDefinition, FlowName } from '../../flows/flow-definition.ts'
import type { Side } from '../../flows/side.ts'
import type { JsonObject, ParsedRecord } from '../connector.ts'
import { valueAt } from './vendor-path.ts'

/** A record of another flow, as one side names it. */
export interface ReferenceId {
  readonly flow: FlowName
  readonly side: Side
  readonly id: string
}

export interface ReferenceLinks {
  /** The counterpart's id of a record of that flow, given the side that has it; null: no link. */
  counterpart(flow: FlowName, side: Side, id: string): string | null
}

export const noLinks: ReferenceLinks = { counterpart: () => null }

/** What a record, or each item of its list, refers to: looked up in bulk before the record is read. */
export function referenceIdsOf(
  definition: FlowDefinition,
  side: Side,
  record: ParsedRecord & { readonly kind: 'record' },
): ReferenceId[] {
  const raws: readonly JsonObject[] = definition.listOf ? (record.items ?? []).map((item) => item.raw) : [record.raw]
  return definition.fields.flatMap((field) => {
    const mapping = field[side]
    const { refersTo } = field
    if (field.type !== 'reference' || refersTo === undefined || !('path' in mapping)) return []
    return raws.flatMap((raw) => {
      const value = valueAt(raw, mapping.path)
      const isId = (typeof value === 'string' && value !== '') || typeof value === 'number'
      return isId ? [{ flow: refersTo, side, id: String(value) }] : []
    })
  })
}
