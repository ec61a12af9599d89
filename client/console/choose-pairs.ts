import type { FlowDefinition } from '../../flows/flow-definition.ts'
import { fieldsOf, type ShownPair } from './pairs.ts'
import { noReferences, type References } from './values/references.ts'

export const pairFilters = ['all', 'linked', 'differ', 'erpOnly', 'shopOnly'] as const
export type PairFilter = (typeof pairFilters)[number]

export interface PairChoice {
  readonly search: string
  readonly filter: PairFilter
  /** From 1. */
  readonly page: number
}

export interface ChosenPairs {
  readonly pairs: readonly ShownPair[]
  readonly found: number
  readonly page: number
  readonly pages: number
}

export const pairsPerPage = 50
/** Items are a request to PowerOffice a record, of the ten a second that the sync needs. */
export const listsPerPage = 10

/** What people typed into the address, tamed. */
export function parseChoice(query: { readonly [name: string]: string | undefined }): PairChoice {
  const page = Number(query['page'])
  return {
    search: (query['q'] ?? '').slice(0, 200),
    filter: pairFilters.find((filter) => filter === query['show']) ?? 'all',
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  }
}

export function choosePairs(
  definition: FlowDefinition,
  pairs: readonly ShownPair[],
  choice: PairChoice,
  references: References = noReferences,
): ChosenPairs {
  const perPage = definition.items === undefined && definition.listOf === undefined ? pairsPerPage : listsPerPage
  const words = choice.search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const found = pairs.filter(
    (pair) =>
      passes(definition, pair, choice.filter, references) &&
      words.every((word) => searchText(definition, pair).includes(word)),
  )
  const pages = Math.max(1, Math.ceil(found.length / perPage))
  const page = Math.min(choice.page, pages)
  return { pairs: found.slice((page - 1) * perPage, page * perPage), found: found.length, page, pages }
}

function passes(definition: FlowDefinition, pair: ShownPair, filter: PairFilter, references: References): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'linked':
      return pair.linked
    case 'differ':
      return pair.linked && fieldsOf(definition, pair, references).some((field) => field.differs)
    case 'erpOnly':
      return !pair.linked && pair.erpId !== null
    case 'shopOnly':
      return !pair.linked && pair.shopId !== null
  }
}

/** Records are replaced, never changed, so what was made of a pair holds as long as the pair does. */
const searchTexts = new WeakMap<ShownPair, string>()

function searchText(definition: FlowDefinition, pair: ShownPair): string {
  const kept = searchTexts.get(pair)
  if (kept !== undefined) return kept
  const values = fieldsOf(definition, pair).flatMap(({ erp, shop }) => [erp?.text ?? '', shop?.text ?? ''])
  const text = [pair.label, pair.erpId ?? '', pair.shopId ?? '', ...values].join('\n').toLowerCase()
  searchTexts.set(pair, text)
  return text
}
