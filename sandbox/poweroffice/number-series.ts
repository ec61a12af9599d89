import { readListQuery } from './list-query.ts'
import { type Answer, notFound } from './problem.ts'
import { seededAccountId } from './products/company-defaults.ts'
import type { Route } from './route.ts'
import { propertyNames } from './schema.ts'
import type { Settings } from './settings.ts'
import { shapeJson } from './shape.ts'

export interface NumberSeries {
  readonly FromInclusive: number
  readonly GeneralLedgerAccountId: number
  readonly GeneralLedgerAccountNo: number
  readonly Id: string
  readonly IsClientTrust: boolean
  readonly IsDefault: boolean
  readonly Name: string
  readonly SubLedgerNumberSeriesType: 'Customer' | 'Supplier' | 'Employee'
  readonly ToInclusive: number
}

/** The standard series and the second one for customers that README.md suggests; suppliers have theirs so that the type filter matters. */
export function numberSeries(defaultEnd: number): readonly NumberSeries[] {
  const receivables = {
    GeneralLedgerAccountId: seededAccountId(1500),
    GeneralLedgerAccountNo: 1500,
    IsClientTrust: false,
  }
  return [
    {
      ...receivables,
      FromInclusive: 10_000,
      Id: '0f3c1a52-7c1e-4a55-9f0e-5f3b60d0a001',
      IsDefault: true,
      Name: 'Kunder',
      SubLedgerNumberSeriesType: 'Customer',
      ToInclusive: defaultEnd,
    },
    {
      ...receivables,
      FromInclusive: 100_000,
      Id: '0f3c1a52-7c1e-4a55-9f0e-5f3b60d0a002',
      IsDefault: false,
      Name: 'Nettbutikk',
      SubLedgerNumberSeriesType: 'Customer',
      ToInclusive: 999_999,
    },
    {
      FromInclusive: 1_000_000,
      GeneralLedgerAccountId: seededAccountId(2400),
      GeneralLedgerAccountNo: 2400,
      Id: '0f3c1a52-7c1e-4a55-9f0e-5f3b60d0a003',
      IsClientTrust: false,
      IsDefault: true,
      Name: 'Leverandører',
      SubLedgerNumberSeriesType: 'Supplier',
      ToInclusive: 1_999_999,
    },
  ]
}

export function customerSeries(series: readonly NumberSeries[]): readonly NumberSeries[] {
  return series.filter((candidate) => candidate.SubLedgerNumberSeriesType === 'Customer')
}

const roles = ['CommonServices', 'CommonServices_Full']
const filterNames = ['generalLedgerAccountNos', 'isDefault', 'subLedgerNumberSeriesType'] as const

export function numberSeriesRoutes(settings: Settings, series: () => readonly NumberSeries[]): readonly Route[] {
  return [
    { method: 'GET', path: '/SubLedgerNumberSeries', roles, handle: ({ url }) => listSeries(series(), url, settings) },
    {
      method: 'GET',
      path: '/SubLedgerNumberSeries/{id}',
      roles,
      handle({ params }) {
        const found = series().find((candidate) => candidate.Id === params.id?.toLowerCase())
        if (!found) throw notFound(`SubLedgerNumberSeries with id = ${params.id} not found.`)
        return { status: 200, body: shapeJson({ ...found }, settings.current()) }
      },
    },
  ]
}

// Three fixed rows: filtered here rather than kept in a table.
function listSeries(series: readonly NumberSeries[], url: URL, settings: Settings): Answer {
  const filters = filterNames.map((name) => ({ name, condition: () => ({ sql: '1', values: [] }) }))
  const shape = { properties: propertyNames('SubLedgerNumberSeriesDto'), filters }
  const query = readListQuery(url.searchParams, shape, settings.current())
  const asked = (name: (typeof filterNames)[number]) =>
    [...url.searchParams].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1].toLowerCase() || null
  const accounts = asked('generalLedgerAccountNos')?.split(',').map(Number) ?? null
  const matching = series
    .filter((one) => accounts === null || accounts.includes(one.GeneralLedgerAccountNo))
    .filter((one) => asked('isDefault') === null || String(one.IsDefault) === asked('isDefault'))
    .filter((one) => {
      const type = asked('subLedgerNumberSeriesType')
      return type === null || one.SubLedgerNumberSeriesType.toLowerCase() === type
    })
    .slice((query.pageNumber - 1) * query.pageSize, query.pageNumber * query.pageSize)
  const headers = { 'X-Pagination': JSON.stringify({ nextPageLink: '' }) }
  if (matching.length === 0) return { status: 204, body: null, headers }
  const rows = matching.map((one) => {
    const fields = Object.entries(one).filter(([name]) => query.fields === null || query.fields.includes(name))
    return shapeJson(Object.fromEntries(fields), settings.current())
  })
  return { status: 200, body: `[${rows.join(',')}]`, headers }
}
