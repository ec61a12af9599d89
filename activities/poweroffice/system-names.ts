import type { SystemNames } from '../http/answer-meaning.ts'

export const powerOffice: SystemNames = {
  side: 'erp',
  name: 'PowerOffice',
  urlSetting: 'POWEROFFICE_BASE_URL',
  keysToCheck:
    'POWEROFFICE_APPLICATION_KEY, POWEROFFICE_CLIENT_KEY and POWEROFFICE_SUBSCRIPTION_KEY, and that all three belong to the environment (demo or production) that POWEROFFICE_BASE_URL names',
  missingRight: (label) => `PowerOffice refuses ${label} to our keys (403): ${rightFor(label)}`,
}

/** sandbox/poweroffice/README.md and 1.2: a missing role; the gateway also says 403 for a key that is not for this product. */
function rightFor(label: string): string {
  const give = (roles: string) => `give the integration the ${roles} in PowerOffice Go (Settings, Integrations).`
  if (label.includes('/Customers')) {
    return give(label.startsWith('GET') ? 'role Customer or Customer_Full' : 'role Customer_Full')
  }
  if (label.includes('/SubLedgerNumberSeries')) return give('role CommonServices')
  return give('roles that it asks for')
}
