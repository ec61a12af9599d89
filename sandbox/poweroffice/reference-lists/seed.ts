import { defaultProductGroupId, seededAccountId } from '../products/company-defaults.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { AccountDto } from './account-dto.ts'

/** What every company has before its first customer: VAT codes, accounts, terms, currencies and a default product group. Once. */
export function seedReferenceLists(state: SandboxState): void {
  if (state.database.row("SELECT value FROM sequences WHERE name = 'referenceLists'") !== undefined) return
  state.database.transaction(() => {
    state.currencies.nextId('referenceLists')
    const now = state.clock.next()
    seedVatCodes(state)
    for (const [number, name, type, vatCode] of accounts) seedAccount(state, { number, name, type, vatCode, now })
    for (const [Code, Notation, IsActive] of currencies) state.currencies.save({ Code, Notation, IsActive })
    seedTerms(state, now)
    seedDefaultProductGroup(state, now)
  })
}

// Codes, meanings and rates of the Norwegian tax administration's SAF-T standard list.
const vatCodes: readonly (readonly [code: string, name: string, rate: number])[] = [
  ['0', 'Ingen mva-behandling', 0],
  ['1', 'Inngående mva, alminnelig sats', 0.25],
  ['11', 'Inngående mva, middels sats', 0.15],
  ['13', 'Inngående mva, lav sats', 0.12],
  ['3', 'Utgående mva, alminnelig sats', 0.25],
  ['31', 'Utgående mva, middels sats', 0.15],
  ['33', 'Utgående mva, lav sats', 0.12],
  ['5', 'Ingen utgående mva (nullsats)', 0],
  ['52', 'Utførsel av varer og tjenester', 0],
  ['6', 'Omsetning utenfor mva-loven', 0],
]

function seedVatCodes(state: SandboxState): void {
  const nothing = { BaseVatCodeId: null, VatBasisRatio: null, VatBasisRatioValidFrom: null, VatBasisRatios: null }
  vatCodes.forEach(([Code, Name, Rate], index) => {
    const validity = { IsActive: Code !== '6', ValidFrom: '2018-01-01', ValidTo: null }
    state.vatCodes.save({
      ...nothing,
      Code,
      Description: Name,
      Id: 101 + index,
      ...validity,
      IsCustom: false,
      Name,
      Rate,
    })
  })
  const low = state.vatCodes.find({ sql: "code = '33'", values: [] })
  // The low rate was halved for a while in 2020 and 2021: a custom code that has expired.
  state.vatCodes.save({
    ...nothing,
    BaseVatCodeId: low?.Id ?? null,
    Code: 'C33',
    Description: 'Utgående mva, lav sats 2020-2021',
    Id: 101 + vatCodes.length,
    IsActive: true,
    IsCustom: true,
    Name: 'Utgående mva, lav sats 2020-2021',
    Rate: 0.06,
    ValidFrom: '2020-04-01',
    ValidTo: '2021-09-30',
  })
}

const accounts: readonly (readonly [number: number, name: string, type: string, vatCode: string | null])[] = [
  [1500, 'Kundefordringer', 'Asset', null],
  [2400, 'Leverandørgjeld', 'Liability', null],
  [3000, 'Salgsinntekt, 25 % mva', 'Income', '3'],
  [3010, 'Salgsinntekt, mva-frie kunder', 'Income', '5'],
  [3020, 'Salgsinntekt, 15 % mva', 'Income', '31'],
  [3030, 'Salgsinntekt, 12 % mva', 'Income', '33'],
  [3100, 'Salgsinntekt, 0 % mva', 'Income', '5'],
  [4000, 'Varekjøp', 'Expense', '1'],
]

function seedAccount(
  state: SandboxState,
  account: { number: number; name: string; type: string; vatCode: string | null; now: string },
): void {
  const vatCode = account.vatCode === null ? null : state.vatCodes.find({ sql: 'code = ?', values: [account.vatCode] })
  const dto: AccountDto = {
    AccountNo: account.number,
    AgricultureDepartment: 'None',
    CurrencyCode: null,
    DepartmentCode: null,
    DepartmentId: null,
    GeneralLedgerAccountType: account.type,
    Id: seededAccountId(account.number),
    IsActive: true,
    IsDepartmentRequired: false,
    IsProjectRequired: false,
    IsVatCodeLocked: false,
    LastChangedDateTimeOffset: account.now,
    Name: account.name,
    VatCode: vatCode?.Code ?? null,
    VatCodeId: vatCode?.Id ?? null,
    VatReturnSpecification: 'None',
  }
  state.accounts.save(dto)
}

const currencies: readonly (readonly [code: string, notation: string, isActive: boolean])[] = [
  ['NOK', 'kr', true],
  ['EUR', '€', true],
  ['SEK', 'kr', true],
  ['DKK', 'kr', true],
  ['USD', '$', true],
  ['GBP', '£', false],
]

function seedTerms(state: SandboxState, now: string): void {
  const times = { CreatedDateTimeOffset: now, LastChangedDateTimeOffset: now }
  for (const [days, IsDefault] of [
    [14, true],
    [30, false],
  ] as const) {
    const Id = state.paymentTerms.nextId('paymentTerm')
    state.paymentTerms.save({ ...times, CreditDays: days, Id, IsActive: true, IsDefault, Name: `${days} dager` })
  }
  for (const [Name, IsDefault] of [
    ['EXW', true],
    ['DDP', false],
  ] as const) {
    state.deliveryTerms.save({ ...times, Id: state.deliveryTerms.nextId('deliveryTerm'), IsDefault, Name })
  }
}

function seedDefaultProductGroup(state: SandboxState, now: string): void {
  // The first number of the sequence is this one's.
  state.productGroups.nextId('productGroup')
  state.productGroups.save({
    Code: '1',
    CreatedDateTimeOffset: now,
    CreatedFromImportJournalId: null,
    Description: null,
    Id: defaultProductGroupId,
    IsArchived: false,
    LastChangedDateTimeOffset: now,
    Name: 'Varer',
    OptionalSalesAccount: 3010,
    OptionalSalesAccountAgricultureDepartment: 'None',
    OptionalSalesAccountId: seededAccountId(3010),
    ProductType: 'Product',
    StandardSalesAccount: null,
    StandardSalesAccountId: null,
    UnitCost: null,
    UnitOfMeasureCode: 'EA',
    UnitPrice: null,
  })
}
