import { type Filter, flag, readFlag, textList } from '../filters.ts'
import { answerList } from '../list-answer.ts'
import type { Route } from '../route.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { propertyNames } from '../schema.ts'

const roles = ['CommonServices', 'CommonServices_Full']
// Neither list has change times: every order but the shuffled one is the same.
const orders = { creation: 'id', lastChanged: 'id' }

/** VAT codes and currencies: lists that the API only reads. */
export function readOnlyListRoutes(state: SandboxState): readonly Route[] {
  const vatCodes = {
    store: state.vatCodes,
    properties: propertyNames('VatCodeDto'),
    filters: [flag('isActive', 'isActive'), includeExpired(state)],
    orders,
  }
  const currencies = {
    store: state.currencies,
    properties: propertyNames('CurrencyDto'),
    filters: [
      textList('currencyCode', 'id', { normalise: (code) => code.toUpperCase() }),
      flag('isActive', 'isActive'),
    ],
    orders,
  }
  return [
    { path: '/VatCodes', listed: vatCodes },
    { path: '/Currencies', listed: currencies },
  ].map(({ path, listed }) => ({
    method: 'GET',
    path,
    roles,
    handle: ({ url }) => answerList(listed, url, state.settings.current()),
  }))
}

/** Codes that are no longer valid stay out unless asked for. */
function includeExpired(state: SandboxState): Filter {
  const today = () => new Date(state.clock.nowMs()).toISOString().slice(0, 10)
  const unexpired = () => ({ sql: 'validTo IS NULL OR validTo >= ?', values: [today()] })
  const name = 'includeExpired'
  return {
    name,
    condition: (value) => (readFlag(name, value) ? { sql: '1', values: [] } : unexpired()),
    whenAbsent: unexpired,
  }
}
