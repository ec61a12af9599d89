import { readFileSync } from 'node:fs'
import { type Settings, temporalAddressOf } from '../flows/settings.ts'

export interface TemporalConnectionOptions {
  readonly address: string
  readonly apiKey?: string
  readonly tls?: {
    readonly serverNameOverride?: string
    readonly serverRootCACertificate?: Buffer
    readonly clientCertPair?: { readonly crt: Buffer; readonly key: Buffer }
  }
}

/** How a client's `Connection` and a worker's `NativeConnection` reach the configured Temporal: both take these options. */
export function temporalConnectionOptions(settings: Settings): TemporalConnectionOptions {
  const { apiKey, tls } = settings.temporal
  const options = { address: temporalAddressOf(settings), ...(apiKey === null ? {} : { apiKey }) }
  if (tls === null) return options
  return {
    ...options,
    tls: {
      ...(tls.serverName === null ? {} : { serverNameOverride: tls.serverName }),
      ...(tls.serverCaPath === null
        ? {}
        : { serverRootCACertificate: readCertificate('TEMPORAL_TLS_SERVER_CA_CERT_PATH', tls.serverCaPath) }),
      ...(tls.clientCertificatePath === null || tls.clientKeyPath === null
        ? {}
        : {
            clientCertPair: {
              crt: readCertificate('TEMPORAL_TLS_CLIENT_CERT_PATH', tls.clientCertificatePath),
              key: readCertificate('TEMPORAL_TLS_CLIENT_KEY_PATH', tls.clientKeyPath),
            },
          }),
    },
  }
}

function readCertificate(setting: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new Error(`${setting} is "${path}", which cannot be read: write the path of a PEM file.`, { cause: error })
  }
}
