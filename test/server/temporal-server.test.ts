import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest'
import { findFreePort } from '../../worker/processes/busy-port.ts'
import { commandLineOf } from '../../worker/processes/command-line.ts'
import {
  type RunningServer,
  type ServerOptions,
  startTemporalServer,
} from '../../worker/temporal-server/start-server.ts'

const thirtyDaysInSeconds = 30 * 24 * 60 * 60
const keyword = 2
const int = 3

let folder: string
let stopping: (() => Promise<unknown> | unknown)[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kobling-server-'))
  stopping = []
})
afterEach(async () => {
  for (const stop of stopping.reverse()) await stop()
  rmSync(folder, { recursive: true, force: true })
})

async function optionsOn(changes: Partial<ServerOptions> = {}): Promise<ServerOptions> {
  return {
    binary: inject('temporalBinary'),
    port: await findFreePort(),
    uiPort: null,
    dbFile: join(folder, 'temporal.sqlite'),
    namespace: 'default',
    logFile: join(folder, 'temporal.log'),
    ...changes,
  }
}

async function start(options: ServerOptions): Promise<RunningServer> {
  const server = await startTemporalServer(options)
  stopping.push(() => server.stop())
  return server
}

async function withConnection<T>(address: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address })
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}

function readNamespace(address: string) {
  return withConnection(address, async (connection) => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' })
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' })
    return { customAttributes, retentionSeconds: Number(config?.workflowExecutionRetentionTtl?.seconds) }
  })
}

const prepared = {
  customAttributes: { KoblingFlow: keyword, KoblingPhase: keyword, KoblingInbox: int },
  retentionSeconds: thirtyDaysInSeconds,
}

test('a new server has the search attributes and keeps closed runs for 30 days', async () => {
  expect(await readNamespace(inject('temporalAddress'))).toMatchObject(prepared)
})

test('a database that another start made without them has them too', async () => {
  const options = await optionsOn()
  await makePlainDatabase(options)
  const server = await start(options)
  expect(await readNamespace(server.address)).toMatchObject(prepared)
})

test('what was started goes on after a stop and a start on the same file', async () => {
  const options = await optionsOn()
  const first = await start(options)
  await withConnection(first.address, (connection) =>
    new Client({ connection }).workflow.start('customers', { workflowId: 'default.customers', taskQueue: 'sync' }),
  )
  await first.stop()
  const second = await start(options)
  const status = await withConnection(second.address, (connection) =>
    new Client({ connection }).workflow.getHandle('default.customers').describe(),
  )
  expect(status).toMatchObject({ type: 'customers', status: { name: 'RUNNING' } })
})

test('stopping leaves no process and no pid file', async () => {
  const pidFile = join(folder, 'temporal.pid')
  const server = await start(await optionsOn({ pidFile }))
  expect(await commandLineOf(server.pid)).toContain('server start-dev')
  expect(readFileSync(pidFile, 'utf8')).toBe(`${server.pid}\n`)
  await server.stop()
  expect([await commandLineOf(server.pid), existsSync(pidFile)]).toEqual([undefined, false])
})

test('a server that dies is noticed', async () => {
  const server = await start(await optionsOn({ dbFile: null }))
  server.kill()
  await server.ended
  expect(await commandLineOf(server.pid)).toBeUndefined()
})

test('the Web UI is served on its port when one is given', async () => {
  const uiPort = await findFreePort()
  const server = await start(await optionsOn({ dbFile: null, uiPort }))
  expect(server.uiUrl).toBe(`http://127.0.0.1:${uiPort}`)
  await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${uiPort}`)).status).toBe(200), 10_000)
})

test('a taken port is answered with the port, who has it and the setting that moves it', async () => {
  const port = await findFreePort()
  const blocker = createServer()
  await new Promise<void>((resolve) => blocker.listen(port, '127.0.0.1', resolve))
  stopping.push(() => blocker.close())
  const holder = process.platform === 'linux' ? `process ${process.pid} ` : ''
  await expect(startTemporalServer(await optionsOn({ port }))).rejects.toThrow(
    `Port ${port} for the Temporal server is taken by ${holder}`,
  )
  await expect(startTemporalServer(await optionsOn({ port }))).rejects.toThrow(
    /: end that process, or set TEMPORAL_PORT to a free port\.$/,
  )
  await expect(startTemporalServer(await optionsOn({ uiPort: port }))).rejects.toThrow(
    /for Temporal's Web UI .* set TEMPORAL_UI_PORT to a free port\.$/,
  )
})

test('the server of an earlier run that was killed is ended, and its port used again', async () => {
  const options = await optionsOn({ pidFile: join(folder, 'temporal.pid') })
  const orphan = await start(options)
  const next = await start(options)
  expect(next.pid).not.toBe(orphan.pid)
  expect(await commandLineOf(orphan.pid)).toBeUndefined()
  expect(await readNamespace(next.address)).toMatchObject(prepared)
})

test('a pid that meanwhile belongs to another program is left alone', async () => {
  const pidFile = join(folder, 'temporal.pid')
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  stopping.push(() => stranger.kill())
  writeFileSync(pidFile, `${stranger.pid}\n`)
  await start(await optionsOn({ pidFile }))
  expect(stranger.exitCode).toBeNull()
  expect(stranger.signalCode).toBeNull()
})

test('a first start that was killed before the database was set up does not spoil the next', async () => {
  const options = await optionsOn()
  writeFileSync(`${options.dbFile}`, '')
  writeFileSync(`${options.dbFile}.new`, '')
  const server = await start(options)
  expect(await readNamespace(server.address)).toMatchObject(prepared)
  expect(existsSync(`${options.dbFile}.new`)).toBe(false)
})

test('a data folder that cannot be written to is named, with the setting', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  await expect(startTemporalServer(await optionsOn({ dbFile: join(file, 'temporal.sqlite') }))).rejects.toThrow(
    new Error(
      `The Temporal server cannot write ${join(file, 'temporal.sqlite')}: make it and its folder writable or set KOBLING_DATA_DIR to another folder.`,
    ),
  )
})

test('a server that ends before it answers is told with its last words', async () => {
  const options = await optionsOn()
  writeFileSync(`${options.dbFile}`, 'this is no database')
  await expect(startTemporalServer(options)).rejects.toThrow(
    /^The Temporal server ended before it answered \(.*\); its log is /,
  )
})

/** As `temporal server start-dev --db-filename` leaves it: no search attributes of ours, a day of retention. */
async function makePlainDatabase(options: ServerOptions): Promise<void> {
  const args = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(options.port)]
  const server = spawn(options.binary, [...args, '--db-filename', `${options.dbFile}`], { stdio: 'ignore' })
  stopping.push(() => server.kill('SIGKILL'))
  const address = `127.0.0.1:${options.port}`
  const found = await vi.waitFor(() => readNamespace(address), { timeout: 120_000, interval: 100 })
  expect(found.customAttributes).not.toHaveProperty('KoblingFlow')
  expect(found.retentionSeconds).toBe(24 * 60 * 60)
  const ended = new Promise((resolve) => server.once('close', resolve))
  server.kill('SIGTERM')
  await ended
}
