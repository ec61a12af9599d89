import { join } from 'node:path'
import { type SeedName, seedNames, seedOptionsOf } from '../seed/options.ts'
import { DataFileUnusable } from './database.ts'
import { defaultKeys, type PowerOfficeSandbox, startPowerOfficeSandbox } from './server.ts'
import type { SwitchRequest } from './settings.ts'

// A process of its own, as `npm start` runs it. Settings: README.md.
const dataFile = join(process.env.KOBLING_DATA_DIR || '.data', 'poweroffice.sqlite')
const host = process.env.POWEROFFICE_SANDBOX_HOST || '127.0.0.1'
const portText = process.env.POWEROFFICE_SANDBOX_PORT || '4010'

try {
  const sandbox = await startPowerOfficeSandbox({
    port: readPort(portText),
    host,
    dataFile,
    seed: readSeed(process.env.POWEROFFICE_SANDBOX_SEED),
    seedOptions: seedOptionsOf(process.env),
    keys: {
      applicationKey: process.env.POWEROFFICE_APPLICATION_KEY || defaultKeys.applicationKey,
      clientKey: process.env.POWEROFFICE_CLIENT_KEY || defaultKeys.clientKey,
      subscriptionKey: process.env.POWEROFFICE_SUBSCRIPTION_KEY || defaultKeys.subscriptionKey,
    },
    switches: readSwitches(process.env.POWEROFFICE_SANDBOX_SWITCHES),
  })
  closeOnSignal(sandbox)
  console.log(`poweroffice sandbox listening on ${sandbox.origin}`)
} catch (failure) {
  console.error(startFailureSentence(failure))
  process.exit(1)
}

function closeOnSignal(sandbox: PowerOfficeSandbox): void {
  let closing = false
  const close = () => {
    // A second Ctrl-C must not start a second close.
    if (closing) return
    closing = true
    void sandbox.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', close)
  process.on('SIGINT', close)
}

function readPort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new Error(`POWEROFFICE_SANDBOX_PORT must be a port number, not '${text}'.`)
}

function readSeed(text: string | undefined): SeedName {
  const seed = seedNames.find((name) => name === (text || 'all'))
  if (seed !== undefined) return seed
  throw new Error(`POWEROFFICE_SANDBOX_SEED must be one of ${seedNames.join(', ')}, not '${text}'.`)
}

function readSwitches(text: string | undefined): SwitchRequest {
  if (!text) return {}
  try {
    // Checked key by key by the settings themselves.
    return JSON.parse(text) as SwitchRequest
  } catch {
    throw new Error('POWEROFFICE_SANDBOX_SWITCHES must be a JSON object, for example {"rateLimit": "off"}.')
  }
}

function startFailureSentence(failure: unknown): string {
  const code = failure instanceof Error && 'code' in failure ? String(failure.code) : ''
  const message = failure instanceof Error ? failure.message : String(failure)
  if (code === 'EADDRINUSE') return `Port ${portText} is taken: set POWEROFFICE_SANDBOX_PORT to a free one.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `'${host}' is no address of this machine: set POWEROFFICE_SANDBOX_HOST to one, or unset it for 127.0.0.1.`
  }
  if (code === 'EACCES') {
    return `Port ${portText} is not allowed here: set POWEROFFICE_SANDBOX_PORT to one above 1023.`
  }
  if (failure instanceof DataFileUnusable) {
    return `Cannot use '${dataFile}' for the sandbox's data (${message}): set KOBLING_DATA_DIR to a folder that can be written.`
  }
  return `The PowerOffice sandbox cannot start: ${message}`
}
