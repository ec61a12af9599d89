import type { Option } from '../../pages/field.ts'
import type { SandboxState } from '../sandbox-state.ts'

const everything = { sql: '1', values: [] } as const

// A company has a handful of each.

export function paymentTermOptions(state: SandboxState): readonly Option[] {
  return state.paymentTerms
    .all(everything)
    .map(({ Id, Name, CreditDays }) => ({ value: String(Id), label: Name ?? `${CreditDays} days` }))
}

export function deliveryTermOptions(state: SandboxState): readonly Option[] {
  return state.deliveryTerms.all(everything).map(({ Id, Name }) => ({ value: String(Id), label: Name ?? String(Id) }))
}

/** General ledger accounts that sell: class 3 of the Norwegian standard chart. */
export function salesAccountOptions(state: SandboxState): readonly Option[] {
  return state.accounts
    .all({ sql: 'accountNo BETWEEN 3000 AND 3999', values: [] })
    .map(({ Id, AccountNo, Name }) => ({ value: String(Id), label: `${AccountNo} ${String(Name ?? '')}`.trim() }))
}
