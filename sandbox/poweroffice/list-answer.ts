import type { EntityStore } from './entity-store.ts'
import { type ListQuery, type ListShape, readListQuery } from './list-query.ts'
import type { Answer } from './problem.ts'
import type { Switches } from './settings.ts'
import { shapeJson, shapesAnything } from './shape.ts'

export interface ListedEntity extends ListShape {
  readonly store: Pick<EntityStore<unknown>, 'list' | 'count'>
  /** SQL of the switch listOrder; 'shuffled' needs none. */
  readonly orders: { readonly creation: string; readonly lastChanged: string }
}

/** A page of any stored entity: a bare array, 204 without a body when nothing matches, page links in X-Pagination. */
export function answerList(entity: ListedEntity, url: URL, switches: Switches): Answer {
  const query = readListQuery(url.searchParams, entity, switches)
  const offset = (query.pageNumber - 1) * query.pageSize
  // One row more than asked tells whether a page follows, without counting the table.
  const rows = entity.store.list({
    where: query.where,
    orderBy: orderBy(entity, query, switches),
    limit: query.pageSize + 1,
    offset,
  })
  const page = rows.slice(0, query.pageSize)
  const headers = paginationHeader(entity, query, url, { hasNext: rows.length > query.pageSize, switches })
  if (page.length === 0) {
    const pastEnd = query.pageNumber > 1 && switches.pagePastEnd === '200' && entity.store.count(query.where) > 0
    return pastEnd ? { status: 200, body: '[]', headers } : { status: 204, body: null, headers }
  }
  return { status: 200, body: `[${page.map((json) => shapeRow(json, query, switches)).join(',')}]`, headers }
}

function shapeRow(json: string, query: ListQuery, switches: Switches): string {
  if (query.fields === null && !shapesAnything(switches)) return json
  const dto = JSON.parse(json) as Record<string, unknown>
  const asked = query.fields === null ? dto : picked(dto, query.fields)
  return shapeJson(asked, switches)
}

function picked(dto: Record<string, unknown>, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.filter((field) => field in dto).map((field) => [field, dto[field]]))
}

function orderBy(entity: ListedEntity, query: ListQuery, switches: Switches): string {
  const asked = query.order.map(({ property, descending }) => {
    // Property names come from the entity's own list, never from the request's text.
    return `json_extract(json, '$.${property}') COLLATE NOCASE ${descending ? 'DESC' : 'ASC'}`
  })
  if (asked.length > 0) return [...asked, 'id'].join(', ')
  switch (switches.listOrder) {
    case 'creation':
      return entity.orders.creation
    case 'lastChanged':
      return entity.orders.lastChanged
    case 'id':
      return 'id'
    case 'shuffled':
      return 'random()'
  }
}

function paginationHeader(
  entity: ListedEntity,
  query: ListQuery,
  url: URL,
  { hasNext, switches }: { hasNext: boolean; switches: Switches },
): Record<string, string> {
  if (switches.xPaginationContent === 'absent') return {}
  const links: Record<string, unknown> = {}
  if (switches.xPaginationContent === 'full') {
    const totalCount = entity.store.count(query.where)
    links.totalCount = totalCount
    links.pageSize = query.pageSize
    links.currentPage = query.pageNumber
    links.totalPages = Math.ceil(totalCount / query.pageSize)
    links.previousPageLink = query.pageNumber > 1 ? pageLink(url, query.pageNumber - 1) : ''
  }
  if (hasNext) links.nextPageLink = pageLink(url, query.pageNumber + 1)
  else if (switches.xPaginationLastPage === 'empty') links.nextPageLink = ''
  else if (switches.xPaginationLastPage === 'null') links.nextPageLink = null
  return { 'X-Pagination': JSON.stringify(links) }
}

function pageLink(url: URL, pageNumber: number): string {
  const link = new URL(url)
  for (const key of [...link.searchParams.keys()]) {
    if (key.toLowerCase() === 'pagenumber') link.searchParams.delete(key)
  }
  link.searchParams.set('PageNumber', String(pageNumber))
  return link.toString()
}
