import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { Client, Connection, type ConnectionOptions, type DataConverter } from '@temporalio/client'
import { type Settings, temporalAddressOf } from '../flows/settings.ts'
import { askAgain } from '../worker/ask-again.ts'
import { dataConverterOf } from '../worker/codec.ts'
import { CommandFailure } from './command-failure.ts'

export interface ConnectedClient {
  readonly client: Client
  close(): Promise<void>
}

export interface ConnectOptions {
  /** The worker's codec unless another is given: without it nothing that a worker wrote can be read. */
  readonly dataConverter?: DataConverter
  /** Do not ask the server now: for what lives longer than one server does (the console). */
  readonly lazy?: boolean
}

/** A person waits in front of a terminal; a server on the same machine answers within milliseconds. */
const connectTimeoutMs = 5000

/**
 * The one place where people's side of the product reaches Temporal.
 * @throws CommandFailure when no server answers
 */
export async function connectClient(settings: Settings, options: ConnectOptions = {}): Promise<ConnectedClient> {
  const connection = options.lazy === true ? Connection.lazy(connectionOptions(settings)) : await connect(settings)
  const client = new Client({
    connection,
    namespace: settings.temporal.namespace,
    identity: `kobling (${process.pid})`,
    dataConverter: options.dataConverter ?? dataConverterOf(settings),
    interceptors: { workflow: [askAgain] },
    // A closed run answers queries for as long as it is retained: old news, and read as memory it would be amnesia (E6).
    workflow: { queryRejectCondition: 'NOT_OPEN' },
  })
  return { client, close: () => connection.close() }
}

export function noServerSentence(settings: Settings): string {
  const address = temporalAddressOf(settings)
  return settings.temporal.address === null
    ? `No Temporal server answers at ${address}: start everything with \`npm start\`, or set TEMPORAL_ADDRESS.`
    : `No Temporal server answers at ${address} (TEMPORAL_ADDRESS): start it, or unset TEMPORAL_ADDRESS and use \`npm start\`.`
}

async function connect(settings: Settings): Promise<Connection> {
  const options = connectionOptions(settings)
  if (await isRefused(temporalAddressOf(settings))) throw new CommandFailure(noServerSentence(settings))
  try {
    return await Connection.connect(options)
  } catch (error) {
    const code = grpcCode(error)
    if (code === 7 || code === 16) {
      throw new CommandFailure(
        `The Temporal server at ${options.address} refuses us: check TEMPORAL_API_KEY or the certificate settings (TEMPORAL_TLS_…).`,
      )
    }
    throw new CommandFailure(noServerSentence(settings))
  }
}

/** gRPC waits its whole timeout for a port that nobody listens on; a plain connection tells at once. */
function isRefused(address: string): Promise<boolean> {
  const colon = address.lastIndexOf(':')
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: Number(address.slice(colon + 1)), timeout: connectTimeoutMs })
    const end = (refused: boolean) => {
      socket.destroy()
      resolve(refused)
    }
    socket.once('connect', () => end(false))
    socket.once('timeout', () => end(false))
    socket.once('error', (error) => end('code' in error && error.code === 'ECONNREFUSED'))
  })
}

/** The gRPC status somewhere in the chain of causes; undefined when there is none. */
export function grpcCode(error: unknown): number | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'number') return current.code
  }
  return undefined
}

function connectionOptions(settings: Settings): ConnectionOptions {
  const { apiKey, tls } = settings.temporal
  return {
    address: temporalAddressOf(settings),
    connectTimeout: connectTimeoutMs,
    ...(apiKey === null ? {} : { apiKey }),
    ...(tls === null ? {} : { tls: tlsOptions(tls) }),
  }
}

function tlsOptions(tls: NonNullable<Settings['temporal']['tls']>) {
  const { serverName, serverCaPath, clientCertificatePath, clientKeyPath } = tls
  return {
    ...(serverName === null ? {} : { serverNameOverride: serverName }),
    ...(serverCaPath === null
      ? {}
      : { serverRootCACertificate: pem('TEMPORAL_TLS_SERVER_CA_CERT_PATH', serverCaPath) }),
    ...(clientCertificatePath === null || clientKeyPath === null
      ? {}
      : {
          clientCertPair: {
            crt: pem('TEMPORAL_TLS_CLIENT_CERT_PATH', clientCertificatePath),
            key: pem('TEMPORAL_TLS_CLIENT_KEY_PATH', clientKeyPath),
          },
        }),
  }
}

function pem(setting: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    throw new CommandFailure(`${setting} is "${path}", which cannot be read: write the path of a PEM file.`)
  }
}
