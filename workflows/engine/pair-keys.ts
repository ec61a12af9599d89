import type { Pair } from '../../flows/pair.ts'
import type { SideState } from '../../flows/reading.ts'
import type { RecordKey } from '../../flows/side.ts'

/** The ids of a pair's two records, as far as they are known. */
export function idsOf(pair: Pair): { erpId?: string; shopId?: string } {
  const erpId = idOfState(pair.erp)
  const shopId = idOfState(pair.shop)
  return { ...(erpId === null ? {} : { erpId }), ...(shopId === null ? {} : { shopId }) }
}

export function keysOfIds(ids: { readonly erpId?: string | null; readonly shopId?: string | null }): RecordKey[] {
  const keys: RecordKey[] = []
  if (ids.erpId !== undefined && ids.erpId !== null) keys.push(`erp:${ids.erpId}`)
  if (ids.shopId !== undefined && ids.shopId !== null) keys.push(`shop:${ids.shopId}`)
  return keys
}

export function keysOfPair(pair: Pair): RecordKey[] {
  return keysOfIds(idsOf(pair))
}

function idOfState(state: SideState): string | null {
  if (state.kind === 'absent') return null
  return state.kind === 'present' ? state.reading.id : state.id
}
