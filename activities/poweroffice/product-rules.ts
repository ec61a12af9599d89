import type { FieldNote } from '../../flows/decision.ts'
import type { CompanyOptions } from '../../flows/flow-options.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { JsonObject, Prepared } from '../connector.ts'
import { decimalOf, jsonNumberOf } from './decimal-text.ts'
import { textOf } from './json-text.ts'
import { accountForRate } from './sales-accounts.ts'

/** PowerOffice's own rules for writing products (docs/rules.md, products). Pure. */

const maxCodeLength = 100
/** Everything that a product may be given; what it is not (stock, cost, what PowerOffice works out) is never sent. */
const written = ['Code', 'Gtin', 'Name', 'Description', 'UnitPrice', 'UnitOfMeasureCode', 'ProductType', 'IsArchived']
const neverSetOnce = ['Id', 'UnitCost', 'StockOnHand', 'StockAvailable']

export function prepareProductCreate(values: JsonObject, options: CompanyOptions): Prepared {
  const notes: FieldNote[] = []
  const refuse = (refusal: string): Prepared => ({ body: {}, flags: '', notes, refusal })
  const code = textOf(values['Code'])
  if (code === null)
    return refuse('It has no article number (sku), which is its key in PowerOffice: give it one in the webshop.')
  if (code.length > maxCodeLength) {
    return refuse(
      `PowerOffice takes an article number of at most ${maxCodeLength} characters: shorten the sku (${code.length}).`,
    )
  }
  if (textOf(values['Name']) === null)
    return refuse('PowerOffice needs the name of a product: fill it in in the webshop.')
  const body: Record<string, JsonValue> = {}
  for (const name of written) {
    const value = values[name]
    if (value !== undefined && value !== null && value !== '') body[name] = value
  }
  settlePrice(body, notes)
  const rate = percentOf(values['VatPercent'])
  if (rate !== null) {
    const account = accountForRate(options.products.vatAccounts, rate)
    if (account === undefined) {
      return refuse(
        `No sales account is named for ${rate} % VAT: add the rate to the option vatAccounts, with an account of PowerOffice that has it.`,
      )
    }
    body['StandardSalesAccount'] = account
  }
  const { StandardSalesAccountId, ...others } = setOnce(options)
  // PowerOffice would take the id and ignore the number: the rate decides.
  if (StandardSalesAccountId !== undefined && rate === null) body['StandardSalesAccountId'] = StandardSalesAccountId
  return { body: { ...others, ...body }, flags: '', notes, refusal: null }
}

export function prepareProductUpdate(current: JsonObject, values: JsonObject, flags: string): Prepared {
  const notes: FieldNote[] = []
  const body: Record<string, JsonValue> = {}
  for (const name of written) {
    const value = values[name]
    if (value !== undefined) body[name] = value === '' ? null : value
  }
  withhold(body, 'Name', 'name', notes, 'PowerOffice needs the name of a product: fill it in.')
  withhold(body, 'Code', 'sku', notes, 'The article number is the product’s key in PowerOffice: fill it in.')
  // Cleared, the product would show its group's, which is another value and not none.
  if (textOf(current['GroupUnitPrice']) !== null) withhold(body, 'UnitPrice', 'price', notes, inheritsInstead('price'))
  if (textOf(current['GroupUnitOfMeasureCode']) !== null) {
    withhold(body, 'UnitOfMeasureCode', 'unit', notes, inheritsInstead('unit'))
  }
  settlePrice(body, notes)
  return { body, flags, notes, refusal: null }
}

function inheritsInstead(what: string): string {
  return `Without a ${what} of its own the product takes that of its product group in PowerOffice: clear it there if none is meant.`
}

function withhold(
  body: Record<string, JsonValue>,
  name: string,
  field: string,
  notes: FieldNote[],
  detail: string,
): void {
  if (body[name] === undefined || textOf(body[name]) !== null) return
  delete body[name]
  notes.push({ field, kind: 'withheld', detail })
}

function settlePrice(body: Record<string, JsonValue>, notes: FieldNote[]): void {
  if (body['UnitPrice'] === undefined) return
  const price = jsonNumberOf(body['UnitPrice'])
  if (price !== undefined) body['UnitPrice'] = price
  else {
    delete body['UnitPrice']
    notes.push({
      field: 'price',
      kind: 'withheld',
      detail: 'PowerOffice keeps a price of at most 15 digits: shorten it.',
    })
  }
}

/** The rate that decides the sales account; null where the webshop names none, and PowerOffice's own default is right. */
function percentOf(value: JsonValue | undefined): string | null {
  const rate = jsonNumberOf(value)
  return rate === undefined ? null : decimalOf(rate)
}

function setOnce(options: CompanyOptions): JsonObject {
  const chosen = Object.entries(options.createWith.products ?? {}).filter(([name]) => !neverSetOnce.includes(name))
  return Object.fromEntries(chosen)
}
