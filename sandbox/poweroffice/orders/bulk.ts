import { rememberedReads } from '../remembered-reads.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { isJsonObject, readDto } from '../schema.ts'
import { builtOrder } from './build-order.ts'
import { refusedOrder } from './refusals.ts'
import { saveOrder } from './save-order.ts'

export interface InsertedOrder {
  readonly Id: string
  readonly SalesOrderNo: number
  /** In the order of the lines given. */
  readonly LineIds: readonly string[]
}

/**
 * Many orders with their lines in one transaction, as if they had always been there: types and references checked, rules not.
 * Each is a SalesOrderCompletePostDto, plus IsCreatedByCurrentIntegration (false unless given: people made them).
 */
export function insertOrders(state: SandboxState, list: readonly unknown[]): readonly InsertedOrder[] {
  const switches = state.settings.current()
  const cached = { ...state, ...cachedReads(state) }
  return state.database.transaction(() => {
    const sharedTick = switches.equalTimestamps === 'on' ? state.clock.next() : null
    return list.map((entry) => {
      if (!isJsonObject(entry)) throw refusedOrder('Each entry must be an object.')
      const { IsCreatedByCurrentIntegration: isOwn, ...posted } = entry
      const sent = readDto(posted, 'SalesOrderCompletePostDto', switches)
      const now = sharedTick ?? state.clock.next()
      const built = builtOrder(cached, sent, { now, isByIntegration: isOwn === true })
      saveOrder(state, null, built)
      return {
        Id: built.order.Id,
        SalesOrderNo: built.order.SalesOrderNo,
        LineIds: [...built.lines].sort((one, other) => one.Sequence - other.Sequence).map(({ Id }) => Id),
      }
    })
  })
}

type CachedStores = Pick<SandboxState, 'products' | 'productGroups' | 'accounts' | 'vatCodes' | 'customers'>

/** Building thousands of orders reads the same few records over and over, and changes none of these properties meanwhile. */
function cachedReads(state: SandboxState): CachedStores {
  return {
    products: rememberedReads(state.products),
    productGroups: rememberedReads(state.productGroups),
    accounts: rememberedReads(state.accounts),
    vatCodes: rememberedReads(state.vatCodes),
    customers: rememberedReads(state.customers),
  }
}
