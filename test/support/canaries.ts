import { randomBytes } from 'node:crypto'

/** Values that occur nowhere else, so that whatever shows one of them has leaked it. */

/** Every secret of the product but KOBLING_CONSOLE_TOKEN, which would open the console to the network. */
export function secretCanaries() {
  const canary = (name: string) => `canary-${name}-${randomBytes(9).toString('hex')}`
  return {
    POWEROFFICE_APPLICATION_KEY: canary('application'),
    POWEROFFICE_CLIENT_KEY: canary('client'),
    POWEROFFICE_SUBSCRIPTION_KEY: canary('subscription'),
    WEBSHOP_API_KEY: canary('shop'),
    WEBSHOP_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString('base64')}`,
    KOBLING_CODEC_KEYS: `canary:${randomBytes(32).toString('base64')}`,
  }
}

export type SecretCanaries = ReturnType<typeof secretCanaries>

/** Invented people, all of whom a search for `personalWords` finds. */
export function personCanary(number: number) {
  return {
    firstName: `Kanarina${number}`,
    lastName: `Fuglesang${number}`,
    email: `kanarina${number}@kanari.example`,
    phone: `4051520${number}`,
    line1: `Kanarifuglveien ${number}`,
  }
}

const personalWords = /kanari|fuglesang|40 ?51 ?52 ?0/i

/** The personal data in a text; also inside base64, as payloads are written in histories. */
export function personalDataIn(text: string): string[] {
  return [text, ...base64In(text)].flatMap((form) => form.match(personalWords) ?? [])
}

/** The names of the settings whose secrets the text holds: plain, as basic credentials, or inside base64. */
export function secretsIn(text: string, secrets: SecretCanaries): string[] {
  const forms = [text, ...base64In(text)]
  return Object.entries(secrets)
    .filter(([, value]) => valuesOf(value).some((form) => forms.some((one) => one.includes(form))))
    .map(([name]) => name)
}

function valuesOf(value: string): string[] {
  // A codec key is configured with its id, which is no secret.
  const secret = value.replace(/^canary:/, '')
  return [secret, secret.replace(/^whsec_/, ''), encodeURIComponent(secret)]
}

function base64In(text: string): string[] {
  const found = text.match(/[A-Za-z0-9+/_-]{12,}={0,2}/g) ?? []
  return found.map((word) => Buffer.from(word, 'base64').toString('latin1'))
}
