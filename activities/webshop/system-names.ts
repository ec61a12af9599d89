import type { SystemNames } from '../http/answer-meaning.ts'

export const webshop: SystemNames = {
  side: 'shop',
  name: 'The webshop',
  urlSetting: 'WEBSHOP_BASE_URL',
  keysToCheck: 'WEBSHOP_API_KEY',
  missingRight: (label) =>
    `The webshop refuses ${label} to our key (403): give the key of WEBSHOP_API_KEY the right to do this in the shop.`,
}
