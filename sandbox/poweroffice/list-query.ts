import type { Condition } from './entity-store.ts'
import type { Filter } from './filters.ts'
import { badResourceParameter } from './problem.ts'
import type { Switches } from './settings.ts'

/** What a list request asks for, after checking. */
export interface ListQuery {
  readonly pageNumber: number
  readonly pageSize: number
  /** Property names in the vendor's casing, or null for all. */
  readonly fields: readonly string[] | null
  readonly order: readonly { readonly property: string; readonly descending: boolean }[]
  readonly where: readonly Condition[]
}

export interface ListShape {
  readonly properties: readonly string[]
  readonly filters: readonly Filter[]
}

const sharedKeys = ['pagenumber', 'pagesize', 'orderby', 'fields', 'usedatabasevalidation', 'subscription-key']
const defaultPageSize = 5000
const maxPageSize = 20000

export function readListQuery(query: URLSearchParams, shape: ListShape, switches: Switches): ListQuery {
  const values = new Map<string, string>()
  for (const [key, value] of query) values.set(key.toLowerCase(), value)
  refuseUnknownKeys(values, shape, switches)
  return {
    pageNumber: readPageNumber(values.get('pagenumber')),
    pageSize: readPageSize(values.get('pagesize'), switches),
    fields: readFields(values.get('fields'), shape),
    order: switches.orderBySyntax === 'ignored' ? [] : readOrder(values.get('orderby'), shape),
    where: activeFilters(shape, switches).flatMap((filter) => {
      const value = values.get(filter.name.toLowerCase())
      // A blank filter is ignored (README.md).
      if (value === undefined || value.trim() === '') return filter.whenAbsent ? [filter.whenAbsent()] : []
      return [filter.condition(value, switches)]
    }),
  }
}

function activeFilters(shape: ListShape, switches: Switches): readonly Filter[] {
  return switches.laterFilters === 'on' ? shape.filters : shape.filters.filter((filter) => !filter.later)
}

function refuseUnknownKeys(values: ReadonlyMap<string, string>, shape: ListShape, switches: Switches): void {
  for (const key of values.keys()) {
    // OData keys are refused, as seen live (README.md); other unknown keys are a switch.
    if (key.startsWith('$')) throw badResourceParameter(`The query parameter '${key}' is not supported.`)
    const filter = shape.filters.find((candidate) => candidate.name.toLowerCase() === key)
    const refusedLater = filter?.later === true && switches.laterFilters === '400'
    const unknown = !filter && !sharedKeys.includes(key) && switches.unknownQueryKey === '400'
    if (refusedLater || unknown) throw badResourceParameter(`The query parameter '${key}' is not supported.`)
  }
}

function readPageNumber(text: string | undefined): number {
  if (text === undefined || text.trim() === '') return 1
  const page = Number(text)
  if (!Number.isInteger(page) || page < 1) throw badResourceParameter('PageNumber must be a whole number from 1.')
  return page
}

function readPageSize(text: string | undefined, switches: Switches): number {
  if (text === undefined || text.trim() === '') return defaultPageSize
  const size = Number(text)
  if (!Number.isInteger(size) || size < 1) throw badResourceParameter('PageSize must be a whole number from 1.')
  if (size <= maxPageSize) return size
  if (switches.pageSizeOverMax === 'clamped') return maxPageSize
  throw badResourceParameter(`PageSize must not exceed ${maxPageSize}.`)
}

function readFields(text: string | undefined, shape: ListShape): readonly string[] | null {
  if (text === undefined || text.trim() === '') return null
  return text.split(',').map((name) => {
    const property = canonicalProperty(name.trim(), shape)
    // Title and detail of the spec's sample.
    if (!property) throw badResourceParameter('Fields property in resourceParameter is not formatted correct.')
    return property
  })
}

function readOrder(text: string | undefined, shape: ListShape): { property: string; descending: boolean }[] {
  if (text === undefined || text.trim() === '') return []
  return text.split(',').map((part) => {
    const [name = '', direction = 'asc', ...rest] = part.trim().split(/\s+/)
    const property = canonicalProperty(name, shape)
    if (!property || rest.length > 0 || !['asc', 'desc'].includes(direction.toLowerCase())) {
      throw badResourceParameter('OrderBy property in resourceParameter is not formatted correct.')
    }
    return { property, descending: direction.toLowerCase() === 'desc' }
  })
}

function canonicalProperty(name: string, shape: ListShape): string | undefined {
  return shape.properties.find((property) => property.toLowerCase() === name.toLowerCase())
}
