import type { FlowName } from '../../../flows/flow-definition.ts'
import { otherSide, type RecordKey, recordKey, type Side } from '../../../flows/side.ts'

/** A pair as far as references ask of it. */
export interface NamedPair {
  readonly linked: boolean
  readonly erpId: string | null
  readonly shopId: string | null
  readonly label: string
}

/** What other flows know of the records that a reference names. */
export interface References {
  /** How people call the record; '' where nobody knows. */
  label(flow: FlowName, side: Side, id: string): string
  /** The other side's id of a linked record; undefined: no link is known. */
  counterpart(flow: FlowName, side: Side, id: string): string | undefined
}

export const noReferences: References = { label: () => '', counterpart: () => undefined }

/** From the pairs of the flows that references lead to. */
export function referencesOf(flows: ReadonlyMap<FlowName, readonly NamedPair[]>): References {
  const found = new Map([...flows].map(([flow, pairs]) => [flow, pairsByKey(pairs)]))
  const pairOf = (flow: FlowName, side: Side, id: string) => found.get(flow)?.get(recordKey(side, id))
  return {
    label: (flow, side, id) => pairOf(flow, side, id)?.label ?? '',
    counterpart: (flow, side, id) => {
      const pair = pairOf(flow, side, id)
      const other = otherSide(side) === 'erp' ? pair?.erpId : pair?.shopId
      return pair?.linked === true ? (other ?? undefined) : undefined
    },
  }
}

function pairsByKey(pairs: readonly NamedPair[]): ReadonlyMap<RecordKey, NamedPair> {
  const byKey = new Map<RecordKey, NamedPair>()
  for (const pair of pairs) {
    if (pair.erpId !== null) byKey.set(recordKey('erp', pair.erpId), pair)
    if (pair.shopId !== null) byKey.set(recordKey('shop', pair.shopId), pair)
  }
  return byKey
}
