import {
  createWebshopConnector,
  type WebshopConnector,
  type WebshopOptions,
} from '../../activities/webshop/connector.ts'
import { startWebshopSandbox, type WebshopSandbox } from '../../sandbox/webshop/server.ts'
import type { ArchiveUnderTest, RunningSystem } from './system-under-test.ts'

const apiKey = 'webshop-key-5e3f'

export function startSandbox(): Promise<WebshopSandbox> {
  return startWebshopSandbox({ apiKey, settings: { webhooks: 'off' } })
}

export function connectTo(
  sandbox: Pick<WebshopSandbox, 'baseUrl'>,
  options: Partial<WebshopOptions> = {},
): WebshopConnector {
  return createWebshopConnector({ baseUrl: sandbox.baseUrl, apiKey, random: () => 0, ...options })
}

/** How the shop archives a customer or a product. */
export const activeIsFalse: ArchiveUnderTest = {
  patch: (isArchived) => ({ active: !isArchived }),
  isIn: (record) => record.kind === 'record' && record.raw['active'] === false,
}

/** What the suite needs of the shop, whichever of its collections is tested. */
export function underTest(
  sandbox: WebshopSandbox,
): Pick<RunningSystem, 'origin' | 'secrets' | 'connect' | 'withoutRightToWrite' | 'close'> {
  return {
    origin: sandbox.baseUrl,
    secrets: [apiKey],
    connect: ({ timeoutMs, wrongKey, deadAddress }, logger) =>
      connectTo(sandbox, {
        logger,
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(wrongKey && { apiKey: `${apiKey}x` }),
        ...(deadAddress && { baseUrl: 'http://127.0.0.1:9' }),
      }),
    withoutRightToWrite: () => Promise.resolve(connectTo(sandbox, { apiKey: 'sandbox-reader' })),
    close: () => sandbox.close(),
  }
}
