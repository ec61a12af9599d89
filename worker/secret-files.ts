import { readFileSync } from 'node:fs'
import { type EnvironmentValues, readText } from '../flows/environment-values.ts'

/** What is secret may stand in a file instead, as Docker, Kubernetes and systemd hand secrets over: `<name>_FILE` holds its path. */
export const secretSettings = [
  'POWEROFFICE_APPLICATION_KEY',
  'POWEROFFICE_CLIENT_KEY',
  'POWEROFFICE_SUBSCRIPTION_KEY',
  'WEBSHOP_API_KEY',
  'WEBSHOP_WEBHOOK_SECRET',
  'TEMPORAL_API_KEY',
  'KOBLING_CONSOLE_TOKEN',
  'KOBLING_CODEC_KEYS',
  'KOBLING_CODEC_TOKEN',
] as const

/**
 * The environment with the secrets of those files in it.
 * @throws Error of one sentence for a file that cannot be read or is empty, and for a secret that is given twice
 */
export function withSecretFiles(environment: EnvironmentValues): EnvironmentValues {
  const secrets: Record<string, string> = {}
  for (const name of secretSettings) {
    const path = readText(environment, `${name}_FILE`)
    if (path === null) continue
    if (readText(environment, name) !== null) {
      throw new Error(`${name} and ${name}_FILE are both set: unset one of them.`)
    }
    secrets[name] = readSecret(`${name}_FILE`, path)
  }
  return { ...environment, ...secrets }
}

function readSecret(setting: string, path: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch {
    throw new Error(`${setting} is "${path}", which cannot be read: write the path of a file that holds the secret.`)
  }
  if (text === '') throw new Error(`${setting} is "${path}", which is empty: write the secret into it.`)
  return text
}
