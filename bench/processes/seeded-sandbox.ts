import { startPowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import { startWebshopSandbox } from '../../sandbox/webshop/server.ts'
import { answerParent, processOptions } from './parent.ts'

export interface SeededSandboxOptions {
  readonly side: 'erp' | 'shop'
  readonly dataFile: string
  /** Customers alone. */
  readonly customers: number
}

export interface SeededFacts {
  readonly origin: string
  /** Milliseconds from before the seed was made until it listened; CPU time is that of the whole process. */
  readonly startedIn: { readonly wallMs: number; readonly cpuMs: number }
}

const { side, dataFile, customers } = processOptions<SeededSandboxOptions>()
const before = { wall: performance.now(), cpu: cpuMs() }
const options = { port: 0, dataFile, seed: 'customers', seedOptions: { size: customers } } as const
const sandbox =
  side === 'erp'
    ? await startPowerOfficeSandbox({ ...options, switches: { rateLimit: 'off' } })
    : await startWebshopSandbox(options)
const startedIn = { wallMs: performance.now() - before.wall, cpuMs: cpuMs() - before.cpu }
const origin = 'origin' in sandbox ? sandbox.origin : sandbox.baseUrl
answerParent({ origin, startedIn } satisfies SeededFacts, { cpuMs }, () => sandbox.close())

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
