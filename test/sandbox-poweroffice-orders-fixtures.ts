import { expect } from 'vitest'
import type { SwitchChanges } from '../sandbox/poweroffice/settings.ts'
import { type Answered, type ApiClient, startApi } from './sandbox-poweroffice-support.ts'

// A small company with something to sell, for the tests of orders and invoices.

export interface Order {
  readonly Id: string
  readonly SalesOrderNo: number
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

export interface Line {
  readonly Id: string
  readonly SortOrder: number
  readonly [property: string]: unknown
}

export interface CompleteOrder extends Order {
  readonly SalesOrderLines: readonly Line[]
}

export interface Shop {
  readonly api: ApiClient
  readonly customer: { readonly Id: number; readonly Number: number }
  /** A customer without VAT, with an allowance of its own, in another currency, with a department and two delivery addresses. */
  readonly special: { readonly Id: number; readonly Number: number }
  readonly department: { readonly Id: number; readonly Code: string }
  readonly otherDepartment: { readonly Id: number; readonly Code: string }
  /** The special customer's: the first is primary. */
  readonly addresses: readonly number[]
  /** 100.00 at 25 %, a stock item with 50 on hand. */
  readonly coffee: { readonly Id: number; readonly Code: string }
  /** 30.00 at 15 %. */
  readonly cake: { readonly Id: number; readonly Code: string }
  set(changes: SwitchChanges): void
  /** POST /SalesOrders/Complete for the ordinary customer unless said otherwise. */
  post(properties?: Record<string, unknown>): Promise<Answered>
  /** The same, expected to work. */
  create(properties?: Record<string, unknown>): Promise<CompleteOrder>
  complete(id: string, query?: string): Promise<CompleteOrder>
}

export async function startShop(): Promise<Shop> {
  const api = await startApi()
  const { sandbox } = api
  const [department, otherDepartment] = sandbox.departments.insert([
    { Name: 'Butikk', Code: '10', IsActive: true },
    { Name: 'Kontor', Code: '20', IsActive: true },
  ]) as unknown as [Shop['department'], Shop['department']]
  const [customer, special] = sandbox.customers.insert([
    { Name: 'Bakeriet AS', EmailAddress: 'post@bakeriet.example' },
    {
      Name: 'Fritatt AS',
      EmailAddress: 'post@fritatt.example',
      IsVatFree: true,
      Allowance: 10,
      CurrencyCode: 'EUR',
      PaymentTerm: 30,
      DepartmentId: department.Id,
    },
  ]) as unknown as [Shop['customer'], Shop['special']]
  const addresses = sandbox.deliveryAddresses
    .insert([
      { ContactId: special.Id, AddressLine1: 'Kaia 1', City: 'Bergen', ZipCode: '5003' },
      { ContactId: special.Id, AddressLine1: 'Lager 2', City: 'Bergen', ZipCode: '5004' },
    ])
    .map(({ Id }) => Id)
  const reduced = sandbox.accounts.all().find(({ AccountNo }) => AccountNo === 3020)
  const [coffee, cake] = sandbox.products.insert([
    { Name: 'Kaffe', Code: 'KAFFE', UnitPrice: 100, UnitCost: 60, IsStockItem: true, StockOnHand: 50 },
    { Name: 'Kake', Code: 'KAKE', UnitPrice: 30, StandardSalesAccountId: reduced?.Id, UnitOfMeasureCode: 'KGM' },
  ]) as unknown as [Shop['coffee'], Shop['cake']]

  const post: Shop['post'] = (properties = {}) =>
    api.post('/SalesOrders/Complete', { CustomerId: customer.Id, ...properties })
  return {
    api,
    customer,
    special,
    department,
    otherDepartment,
    addresses,
    coffee,
    cake,
    set: (changes) => void sandbox.settings.change(changes),
    post,
    async create(properties) {
      const answer = await post(properties)
      expect({ status: answer.status, detail: detailOf(answer) }).toEqual({ status: 201, detail: undefined })
      return answer.json as CompleteOrder
    },
    async complete(id, query = '') {
      return (await api.get(`/SalesOrders/${id}/Complete${query}`)).json as CompleteOrder
    },
  }
}

export const replace = (path: string, value: unknown) => ({ op: 'replace', path, value })

export function detailOf({ json }: { readonly json: unknown }): string | undefined {
  return (json as { detail?: string } | undefined)?.detail
}

export function firstLine(order: CompleteOrder): Line {
  const [line] = order.SalesOrderLines
  if (!line) throw new Error('The order has no lines.')
  return line
}
