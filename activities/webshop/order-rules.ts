import type { JsonValue } from '../../flows/json.ts'
import { salesOrders as definition } from '../../flows/sales-orders.ts'
import type { JsonObject, NewItem, Prepared } from '../connector.ts'
import {
  firstMissing,
  isFilled,
  newBody,
  patchBody,
  type RequiredProperty,
  refuse,
  refusedReference,
  withholdCleared,
} from './record-rules.ts'

/** The webshop's own rules for writing orders (docs/webshop-contract.md). Pure. */

const customer = { name: 'customerId', field: 'customer', called: 'the customer' }
const currency = { name: 'currency', field: 'currency', called: 'the currency' }
const orderDate = { name: 'orderedAt', field: 'orderDate', called: 'the day' }

const setByShop = ['number', 'deliveryAddress', 'payment', 'creditsOrderId', 'totalExVat', 'totalIncVat', 'lines']

const requiredOfLine: readonly RequiredProperty[] = [
  { name: 'kind', field: 'kind', called: 'a kind' },
  { name: 'description', field: 'description', called: 'a description' },
]

export function prepareOrderCreate(
  values: JsonObject,
  counterpartId: string,
  _capabilities: unknown,
  items: readonly NewItem[],
): Prepared {
  const refusal = refusedReference(definition, counterpartId) ?? refusedLine(items)
  if (refusal !== null) return refuse(refusal)
  const missing = firstMissing(values, [customer, currency, orderDate])
  if (missing) return refuse(`The webshop needs ${missing.called} of an order: fill it in in PowerOffice.`)
  const body = {
    ...newBody(definition, values, counterpartId, setByShop),
    orderedAt: instantOf(String(values['orderedAt'])),
    lines: items.map((item, rank) => ({ ...lineBody(item.values), position: rank })),
  }
  return { body, flags: '', notes: [], refusal: null }
}

export function prepareOrderUpdate(_current: JsonObject, values: JsonObject, flags: string): Prepared {
  // When the order was placed is settled when it is made.
  const body = patchBody(values, [...setByShop, 'orderedAt'])
  const notes = withholdCleared(body, [customer, currency])
  return { body, flags, notes, refusal: null }
}

/** A new line; null and absent are the same in a POST. */
export function lineBody(values: JsonObject): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => isFilled(value)))
}

function refusedLine(items: readonly NewItem[]): string | null {
  for (const [index, { values }] of items.entries()) {
    const missing = firstMissing(values, requiredOfLine)
    if (missing) return `The webshop needs ${missing.called} of line ${index + 1}: fill it in in PowerOffice.`
  }
  return null
}

/** An order of PowerOffice has a day and no time: noon UTC is on that day in Oslo, summer and winter. */
function instantOf(orderedAt: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(orderedAt) ? `${orderedAt}T12:00:00Z` : orderedAt
}
