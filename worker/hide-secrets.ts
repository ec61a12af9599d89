import { type Settings, secretsOf } from '../flows/settings.ts'

/**
 * Every secret of these settings becomes `***`: also in the form it has inside JSON and inside an address. The last net
 * under what is written down: nothing should hold a secret, and a vendor's message may quote one.
 */
export function hideSecrets(settings: Settings): (text: string) => string {
  const forms = secretsOf(settings).flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ])
  const hidden = [...new Set(forms)].sort((a, b) => b.length - a.length)
  return (text) => hidden.reduce((known, secret) => known.replaceAll(secret, '***'), text)
}
