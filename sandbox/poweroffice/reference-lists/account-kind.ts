import { dtoCompleter, withDefaults } from '../complete-dto.ts'
import { type EntityKind, refusalOf, unknownReference } from '../entity-kind.ts'
import { changedAfter, numberRanges, textList } from '../filters.ts'
import { derivedPatch } from '../json-patch.ts'
import { defaultSalesAccountNo } from '../products/company-defaults.ts'
import { settleReferences, settleWritten } from '../references.ts'
import type { JsonObject } from '../schema.ts'
import { type AccountDto, accountTable } from './account-dto.ts'

const references = accountTable.references ?? []
const defaults: JsonObject = {
  AgricultureDepartment: 'None',
  IsDepartmentRequired: false,
  IsProjectRequired: false,
  IsVatCodeLocked: false,
  VatReturnSpecification: 'None',
}

/** Needed by the number series and by sales without an account of their own. */
const fixedAccountNos: readonly number[] = [1500, 2400, defaultSalesAccountNo]

export const accountKind: EntityKind<AccountDto> = {
  name: 'accounts',
  path: '/GeneralLedgerAccounts',
  noun: 'General ledger account',
  dtoSchema: 'GeneralLedgerAccountDto',
  postSchema: 'GeneralLedgerAccountPostDto',
  patch: derivedPatch('General ledger account', {
    post: 'GeneralLedgerAccountPostDto',
    dto: 'GeneralLedgerAccountDto',
  }),
  filters: [
    changedAfter('lastChangedDateTimeOffsetGreaterThan', 'changed'),
    numberRanges('accountNos', 'accountNo'),
    textList('agricultureDepartments', 'agricultureDepartment'),
  ],
  roles: {
    read: ['GeneralLedgerAccount', 'GeneralLedgerAccount_Full'],
    write: ['GeneralLedgerAccount_Full'],
  },
  identity: ['Id', 'AccountNo'],
  build(state, sent, { now }) {
    return complete({
      ...withDefaults(sent, defaults),
      ...settleReferences(state, references, sent, unknownReference(state, accountKind)),
      GeneralLedgerAccountType: typeOf(Number(sent.AccountNo)),
      Id: 3_500_000 + state.accounts.nextId('account'),
      LastChangedDateTimeOffset: now,
    })
  },
  change(state, current, changes, now) {
    const settled = settleWritten(state, references, changes, unknownReference(state, accountKind))
    return complete({
      ...withDefaults({ ...current, ...changes, ...settled }, defaults),
      LastChangedDateTimeOffset: now,
    })
  },
  assertAllowed(state, account, written) {
    const isWritten = (name: string) => written === 'all' || written.has(name)
    if (isWritten('Name') && (account.Name ?? '').trim() === '') throw refusalOf(accountKind, 'Name is required.')
    if (!isWritten('AccountNo') && !isWritten('AgricultureDepartment')) return
    const isSame = {
      sql: 'accountNo = ? AND agricultureDepartment = ?',
      values: [account.AccountNo, account.AgricultureDepartment ?? 'None'],
    }
    if (account.AccountNo < 1) throw refusalOf(accountKind, `AccountNo ${account.AccountNo} is not valid.`)
    if (state.accounts.find(isSame, account.Id)) {
      throw refusalOf(accountKind, `AccountNo ${account.AccountNo} is already in use.`)
    }
  },
  isFixed: (_, account) => fixedAccountNos.includes(account.AccountNo),
}

const completeDto = dtoCompleter('GeneralLedgerAccountDto')

function complete(properties: JsonObject): AccountDto {
  return completeDto(properties) as unknown as AccountDto
}

/** By the first digits, as in the Norwegian standard chart of accounts. */
function typeOf(accountNo: number): string {
  const text = String(accountNo)
  if (text.startsWith('20')) return 'Equity'
  return { 1: 'Asset', 2: 'Liability', 3: 'Income' }[text.charAt(0)] ?? 'Expense'
}
