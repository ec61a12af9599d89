import { z } from 'zod'
import type { RequestContext } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import type { HttpClient } from '../http/http-client.ts'
import type { MonotonicClock } from '../http/monotonic-clock.ts'
import { createSharedCalls } from '../http/shared-calls.ts'
import { percentOfRate } from './decimal-text.ts'
import type { DocumentedNames } from './documented-names.ts'
import { createListReader } from './list-pages.ts'
import { id, integer, maybeFlag, number, text } from './row-fields.ts'

export interface ProductGroup {
  readonly Id: number
  readonly Code: string | null
  readonly Name: string | null
  readonly UnitPrice: number | null
  readonly UnitOfMeasureCode: string | null
  readonly StandardSalesAccountId: number | null
}

export interface LedgerAccount {
  readonly Id: number
  readonly AccountNo: number
  readonly IsActive: boolean | null
  /** Exact percent by the account's VAT code; null: its code is not in the list of VAT codes. */
  readonly vatPercent: string | null
}

/** What products take from elsewhere in PowerOffice (rule 10). */
export interface ReferenceLists {
  readonly groups: ReadonlyMap<number, ProductGroup>
  readonly accounts: ReadonlyMap<number, LedgerAccount>
  readonly accountsByNo: ReadonlyMap<number, LedgerAccount>
}

export interface ReferenceListSource {
  /**
   * The lists as read at most ten minutes ago; read again when `names` holds ids that they do not have, once for each id.
   * @throws VendorTrouble
   */
  current(context: RequestContext, names?: NamedReferences): Promise<ReferenceLists>
  /** Read now. @throws VendorTrouble */
  refreshed(context: RequestContext): Promise<ReferenceLists>
}

export interface NamedReferences {
  readonly groups: readonly number[]
  readonly accounts: readonly number[]
}

/** Prices, units and accounts of groups change rarely; whoever changes one sees it in the webshop within this time. */
const maxAgeMs = 10 * 60_000

export function createReferenceLists(
  client: HttpClient,
  clock: MonotonicClock,
  options: { readonly timeoutMs: number; readonly pageSize?: number },
): ReferenceListSource {
  const groupList = createListReader(client, { path: '/ProductGroups', names: groupNames }, options)
  const accountList = createListReader(client, { path: '/GeneralLedgerAccounts', names: accountNames }, options)
  const vatCodeList = createListReader(client, { path: '/VatCodes', names: vatCodeNames }, options)
  const reading = createSharedCalls()
  let known: { readonly lists: ReferenceLists; readonly atMs: number } | null = null
  /** Ids that the lists were read for in vain: they are not read again for these before their time. */
  let unknown = new Set<string>()

  async function read(context: RequestContext): Promise<ReferenceLists> {
    const [groups, accounts, vatCodes] = await Promise.all([
      groupList.readAll([], context),
      accountList.readAll([], context),
      // An account may still carry a code that has run out; without it the account's rate would be a guess.
      vatCodeList.readAll([['includeExpired', 'true']], context),
    ])
    const lists = listsOf(groups.rows, accounts.rows, vatCodes.rows)
    known = { lists, atMs: clock.nowMs() }
    return lists
  }

  const refreshed = (context: RequestContext) =>
    reading.run('lists', context.signal, (signal) => read({ ...context, signal }))

  return {
    refreshed: async (context) => {
      unknown = new Set()
      return refreshed(context)
    },
    current: async (context, names) => {
      if (!known || clock.nowMs() - known.atMs > maxAgeMs) {
        unknown = new Set()
        await refreshed(context)
      }
      const lists = known?.lists ?? (await refreshed(context))
      const missing = missingOf(lists, names)
      if (missing.every((name) => unknown.has(name))) return lists
      const fresh = await refreshed(context)
      for (const name of missingOf(fresh, names)) unknown.add(name)
      return fresh
    },
  }
}

function missingOf(lists: ReferenceLists, names: NamedReferences | undefined): string[] {
  if (!names) return []
  return [
    ...names.groups.filter((group) => !lists.groups.has(group)).map((group) => `group ${group}`),
    ...names.accounts.filter((account) => !lists.accounts.has(account)).map((account) => `account ${account}`),
  ]
}

const groupNames: DocumentedNames = {
  Id: true,
  Code: true,
  Name: true,
  UnitPrice: true,
  UnitOfMeasureCode: true,
  StandardSalesAccountId: true,
}
const groupSchema = z.object({
  Id: id,
  Code: text,
  Name: text,
  UnitPrice: number,
  UnitOfMeasureCode: text,
  StandardSalesAccountId: integer,
})

const accountNames: DocumentedNames = { Id: true, AccountNo: true, IsActive: true, VatCode: true, VatCodeId: true }
const accountSchema = z.object({ Id: id, AccountNo: id, IsActive: maybeFlag, VatCode: text, VatCodeId: integer })

const vatCodeNames: DocumentedNames = { Id: true, Code: true, Rate: true, IsActive: true }
const vatCodeSchema = z.object({ Id: id, Code: text, Rate: z.number().min(0).max(1), IsActive: maybeFlag })

/** Rows that cannot be read are left out: whatever names them is then listed by itself, and the rest goes on. */
function listsOf(groups: readonly Row[], accounts: readonly Row[], vatCodes: readonly Row[]): ReferenceLists {
  const codes = vatCodes.flatMap((row) => vatCodeSchema.safeParse(row).data ?? [])
  const rateById = new Map(codes.map((code) => [code.Id, code.Rate]))
  // Of several with one code, the active one comes last and stays.
  const rateByCode = new Map(
    codes
      .toSorted((a, b) => Number(a.IsActive ?? true) - Number(b.IsActive ?? true))
      .map((code) => [code.Code?.toUpperCase() ?? '', code.Rate]),
  )
  const parsed = accounts.flatMap((row) => accountSchema.safeParse(row).data ?? [])
  const known = parsed.map(({ VatCode, VatCodeId, ...account }): LedgerAccount => {
    // An account without a VAT code sells outside VAT.
    const isOutside = VatCode === null && VatCodeId === null
    const rate = isOutside ? 0 : (rateById.get(VatCodeId ?? Number.NaN) ?? rateByCode.get(VatCode?.toUpperCase() ?? ''))
    return { ...account, vatPercent: rate === undefined ? null : percentOfRate(rate) }
  })
  const groupsKnown = groups.flatMap((row) => groupSchema.safeParse(row).data ?? [])
  return {
    groups: new Map(groupsKnown.map((group) => [group.Id, group])),
    accounts: new Map(known.map((account) => [account.Id, account])),
    accountsByNo: new Map(known.map((account) => [account.AccountNo, account])),
  }
}
