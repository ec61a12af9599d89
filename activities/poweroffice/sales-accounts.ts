import Big from 'big.js'
import type { CompanyOptions } from '../../flows/flow-options.ts'
import type { RoomNotice } from '../../flows/port.ts'
import { toCanonicalDecimal } from '../canonical/decimal.ts'
import { sameDecimal } from './decimal-text.ts'
import type { LedgerAccount, ReferenceLists } from './reference-lists.ts'

type VatAccounts = CompanyOptions['products']['vatAccounts']

/** The sales account of new products with this VAT rate in percent; undefined: the option names none. */
export function accountForRate(accounts: VatAccounts, percent: string): number | undefined {
  return ratesOf(accounts).find(({ rate }) => sameDecimal(rate, percent))?.accountNo
}

/**
 * The account of what is sold where neither product nor group names one. PowerOffice has it as a setting of the company that
 * its API does not show, so it is taken to be the account that the option names for the highest, the ordinary, rate.
 */
export function companyAccount(accounts: VatAccounts, lists: ReferenceLists): LedgerAccount | undefined {
  const [highest] = ratesOf(accounts).toSorted((a, b) => new Big(b.rate).cmp(a.rate))
  return highest && lists.accountsByNo.get(highest.accountNo)
}

/** What is wrong with the option `vatAccounts`, one sentence each: an account that is not there, or has another rate. */
export function problemsOfVatAccounts(accounts: VatAccounts, lists: ReferenceLists): string[] {
  return Object.entries(accounts).flatMap(([rate, accountNo]) => {
    const option = `vatAccounts names account ${accountNo} for ${rate} % VAT`
    if (!isRate(rate)) return [`${option}: write the rate as a number of percent, such as "25".`]
    const account = lists.accountsByNo.get(accountNo)
    if (!account) return [`${option}, but PowerOffice has no such account: name a sales account with that rate.`]
    const has = account.vatPercent
    if (has === null)
      return [`${option}, but its VAT code is not among PowerOffice's VAT codes: look at the account there.`]
    if (!sameDecimal(has, rate))
      return [`${option}, but that account has ${has} %: name a sales account with ${rate} %.`]
    return account.IsActive === false ? [`${option}, but that account is inactive in PowerOffice: name another.`] : []
  })
}

/** The same as one matter for a person; null: every account is as the option says. */
export function noticeOfVatAccounts(problems: readonly string[]): RoomNotice | null {
  return problems.length === 0 ? null : { level: 'accounts', message: problems.join(' ') }
}

function ratesOf(accounts: VatAccounts): { readonly rate: string; readonly accountNo: number }[] {
  return Object.entries(accounts)
    .filter(([rate]) => isRate(rate))
    .map(([rate, accountNo]) => ({ rate, accountNo }))
}

function isRate(text: string): boolean {
  const rate = toCanonicalDecimal(text)
  return rate.ok && rate.canonical !== null
}
