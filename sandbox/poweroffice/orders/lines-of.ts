import type { SandboxState } from '../sandbox-state.ts'
import type { LineDto } from './line-dto.ts'

/** In their order. */
export function linesOf(state: SandboxState, orderId: string): readonly LineDto[] {
  return inOrder(state.salesOrderLines.all({ sql: 'salesOrderId = ?', values: [orderId] }))
}

export function inOrder(lines: readonly LineDto[]): readonly LineDto[] {
  return [...lines].sort((one, other) => one.SortOrder - other.SortOrder || one.Sequence - other.Sequence)
}
