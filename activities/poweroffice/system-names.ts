import type { SystemNames } from '../http/answer-meaning.ts'
import { roleForRequest } from './roles.ts'

export const powerOffice: SystemNames = {
  side: 'erp',
  name: 'PowerOffice',
  urlSetting: 'POWEROFFICE_BASE_URL',
  keysToCheck:
    'POWEROFFICE_APPLICATION_KEY, POWEROFFICE_CLIENT_KEY and POWEROFFICE_SUBSCRIPTION_KEY, and that all three belong to the environment (demo or production) that POWEROFFICE_BASE_URL names',
  // A missing role; the gateway also says 403 for a key that is not for this product (sandbox/poweroffice/README.md).
  missingRight: (label) =>
    `PowerOffice refuses ${label} to our keys (403): give the integration the ${roleForRequest(label)} in PowerOffice Go (Settings, Integrations).`,
}
