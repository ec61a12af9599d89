/** A VAT rate of Norway in percent, as text. */
export const vatRates = ['25', '15', '12', '0'] as const
export type VatRate = (typeof vatRates)[number]

export interface SalesAccount {
  readonly number: number
  readonly vatRate: VatRate
  /** Of goods that are else taxed: for customers free of VAT and for lines that say so. */
  readonly optional?: true
}

/** Accounts of the sandbox's ledger that products are sold on. A product has no VAT code of its own: its account has one. */
export const salesAccounts: readonly SalesAccount[] = [
  { number: 3000, vatRate: '25' },
  { number: 3010, vatRate: '0', optional: true },
  { number: 3020, vatRate: '15' },
  { number: 3030, vatRate: '12' },
  { number: 3100, vatRate: '0' },
]

/** The company's default, for products whose group has no account either. */
export const defaultSalesAccount = 3000

export function accountOf(rate: VatRate): number {
  const account = salesAccounts.find((one) => one.vatRate === rate && !one.optional)
  if (!account) throw new Error(`no sales account has the rate ${rate}`)
  return account.number
}

export function rateOf(accountNumber: number): VatRate {
  const account = salesAccounts.find((one) => one.number === accountNumber)
  if (!account) throw new Error(`there is no sales account ${accountNumber}`)
  return account.vatRate
}

export function asVatRate(text: string | null): VatRate {
  const rate = vatRates.find((one) => one === text)
  if (rate === undefined) throw new Error(`${text} is no VAT rate of Norway`)
  return rate
}
