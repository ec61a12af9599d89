import { startWebshopSandbox } from '../../sandbox/webshop/server.ts'
import { answerParent, processOptions } from './parent.ts'

export interface ShopSandboxOptions {
  readonly dataFile: string
  readonly latencyMs: number
}

export interface ShopFacts {
  readonly baseUrl: string
}

const { dataFile, latencyMs } = processOptions<ShopSandboxOptions>()
const sandbox = await startWebshopSandbox({ port: 0, dataFile, settings: { latencyMs } })
answerParent({ baseUrl: sandbox.baseUrl } satisfies ShopFacts, {}, () => sandbox.close())
