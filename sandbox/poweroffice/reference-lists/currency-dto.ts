import type { EntityTable } from '../entity-store.ts'

/** Without an Id in the API: its code is what tells one from another. */
export interface CurrencyDto {
  readonly Code: string
  readonly IsActive: boolean
  readonly Notation: string
}

export const currencyTable: EntityTable<CurrencyDto, string> = {
  name: 'currencies',
  id: { type: 'TEXT', of: (currency) => currency.Code },
  columns: { isActive: { type: 'INTEGER', of: (currency) => Number(currency.IsActive) } },
}
