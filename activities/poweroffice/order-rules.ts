import Big from 'big.js'
import type { FieldNote } from '../../flows/decision.ts'
import type { CompanyOptions } from '../../flows/flow-options.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { Credited, JsonObject, NewItem, Prepared } from '../connector.ts'
import { settleAddress } from './customer-address.ts'
import { textOf } from './json-text.ts'
import { type DraftLine, idOf, maxReferenceLength, prepareLine } from './line-rules.ts'

/**
 * PowerOffice's own rules for writing orders (docs/rules.md, orders and their lines). Pure: what has to be looked up travels in the body under
 * the names below, and is settled just before the request (sales-orders.ts).
 */
export const unsettledLines = 'DraftLines'
export const unsettledAddress = 'DeliveryAddress'

/** `-1` says that there is explicitly none; null would take the customer's (sandbox/poweroffice/README.md). */
const noDepartment = -1
const plainTexts = ['PurchaseOrderReference', 'CustomerReference', 'CustomMatchingReference'] as const
/** Rule 11. Everything else of an order is either mapped or PowerOffice's own. */
const onceOnly = ['PaymentTermId', 'DepartmentId', 'BrandingThemeId', 'DeliveryTermId']

export function prepareOrderCreate(
  values: JsonObject,
  reference: string,
  { items, credited }: { readonly items: readonly NewItem[]; readonly credited: Credited | null },
  options: CompanyOptions,
): Prepared {
  const notes: FieldNote[] = []
  const refuse = (refusal: string): Prepared => ({ body: {}, flags: '', notes, refusal })
  if (reference.length > maxReferenceLength) {
    return refuse(
      `PowerOffice takes a reference of at most ${maxReferenceLength} characters and ours would have ${reference.length}: shorten the connection's prefix.`,
    )
  }
  const customerId = idOf(values['CustomerId'])
  if (customerId === null)
    return refuse('PowerOffice needs the customer of an order: name one in the webshop, as a company or a person.')
  const currency = textOf(values['CurrencyCode'])
  if (currency === null)
    return refuse('The order names no currency: PowerOffice would take the customer’s. Fill it in in the webshop.')

  const lines: DraftLine[] = []
  for (const [index, item] of items.entries()) {
    const prepared = prepareLine(item.values, item.counterpartId, options.salesOrders.lineProducts)
    if (prepared.kind === 'refused') return refuse(`Line ${index + 1}: ${prepared.why}.`)
    lines.push({ ...prepared.line, body: { ...prepared.line.body, SortOrder: index } })
  }

  const body: Record<string, JsonValue> = { ...setOnce(options), CustomerId: customerId, CurrencyCode: currency }
  const departmentId = idOf(values['DepartmentId'])
  if (departmentId !== null) body['DepartmentId'] = departmentId
  for (const name of ['SalesOrderDate', 'SalesOrderStatus', ...plainTexts]) {
    const text = textOf(values[name])
    if (text !== null) body[name] = text
  }
  const importedNo = textOf(values['ImportedOrderNo'])
  if (importedNo !== null && /^[1-9]\d{0,14}$/.test(importedNo)) body['ImportedOrderNo'] = Number(importedNo)
  const paymentTerm = options.salesOrders.paymentTerms[textOf(values['PaymentMethod']) ?? '']
  if (paymentTerm !== undefined) body['PaymentTermId'] = paymentTerm
  settleDelivery(values, body, notes)
  if (netOf(lines).lt(0)) settleCredit(credited, body, notes)
  body['ExternalImportReference'] = reference
  body[unsettledLines] = lines as unknown as JsonValue // DraftLine is plain JSON; an interface has no index signature
  return { body, flags: '', notes, refusal: null }
}

export function prepareOrderUpdate(current: JsonObject, values: JsonObject, flags: string): Prepared {
  const notes: FieldNote[] = []
  const body: Record<string, JsonValue> = {}
  if (values['CustomerId'] !== undefined) {
    const customerId = idOf(values['CustomerId'])
    if (customerId === null) notes.push(withheld('customer', 'PowerOffice needs the customer of an order: name one.'))
    else body['CustomerId'] = customerId
  }
  if (values['DepartmentId'] !== undefined) body['DepartmentId'] = idOf(values['DepartmentId']) ?? noDepartment
  if (values['CurrencyCode'] !== undefined) {
    const currency = textOf(values['CurrencyCode'])
    if (currency === null)
      notes.push(withheld('currency', 'Without a currency PowerOffice would take the customer’s: fill it in.'))
    else body['CurrencyCode'] = currency
  }
  for (const name of ['SalesOrderDate', 'SalesOrderStatus', ...plainTexts]) {
    if (values[name] !== undefined) body[name] = textOf(values[name])
  }
  if (body['CustomerReference'] !== undefined && current['CustomerReferenceContactPersonId'] != null) {
    delete body['CustomerReference']
    notes.push(
      withheld(
        'customerReference',
        'PowerOffice shows the name of the order’s contact person there: take the contact person out in PowerOffice, or edit the reference there.',
      ),
    )
  }
  settleDelivery(values, body, notes)
  return { body, flags, notes, refusal: null }
}

function settleDelivery(values: JsonObject, body: Record<string, JsonValue>, notes: FieldNote[]): void {
  if (values[unsettledAddress] === undefined) return
  const address = settleAddress(values[unsettledAddress])
  // An order without one keeps what it has: the webshop's silence is no address (the field's rule).
  if (address.kind === 'send') body[unsettledAddress] = address.address
  if (address.kind === 'withheld') notes.push(withheld('deliveryAddress', address.detail))
}

/**
 * PowerOffice makes a credit note of lines that sum to less than nothing; which invoice it is against is taken of such only
 * (sandbox/poweroffice/README.md). Where that is not known a person says it there: the order goes all the same.
 */
function settleCredit(credited: Credited | null, body: Record<string, JsonValue>, notes: FieldNote[]): void {
  const number = credited?.invoiceNumber ?? ''
  if (/^[1-9]\d{0,14}$/.test(number)) {
    body['RelatedInvoiceNo'] = Number(number)
    return
  }
  const why =
    credited === null
      ? 'the webshop names no order that it takes back'
      : number === ''
        ? 'the order that it takes back has no invoice'
        : `the invoice ${number} of the order that it takes back is none of PowerOffice's numbers`
  notes.push({
    field: 'credit',
    kind: 'asks',
    detail: `Its lines sum to less than nothing, so PowerOffice makes a credit note of it, and ${why}: look at the draft there and name the invoice, if there is one.`,
  })
}

/** Exact, without VAT and without rounding: only its sign is used. */
function netOf(lines: readonly DraftLine[]): Big {
  return lines.reduce((sum, { body }) => {
    const number = (name: string) => new Big(Number(body[name] ?? 0))
    const share = new Big(100).minus(number('Allowance')).div(100)
    return sum.plus(number('Quantity').times(number('ProductUnitPrice')).times(share))
  }, new Big(0))
}

function setOnce(options: CompanyOptions): JsonObject {
  const chosen = Object.entries(options.createWith.salesOrders ?? {}).filter(([name]) => onceOnly.includes(name))
  return Object.fromEntries(chosen)
}

function withheld(field: string, detail: string): FieldNote {
  return { field, kind: 'withheld', detail }
}
