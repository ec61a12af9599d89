import type { CompanyOptions } from '../../flows/flow-options.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { JsonObject, RequestContext } from '../connector.ts'
import { decimalOf, jsonNumberOf, sameDecimal } from './decimal-text.ts'
import { textOf } from './json-text.ts'
import { codeForLine, type LineArticles } from './line-articles.ts'

/**
 * A new line as the rules leave it, without a request made (docs/rules.md, orders and their lines). What can only be told by asking
 * PowerOffice stands beside the body: the article of a kind, whether a product is taxed.
 */
export interface DraftLine {
  readonly body: JsonObject
  /** Set for kinds other than product and text. */
  readonly articleCode: string | null
  readonly kind: string
  /** Exact percent; null: the webshop says none. */
  readonly vatPercent: string | null
}

export type PreparedLine =
  | { readonly kind: 'line'; readonly line: DraftLine }
  | { readonly kind: 'refused'; readonly why: string }

/** PowerOffice takes longer ones on orders; 50 is what it documents elsewhere (sandbox/poweroffice/README.md). */
export const maxReferenceLength = 50

type LineProducts = CompanyOptions['salesOrders']['lineProducts']

/** Pure. Whatever the line does not say, PowerOffice would fill in from product and customer (rule 10), so all is said. */
export function prepareLine(
  values: JsonObject,
  counterpartId: string | null,
  lineProducts: LineProducts,
): PreparedLine {
  const kind = textOf(values['Kind']) ?? 'product'
  const refused = (why: string): PreparedLine => ({ kind: 'refused', why })
  if (counterpartId !== null && counterpartId.length > maxReferenceLength) {
    return refused(
      `its id has ${counterpartId.length} characters and PowerOffice takes ${maxReferenceLength} as a reference`,
    )
  }
  const reference = counterpartId === null ? {} : { ExternalImportReference: counterpartId }
  const description = textOf(values['Description'])
  if (kind === 'text') {
    if (isSome(values['ProductUnitPrice']) || isSome(values['Quantity'])) return refused(textWithAmount)
    const body = { LineType: 'Text', ...(description !== null && { Description: description }), ...reference }
    return { kind: 'line', line: { body, articleCode: null, kind, vatPercent: null } }
  }
  const numbers = readNumbers(values)
  if (typeof numbers === 'string') return refused(numbers)
  const vatPercent = percentOf(values['VatPercent'])
  const productId = idOf(values['ProductId'])
  const articleCode = kind === 'product' ? null : (codeForLine(lineProducts, kind, vatPercent) ?? null)
  if (kind === 'product' && productId === null) return refused('it names no product that PowerOffice knows')
  if (kind !== 'product' && articleCode === null) {
    return refused(
      `no article is named for ${called(kind, vatPercent)}: add it to the option lineProducts, with the code of a product of PowerOffice`,
    )
  }
  const unit = textOf(values['UnitOfMeasureCode'])
  const body: JsonObject = {
    LineType: 'Normal',
    ...(kind === 'product' && { ProductId: productId }),
    ...(description !== null && { Description: description }),
    ...numbers,
    ...(unit !== null && { UnitOfMeasureCode: unit }),
    ...reference,
  }
  return { kind: 'line', line: { body, articleCode, kind, vatPercent } }
}

export type SettledLine =
  | { readonly kind: 'line'; readonly body: JsonObject }
  | { readonly kind: 'refused'; readonly why: string }

/** The line with its article in it and its VAT settled, as PowerOffice's articles are now. @throws VendorTrouble */
export async function settleLine(
  line: DraftLine,
  articles: LineArticles,
  context: RequestContext,
): Promise<SettledLine> {
  const { body, kind, vatPercent, articleCode } = line
  const isUntaxed = vatPercent !== null && sameDecimal(vatPercent, '0')
  if (articleCode === null) {
    const id = idOf(body['ProductId'])
    if (!isUntaxed || id === null) return { kind: 'line', body }
    const found = await articles.byId(id, context)
    const isTaxed = found.kind === 'found' && !sameDecimal(found.article.vatPercent, '0')
    return { kind: 'line', body: isTaxed ? { ...body, UseStandardSalesAccount: false } : body }
  }
  const found = await articles.byCode(articleCode, context)
  const article = `article ${articleCode} of lineProducts for ${called(kind, vatPercent)}`
  if (found.kind === 'none')
    return { kind: 'refused', why: `${article} is not in PowerOffice: make it there, or name another` }
  if (found.kind === 'unclear')
    return { kind: 'refused', why: `${article} cannot be used, ${found.why}: look at it in PowerOffice` }
  const { id, vatPercent: has } = found.article
  const withArticle = { ...body, ProductId: id }
  if (vatPercent === null || sameDecimal(has, vatPercent)) return { kind: 'line', body: withArticle }
  // Sold without VAT to this customer: the article's optional account takes it, as for a product.
  if (isUntaxed) return { kind: 'line', body: { ...withArticle, UseStandardSalesAccount: false } }
  return {
    kind: 'refused',
    why: `${article} has ${has} % VAT in PowerOffice: name one with ${vatPercent} % as "${kind}:${vatPercent}"`,
  }
}

export type PreparedLineEdit =
  | { readonly kind: 'patch'; readonly body: JsonObject }
  | { readonly kind: 'refused'; readonly why: string }

/** Pure. @param current the item as it was read */
export function prepareLineEdit(current: JsonObject, values: JsonObject): PreparedLineEdit {
  const body: Record<string, JsonValue> = {}
  const isText = current['Kind'] === 'text'
  if (values['Description'] !== undefined) body['Description'] = textOf(values['Description'])
  if (isText) {
    if (isSome(values['ProductUnitPrice']) || isSome(values['Quantity']))
      return { kind: 'refused', why: textWithAmount }
    return { kind: 'patch', body }
  }
  for (const name of ['Quantity', 'ProductUnitPrice', 'Allowance']) {
    if (values[name] === undefined) continue
    const number = jsonNumberOf(values[name])
    if (number === undefined) return { kind: 'refused', why: tooManyDigits }
    // null would bring back the customer's discount, and a line without quantity or price has no amount.
    body[name] = number ?? 0
  }
  if (values['UnitOfMeasureCode'] !== undefined) body['UnitOfMeasureCode'] = textOf(values['UnitOfMeasureCode'])
  if (values['ProductId'] !== undefined && current['Kind'] === 'product') {
    const id = idOf(values['ProductId'])
    if (id === null) return { kind: 'refused', why: 'it names no product that PowerOffice knows' }
    body['ProductId'] = id
  }
  return { kind: 'patch', body }
}

/** The item as PowerOffice's own JSON has it, for a patch that compares. What may be inherited is left out. */
export function comparableLine(current: JsonObject): JsonObject {
  const number = (name: string) => jsonNumberOf(current[name]) ?? null
  return {
    Description: current['Description'] ?? null,
    ...(current['Kind'] !== 'text' && { Quantity: number('Quantity'), ProductUnitPrice: number('ProductUnitPrice') }),
    ...(current['Kind'] === 'product' && { ProductId: current['ProductId'] ?? null }),
  }
}

const textWithAmount =
  'a text line with a quantity or a price has no place in PowerOffice: make it a product line, or clear them'
const tooManyDigits = 'a number has more than the 15 digits that PowerOffice keeps: shorten it'

function readNumbers(values: JsonObject): JsonObject | string {
  const quantity = jsonNumberOf(values['Quantity'])
  const price = jsonNumberOf(values['ProductUnitPrice'])
  const allowance = jsonNumberOf(values['Allowance'])
  if (quantity === undefined || price === undefined || allowance === undefined) return tooManyDigits
  if (quantity === null) return 'it has no quantity'
  if (price === null) return 'it has no unit price'
  return { Quantity: quantity, ProductUnitPrice: price, Allowance: allowance ?? 0 }
}

function isSome(value: JsonValue | undefined): boolean {
  return jsonNumberOf(value) !== null && jsonNumberOf(value) !== 0
}

function percentOf(value: JsonValue | undefined): string | null {
  return decimalOf(jsonNumberOf(value) ?? null)
}

export function idOf(value: JsonValue | undefined): number | null {
  const text = textOf(value)
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

function called(kind: string, vatPercent: string | null): string {
  return vatPercent === null ? `kind ${kind}` : `kind ${kind} at ${vatPercent} % VAT`
}
