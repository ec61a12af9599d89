import { createRateLimiter } from '../../activities/http/rate-limiter.ts'
import {
  createPowerOfficeConnector,
  type PowerOfficeConnector,
  type PowerOfficeOptions,
} from '../../activities/poweroffice/connector.ts'
import { type PowerOfficeSandbox, startPowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import type { SwitchChanges } from '../../sandbox/poweroffice/settings.ts'
import { type ArchiveUnderTest, admin, type RunningSystem } from './system-under-test.ts'

export const keys = {
  applicationKey: 'application-key-1f0a',
  clientKey: 'client-key-77c2',
  subscriptionKey: 'subscription-key-9d31',
}

export function startSandbox(switches: SwitchChanges = {}): Promise<PowerOfficeSandbox> {
  return startPowerOfficeSandbox({
    port: 0,
    dataFile: ':memory:',
    seed: 'none',
    keys,
    switches: { rateLimit: 'off', ...switches },
  })
}

export function connectTo(
  sandbox: PowerOfficeSandbox,
  options: Partial<PowerOfficeOptions> = {},
): PowerOfficeConnector {
  return createPowerOfficeConnector({
    baseUrl: sandbox.baseUrl,
    tokenUrl: sandbox.tokenUrl,
    ...keys,
    requestsPerSecond: 1_000,
    referencePrefix: 'test',
    limiter: createRateLimiter({ requestsPerSecond: null }),
    random: () => 0,
    ...options,
  })
}

export const settingNames = [
  'POWEROFFICE_BASE_URL',
  'POWEROFFICE_APPLICATION_KEY',
  'POWEROFFICE_CLIENT_KEY',
  'POWEROFFICE_SUBSCRIPTION_KEY',
]

/** How PowerOffice archives a customer or a product. */
export const isArchivedIsTrue: ArchiveUnderTest = {
  patch: (isArchived) => ({ IsArchived: isArchived }),
  isIn: (record) => record.kind === 'record' && record.raw['IsArchived'] === true,
}

/**
 * What the suite needs of PowerOffice, whichever of its collections is tested.
 * @param role without it nothing of the collection may be written
 */
export function underTest(
  sandbox: PowerOfficeSandbox,
  role: string,
): Pick<RunningSystem, 'origin' | 'secrets' | 'connect' | 'withoutRightToWrite' | 'close'> {
  const powerless: PowerOfficeSandbox[] = []
  return {
    origin: sandbox.origin,
    secrets: [
      ...Object.values(keys),
      Buffer.from(`${keys.applicationKey}:${keys.clientKey}`).toString('base64'),
      'eyJhbGciOi', // how every JWT begins
    ],
    connect: ({ timeoutMs, wrongKey, deadAddress }, logger) =>
      connectTo(sandbox, {
        logger,
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(wrongKey && { clientKey: `${keys.clientKey}x` }),
        ...(deadAddress && { baseUrl: 'http://127.0.0.1:9/v2', tokenUrl: 'http://127.0.0.1:9/OAuth/Token' }),
      }),
    withoutRightToWrite: async () => {
      const another = await startSandbox({ missingPrivileges: [role] })
      powerless.push(another)
      return connectTo(another)
    },
    close: async () => {
      await Promise.all([sandbox, ...powerless].map((each) => each.close()))
    },
  }
}

/** Every switch as it is by default, no faults, and no rate limit. */
export async function settleDown(sandbox: PowerOfficeSandbox): Promise<void> {
  await admin(sandbox.origin, 'DELETE', '/faults')
  const defaults = Object.fromEntries(Object.keys(sandbox.settings.current()).map((name) => [name, null]))
  sandbox.settings.change({ ...defaults, rateLimit: 'off' })
  sandbox.counts.reset()
}

/** Ways of answering that every collection must take alike (sandbox/poweroffice/README.md). */
export const alternatives: readonly SwitchChanges[] = [
  {},
  { responseKeyCasing: 'camelNested', errorKeyCasing: 'pascal' },
  { responseKeyCasing: 'camel' },
  { dateOnlyFields: 'withTime', timestampFraction: 'trimmed' },
  { dateOnlyFields: 'withTimeZ', timestampZone: '+02:00' },
  { timestampZone: 'missing', extraProperties: 'on' },
  { writeStatus: 'all200' },
  { writeStatus: 'all201' },
  { pagePastEnd: '200', xPaginationContent: 'absent' },
  { listOrder: 'shuffled', equalTimestamps: 'on' },
  { unknownQueryKey: '400' },
  { laterFilters: 'ignored' },
  { laterFilters: '400' },
  { watermarkBoundary: 'inclusive' },
  { enumCasing: 'exact', emptyStringOptional: '400' },
  { patchOps: 'replaceOnly' },
  { patchTestOp: 'refused', patchPathCasing: '400' },
  { unknownReferenceOnPost: '400', unknownReferenceOnProductPost: '404' },
  {
    responseKeyCasing: 'camelNested',
    errorKeyCasing: 'pascal',
    dateOnlyFields: 'withTime',
    timestampFraction: 'trimmed',
    extraProperties: 'on',
    pagePastEnd: '200',
    xPaginationContent: 'absent',
    listOrder: 'shuffled',
    equalTimestamps: 'on',
    laterFilters: 'ignored',
    productCodeUnique: 'duplicates',
    departmentCodeUnique: 'duplicates',
    departmentPatchBody: 'empty',
    emptyStringOptional: '400',
    lineWriteMovesOrder: 'no',
    confirmedOrderEdit: '409',
    duplicateOrderReference: '409',
    patchOps: 'replaceOnly',
    patchNestedPaths: '400',
    retryAfter: 'notSent',
    throttleBody: 'empty',
    body401: 'problem',
    tokenLifetime: 1,
  },
]
