import { accountOf, defaultSalesAccount } from './ledger.ts'

/** What members of the group take where they have no value of their own. Prices exclude VAT. */
export interface SeedProductGroup {
  /** Text: leading zeros belong to it. */
  readonly code: string
  readonly name: string
  readonly unitPrice: string | null
  readonly unit: string | null
  /** null: the company's default account. */
  readonly salesAccount: number | null
  readonly optionalSalesAccount: number | null
}

/** The group of freight, fees and the like, of which articles stand on accounts of their own. */
export const articleGroupCode = '900'

const taxed = { salesAccount: accountOf('25'), optionalSalesAccount: 3010, unit: 'EA', unitPrice: null }
const food = { salesAccount: accountOf('15'), optionalSalesAccount: null, unit: 'EA', unitPrice: null }

export const productGroups: readonly SeedProductGroup[] = [
  { ...food, code: '010', name: 'Kaffe og te' },
  { ...food, code: '015', name: 'Tørrvarer og sødme' },
  { ...food, code: '020', name: 'Sjømat', unit: 'KGM' },
  { ...food, code: '025', name: 'Opplevelser og billetter', salesAccount: accountOf('12') },
  { ...taxed, code: '030', name: 'Kontorrekvisita' },
  { ...taxed, code: '040', name: 'Møbler' },
  { ...taxed, code: '050', name: 'Belysning' },
  // Without account or unit, so that the company's default account is what its products stand on.
  { ...taxed, code: '060', name: 'Verktøy', salesAccount: null, unit: null },
  { ...taxed, code: '070', name: 'Jernvare og feste', unit: 'XPK', unitPrice: '79.2' },
  { ...taxed, code: '080', name: 'Hage og uterom', unit: 'MTR', unitPrice: '63.2' },
  { ...taxed, code: '090', name: 'Arbeidsklær' },
  { ...food, code: '100', name: 'Bøker', salesAccount: accountOf('0') },
  { ...taxed, code: '110', name: 'Tjenester', unit: 'HUR', unitPrice: '960' },
  { ...taxed, code: articleGroupCode, name: 'Frakt, gebyr og rabatt', unit: null },
]

export function groupOf(code: string): SeedProductGroup {
  const group = productGroups.find((one) => one.code === code)
  if (!group) throw new Error(`there is no product group ${code}`)
  return group
}

/** An own value, else the group's, else the company's. */
export function effectiveAccount(product: { readonly group: string; readonly salesAccount: number | null }): number {
  return product.salesAccount ?? groupOf(product.group).salesAccount ?? defaultSalesAccount
}
