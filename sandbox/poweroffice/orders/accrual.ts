import { type Reference, settleReferences } from '../references.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { isJsonObject, type JsonObject } from '../schema.ts'
import { unknownInOrder } from './refusals.ts'

/** A line's amount spread over time: two accounts, each shown by Id, number and agriculture department. */
const references: readonly Reference[] = (['Balance', 'Result'] as const).map((name) => ({
  id: `${name}AccountId`,
  // Kept inside the line, so that it has no column and keeps no account from being deleted.
  column: '',
  to: 'accounts',
  noun: 'General ledger account',
  key: {
    property: `${name}AccountNo`,
    of: 'AccountNo',
    column: 'accountNo',
    word: 'number',
    narrowedBy: { property: `${name}AccountAgricultureDepartment`, column: 'agricultureDepartment' },
  },
  shown: { [`${name}AccountAgricultureDepartment`]: 'AgricultureDepartment' },
}))

export function settledAccrual(state: SandboxState, sent: unknown): JsonObject | null {
  if (!isJsonObject(sent)) return null
  const accounts = { BalanceAccountId: null, BalanceAccountNo: null, ResultAccountId: null, ResultAccountNo: null }
  const settled = { ...accounts, ...sent, ...settleReferences(state, references, sent, unknownInOrder(state)) }
  // Dates and enums are not nullable in the description: left out where there is none.
  return Object.fromEntries(
    Object.entries({ IsActive: true, ...settled }).filter(([name, value]) => value !== null || name in accounts),
  )
}

/** What a JSON Patch sees: accounts by Id only (README.md). */
export function patchableAccrual(accrual: JsonObject | undefined): JsonObject | null {
  if (!accrual) return null
  return Object.fromEntries(
    Object.entries(accrual).filter(([name]) => !/(AccountNo|AgricultureDepartment)$/.test(name)),
  )
}
