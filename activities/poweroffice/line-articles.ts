import type { CompanyOptions } from '../../flows/flow-options.ts'
import type { RequestContext } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import type { HttpClient } from '../http/http-client.ts'
import type { MonotonicClock } from '../http/monotonic-clock.ts'
import { createSharedCalls } from '../http/shared-calls.ts'
import { withDocumentedNames } from './documented-names.ts'
import { createListReader } from './list-pages.ts'
import { productNames, productParser } from './products.ts'
import type { ReferenceListSource } from './reference-lists.ts'

/** The kind of line that an article of PowerOffice stands for, by the article's id. */
export type ArticleKinds = ReadonlyMap<number, string>

export interface Article {
  readonly id: number
  /** Exact percent. */
  readonly vatPercent: string
}

export type FoundArticle =
  | { readonly kind: 'found'; readonly article: Article }
  | { readonly kind: 'none' }
  /** Several carry the code, or what it names cannot be read. */
  | { readonly kind: 'unclear'; readonly why: string }

export interface LineArticles {
  /** Of all that the option `lineProducts` names. @throws VendorTrouble */
  kinds(context: RequestContext): Promise<ArticleKinds>
  /** The article of one of the codes that `lineProducts` names. @throws VendorTrouble */
  byCode(code: string, context: RequestContext): Promise<FoundArticle>
  /** Any product, for its VAT rate. @throws VendorTrouble */
  byId(id: number, context: RequestContext): Promise<FoundArticle>
}

/** Articles for shipping and fees are made once; a new one is known within this time. */
const maxAgeMs = 10 * 60_000

export function createLineArticles(
  client: HttpClient,
  clock: MonotonicClock,
  lists: ReferenceListSource,
  options: { readonly company: CompanyOptions; readonly timeoutMs: number },
): LineArticles {
  const { lineProducts } = options.company.salesOrders
  const codes = [...new Set(Object.values(lineProducts))]
  const products = createListReader(client, { path: '/Products', names: productNames }, options)
  const reading = createSharedCalls()
  let known: { readonly byCode: ReadonlyMap<string, FoundArticle>; readonly atMs: number } | null = null

  async function toArticle(row: Row, context: RequestContext): Promise<FoundArticle> {
    const parse = await productParser(lists, options.company, [row], context, 'some')
    const record = parse(row)
    if (record.kind === 'unreadable') return { kind: 'unclear', why: record.problem }
    if (record.kind === 'missing') return { kind: 'none' }
    return { kind: 'found', article: { id: Number(record.id), vatPercent: String(record.raw['VatPercent']) } }
  }

  async function readCodes(context: RequestContext) {
    // A comma parts two values of the filter: with such a code the whole list must do.
    const filter = codes.some((code) => code.includes(',')) ? [] : [['codes', codes.join(',')] as const]
    const { rows } = codes.length === 0 ? { rows: [] } : await products.readAll(filter, context)
    const byCode = new Map<string, FoundArticle>()
    for (const code of codes) {
      // The filter may be ignored.
      const carriers = rows.filter((row) => row['Code'] === code && row['IsArchived'] !== true)
      const [only] = carriers
      if (carriers.length > 1) byCode.set(code, { kind: 'unclear', why: 'several products carry the code' })
      else byCode.set(code, only ? await toArticle(only, context) : { kind: 'none' })
    }
    known = { byCode, atMs: clock.nowMs() }
    return byCode
  }

  async function articles(context: RequestContext): Promise<ReadonlyMap<string, FoundArticle>> {
    if (known && clock.nowMs() - known.atMs <= maxAgeMs) return known.byCode
    return reading.run('codes', context.signal, (signal) => readCodes({ ...context, signal }))
  }

  return {
    kinds: async (context) => {
      const byCode = await articles(context)
      return new Map(
        Object.entries(lineProducts).flatMap(([name, code]) => {
          const found = byCode.get(code)
          return found?.kind === 'found' ? [[found.article.id, kindIn(name)] as const] : []
        }),
      )
    },
    byCode: async (code, context) => {
      const found = (await articles(context)).get(code)
      if (found?.kind === 'found') return found
      // It may have been made since: whoever creates an order must not wait ten minutes for it.
      const fresh = await reading.run('codes', context.signal, (signal) => readCodes({ ...context, signal }))
      return fresh.get(code) ?? { kind: 'none' }
    },
    byId: async (id, context) => {
      const answer = await client.read({ path: `/Products/${id}`, label: '/Products/{id}' }, context)
      const row = answer.status < 400 ? withDocumentedNames(answer.json, productNames) : null
      return row ? toArticle(row, context) : { kind: 'none' }
    },
  }
}

/** `shipping:15` names the kind `shipping`. */
function kindIn(name: string): string {
  return name.split(':')[0] ?? name
}

/** The code that `lineProducts` names for a kind at a rate: `shipping:15` before `shipping`. */
export function codeForLine(
  lineProducts: CompanyOptions['salesOrders']['lineProducts'],
  kind: string,
  vatPercent: string | null,
): string | undefined {
  return (vatPercent === null ? undefined : lineProducts[`${kind}:${vatPercent}`]) ?? lineProducts[kind]
}
