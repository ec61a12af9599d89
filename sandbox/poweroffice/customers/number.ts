import type { Condition } from '../entity-store.ts'
import { customerSeries, type NumberSeries } from '../number-series.ts'
import { Problem } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'

const title = 'Customer validation error(s)'

/**
 * The number for a customer without one: the next of the series, or its lowest gap once the end is reached.
 * The default series unless another is named; never a quiet move to the next series.
 */
export function nextCustomerNumber(state: SandboxState, seriesId: unknown): number {
  const all = customerSeries(state.series())
  const named = typeof seriesId === 'string' ? seriesId.toLowerCase() : null
  const series = all.find((candidate) => (named === null ? candidate.IsDefault : candidate.Id === named))
  if (!series) throw new Problem(404, title, `SubLedgerNumberSeries with id = ${named} not found.`)
  const number = freeNumber(state, series)
  if (number !== null) return number
  const status = state.settings.current().numberSeriesFull === '409' ? 409 : 400
  throw new Problem(status, title, `No free number in the number series '${series.Name}'.`)
}

/** Null when the series is full. */
function freeNumber(state: SandboxState, series: NumberSeries): number | null {
  const next = nextNumber(state, series)
  if (next !== null) return next
  const within = withinSeries(series)
  const size = series.ToInclusive - series.FromInclusive + 1
  if (state.customers.count([within]) >= size) return null
  return state.customers.lowestFree('number', series.FromInclusive, series.ToInclusive)
}

/** For many at once: the end of the first series that has one left, before anybody counts gaps. Null when all are full. */
export function numberOfAnySeries(state: SandboxState): number | null {
  const all = customerSeries(state.series())
  for (const take of [nextNumber, freeNumber]) {
    for (const series of all) {
      const number = take(state, series)
      if (number !== null) return number
    }
  }
  return null
}

/** One more than the largest of the series, null when its end is reached. */
function nextNumber(state: SandboxState, series: NumberSeries): number | null {
  const next = (state.customers.largest('number', withinSeries(series)) ?? series.FromInclusive - 1) + 1
  return next <= series.ToInclusive ? next : null
}

function withinSeries({ FromInclusive: from, ToInclusive: to }: NumberSeries): Condition {
  return { sql: 'number BETWEEN ? AND ?', values: [from, to] }
}

export function isInsideSeries(state: SandboxState, number: number): boolean {
  return customerSeries(state.series()).some((series) => number >= series.FromInclusive && number <= series.ToInclusive)
}
