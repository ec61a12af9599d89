import { startPowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import type { SwitchChanges } from '../../sandbox/poweroffice/settings.ts'
import { answerParent, processOptions } from './parent.ts'

export interface ErpSandboxOptions {
  readonly dataFile: string
  readonly switches: SwitchChanges
}

export interface ErpFacts {
  readonly baseUrl: string
  readonly tokenUrl: string
  readonly origin: string
}

/** One request as it arrived: milliseconds since 1970 with fractions, and its route. */
export type Arrival = readonly [atMs: number, route: string]

const options = processOptions<ErpSandboxOptions>()
const sandbox = await startPowerOfficeSandbox({ port: 0, seed: 'none', ...options })
let arrivals: Arrival[] = []
const { counts } = sandbox
const countRequest = counts.request
counts.request = (route) => {
  arrivals.push([performance.timeOrigin + performance.now(), route])
  countRequest(route)
}

const { baseUrl, tokenUrl, origin } = sandbox
answerParent(
  { baseUrl, tokenUrl, origin } satisfies ErpFacts,
  {
    arrivals: () => arrivals,
    report: () => counts.report(),
    reset: () => {
      arrivals = []
      counts.reset()
    },
  },
  () => sandbox.close(),
)
