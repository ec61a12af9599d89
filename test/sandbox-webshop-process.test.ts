import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { clientOf, until } from './sandbox-webshop-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'webshop-process-'))
const spawned: ReturnType<typeof start>[] = []
afterAll(() => {
  for (const each of spawned) each.process.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

const startDeadlineMs = 20_000 // tsx on a busy machine; one second when idle

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['worker/processes/start.js', 'sandbox/webshop/main.ts'], {
    env: { ...process.env, KOBLING_DATA_DIR: folder, WEBSHOP_SANDBOX_PORT: '0', ...environment },
  })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  const readyAt = () => until(() => /listening on (\S+)\n/.exec(output.out)?.[1], startDeadlineMs)
  return { process: child, output, ended, readyAt }
}

function run(environment: Record<string, string> = {}) {
  const started = start(environment)
  spawned.push(started)
  return started
}

const timeoutMs = 60_000

test('it says where it listens, serves the seed, and ends with 0 on SIGTERM and on SIGINT', {
  timeout: timeoutMs,
}, async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const sandbox = run()
    const baseUrl = await sandbox.readyAt()
    const { body } = await clientOf(baseUrl).get('/api/counts')
    sandbox.process.kill(signal)
    expect([await sandbox.ended, sandbox.output.err]).toEqual([0, ''])
    expect(sandbox.output.out).toMatch(/^webshop sandbox listening on http:\/\/127\.0\.0\.1:\d+\n$/)
    expect(body.customers).toBeGreaterThan(100)
  }
})

test('killed at once after an answer, it has what it answered when it starts again', {
  timeout: timeoutMs,
}, async () => {
  const environment = {
    KOBLING_DATA_DIR: join(folder, 'killed'),
    WEBSHOP_SANDBOX_SEED: 'none',
    WEBSHOP_API_KEY: 'other',
  }
  const first = run(environment)
  const client = clientOf(await first.readyAt())
  const headers = { 'idempotency-key': 'k' }
  const { body } = await client.create({ kind: 'company', name: 'A' }, { key: 'other', headers })
  first.process.kill('SIGKILL')
  await first.ended
  const second = run(environment)
  const after = clientOf(await second.readyAt())
  expect((await after.create({ kind: 'company', name: 'A' }, { key: 'other', headers })).body).toEqual(body)
  expect((await after.get('/api/customers', { key: 'other' })).body.items).toEqual([body])
  expect((await after.get('/api/customers')).status).toBe(401)
  second.process.kill('SIGTERM')
  expect(await second.ended).toBe(0)
})

test('a taken port, an unwritable folder and a wrong setting are one sentence and exit 1', {
  timeout: timeoutMs,
}, async () => {
  const holder = createServer()
  const port = await new Promise<string>((resolve) => {
    holder.listen(0, '127.0.0.1', () => {
      const address = holder.address()
      resolve(String(typeof address === 'object' && address?.port))
    })
  })
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  const failures = [
    run({ WEBSHOP_SANDBOX_PORT: port, KOBLING_DATA_DIR: join(folder, 'taken') }),
    run({ KOBLING_DATA_DIR: join(file, 'below') }),
    run({ WEBSHOP_SANDBOX_PORT: 'eighty' }),
    run({ WEBSHOP_WEBHOOK_SECRET: 'hunter2' }),
  ]
  const results = await Promise.all(failures.map(async (each) => [await each.ended, each.output.out, each.output.err]))
  holder.close()
  expect(results).toEqual([
    [1, '', `Port ${port} on 127.0.0.1 is taken: set WEBSHOP_SANDBOX_PORT to a free port for the webshop sandbox.\n`],
    [
      1,
      '',
      expect.stringMatching(
        /^The webshop sandbox cannot write its data file .*: set KOBLING_DATA_DIR to a folder .*\n$/,
      ),
    ],
    [1, '', expect.stringMatching(/^The webshop sandbox cannot use WEBSHOP_SANDBOX_PORT: .*\n$/)],
    [1, '', expect.stringMatching(/^(?!.*hunter2)The webshop sandbox cannot use WEBSHOP_WEBHOOK_SECRET: .*\n$/)],
  ])
})
