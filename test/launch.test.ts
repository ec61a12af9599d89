import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readSettings } from '../flows/settings.ts'
import { entries } from '../worker/launch/entries.ts'
import { progressOf } from '../worker/launch/first-load.ts'
import { keepWorker } from '../worker/launch/keep-worker.ts'
import { readyLines } from '../worker/launch/ready-lines.ts'
import { logFileOf, pidFileOf, type Service, startService } from '../worker/launch/service.ts'
import { Supervisor } from '../worker/launch/supervisor.ts'
import { workerNodeFlags } from '../worker/node-flags.ts'
import { commandLineOf } from '../worker/processes/command-line.ts'
import { endOrphan } from '../worker/processes/pid-file.ts'
import { cannedStatus } from './fixtures/fake-flow/canned-status.ts'

const graceMs = 5000
const notInterrupted = new AbortController().signal

let dataDir: string
let started: Service[]

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kobling-launch-'))
  started = []
})
afterEach(async () => {
  for (const service of started) service.kill()
  await Promise.all(started.map(({ ended }) => ended))
  rmSync(dataDir, { recursive: true, force: true })
})

const entryOf = (fixture: string) => fileURLToPath(new URL(`./fixtures/services/${fixture}.ts`, import.meta.url))

async function start(fixture: string, signal = notInterrupted, nodeFlags: readonly string[] = []): Promise<Service> {
  const service = await startService({
    name: 'fixture',
    entry: entryOf(fixture),
    nodeFlags,
    environment: { ...process.env },
    readyText: 'fixture serving',
    dataDir,
    signal,
  })
  started.push(service)
  return service
}

const pidInFile = () => Number(readFileSync(pidFileOf(dataDir, 'fixture'), 'utf8'))

describe('a service', () => {
  test('is started when it says so, with its log and its pid on file, and stopped without a trace', async () => {
    const service = await start('serves')
    expect(readFileSync(logFileOf(dataDir, 'fixture'), 'utf8')).toBe('fixture serving\n')
    expect(pidInFile()).toBe(service.pid)
    await service.stop(graceMs)
    expect(await service.ended).toBe('exit code 0')
    expect([await commandLineOf(service.pid), existsSync(pidFileOf(dataDir, 'fixture'))]).toEqual([undefined, false])
  })

  test('is started with the flags that are meant for its Node', async () => {
    const service = await start('serves', notInterrupted, workerNodeFlags)
    expect(await commandLineOf(service.pid)).toContain(` ${workerNodeFlags.join(' ')} `)
  })

  test('that ends before it is ready is told with its last words and its log', async () => {
    await expect(start('dies')).rejects.toThrow(
      new Error(
        `The fixture ended with exit code 3 before it was ready: Error: the cupboard is bare (its log is ${logFileOf(dataDir, 'fixture')}).`,
      ),
    )
  })

  test('is not mistaken for ready by what an earlier one wrote into the same log', async () => {
    await (await start('serves')).stop(graceMs)
    await expect(start('dies')).rejects.toThrow('before it was ready')
  })

  test('that does not stop is killed after its grace', async () => {
    const service = await start('stubborn')
    await service.stop(200)
    expect(await service.ended).toBe('signal SIGKILL')
  })

  test('is ended when the start is interrupted before it was ready', async () => {
    const interrupt = new AbortController()
    const starting = start('never-ready', interrupt.signal)
    await vi.waitFor(() => expect(pidInFile()).toBeGreaterThan(0))
    const pid = pidInFile()
    interrupt.abort()
    await expect(starting).rejects.toMatchObject({ name: 'AbortError' })
    expect(await commandLineOf(pid)).toBeUndefined()
  })

  test('left behind by a killed supervisor is ended by its pid file, if it is still the same program', async () => {
    const service = await start('serves')
    const file = pidFileOf(dataDir, 'fixture')
    expect(await endOrphan(file, [entryOf('serves')], graceMs)).toBe(service.pid)
    expect(await service.ended).toBe('exit code 0')

    const other = await start('serves')
    expect(await endOrphan(file, ['another-program'], graceMs)).toBeUndefined()
    expect(await commandLineOf(other.pid)).toContain('serves.ts')
    expect(existsSync(file)).toBe(false)
  })
})

describe('the worker', () => {
  test('is started again when it dies, with a sentence, and its new pid is on file', async () => {
    const said: string[] = []
    const worker = await keepWorker({ start: () => start('serves'), say: (sentence) => void said.push(sentence) })
    const first = pidInFile()
    process.kill(first, 'SIGKILL')
    await vi.waitFor(() => expect(said).toHaveLength(2), 20_000)
    expect(pidInFile()).not.toBe(first)
    expect(said).toEqual([
      'The worker ended (signal SIGKILL); another one starts in 0.5 s. The flows go on where they were.',
      `The worker serves again (process ${pidInFile()}).`,
    ])
    await worker.stop(graceMs)
    expect(said).toHaveLength(2)
  }, 30_000)

  test('that cannot be started again is tried again, each time after a longer pause', async () => {
    const said: string[] = []
    let attempts = 0
    const startNext = () => start(++attempts === 2 ? 'dies' : 'serves')
    const worker = await keepWorker({ start: startNext, say: (sentence) => void said.push(sentence) })
    process.kill(pidInFile(), 'SIGKILL')
    await vi.waitFor(() => expect(said).toHaveLength(3), 20_000)
    expect(said[1]).toMatch(/^The fixture ended with exit code 3 .*; another one starts in 1 s\. /)
    expect(said[2]).toMatch(/^The worker serves again/)
    await worker.stop(graceMs)
  }, 30_000)

  test('that never served ends the start', async () => {
    await expect(keepWorker({ start: () => start('dies'), say: () => {} })).rejects.toThrow('the cupboard is bare')
  })
})

describe('stopping', () => {
  const recorded = (name: string, events: string[]) => ({
    stop: async () => void events.push(`stop ${name}`),
    kill: () => void events.push(`kill ${name}`),
  })

  test('on a signal goes in the reverse order of starting and ends with exit code 0', async () => {
    const events: string[] = []
    const supervisor = new Supervisor((sentence) => void events.push(sentence))
    const code = await supervisor.run(async () => {
      for (const name of ['server', 'sandboxes', 'worker', 'console']) supervisor.add(recorded(name, events), graceMs)
      process.emit('SIGTERM', 'SIGTERM')
    })
    expect([code, ...events]).toEqual([0, 'Stopping.', 'stop console', 'stop worker', 'stop sandboxes', 'stop server'])
  })

  test('because something died tells so and ends with exit code 1', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
    const events: string[] = []
    const supervisor = new Supervisor(() => {})
    const code = await supervisor.run(async () => {
      supervisor.add(recorded('server', events), graceMs)
      supervisor.fail('The webshop-sandbox ended by itself.')
      supervisor.fail('The worker ended as well.')
    })
    expect([code, events, errors.mock.calls]).toEqual([1, ['stop server'], [['The webshop-sandbox ended by itself.']]])
    errors.mockRestore()
  })

  test('while starting also stops what was started meanwhile', async () => {
    const events: string[] = []
    const supervisor = new Supervisor(() => {})
    const code = await supervisor.run(async () => {
      supervisor.add(recorded('server', events), graceMs)
      process.emit('SIGINT', 'SIGINT')
      await vi.waitFor(() => expect(events).toEqual(['stop server']))
      supervisor.add(recorded('late sandbox', events), graceMs)
      supervisor.signal.throwIfAborted()
    })
    expect([code, events]).toEqual([0, ['stop server', 'stop late sandbox']])
  })

  test('asked for twice within one key press does not hurry; a second press kills what is left', async () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as () => never)
    const events: string[] = []
    const supervisor = new Supervisor(() => {})
    const slow = {
      stop: () => {
        events.push('stop')
        return killed
      },
      kill: () => {
        events.push('kill')
        endStop()
      },
    }
    let endStop = () => {}
    const killed = new Promise<void>((resolve) => {
      endStop = resolve
    })
    const now = vi.spyOn(Date, 'now').mockReturnValue(1000)
    const running = supervisor.run(async () => supervisor.add(slow, graceMs))
    process.emit('SIGINT', 'SIGINT')
    process.emit('SIGINT', 'SIGINT')
    expect(events).not.toContain('kill')
    now.mockReturnValue(2000)
    process.emit('SIGINT', 'SIGINT')
    now.mockRestore()
    await running
    expect([events, exit.mock.calls]).toEqual([['kill', 'stop'], [[0]]])
    exit.mockRestore()
  })
})

test('while first loads go on, one line says how far each flow is, and who waits for others', () => {
  const orders = { ...cannedStatus('default', 'salesOrders'), phase: 'initial', waitsFor: 'that of products' } as const
  const products = { ...cannedStatus('default', 'products'), phase: 'initial', links: 40 } as const
  expect(progressOf([{ ...cannedStatus('default'), links: 205 }, products, orders])).toBe(
    'First loads go on: customers 205 linked (done), products 40 linked, salesOrders wait.',
  )
})

test('the ready message names the addresses, console first, what was done, and what to try', () => {
  const status = {
    flows: [
      { flow: 'customers', linked: 40, created: 3, needsPerson: 1 },
      { flow: 'products', linked: 2, created: 0, needsPerson: 0 },
    ],
  }
  expect(readyLines(readSettings({}), status)).toEqual([
    'ready: everything runs; Ctrl-C stops it, and starting again goes on where it was',
    '  console      http://127.0.0.1:4040',
    '  PowerOffice  http://127.0.0.1:4010   webshop  http://127.0.0.1:4020',
    '  Temporal     http://127.0.0.1:8233   health and metrics  http://127.0.0.1:4030/healthz',
    '  so far 42 linked, 3 created, 1 needs a person; `npx kobling status` tells more',
    '  (customers 40, 3 created, 1 for a person | products 2)',
    '  try: `npx kobling tour`, or change a record on either side at http://127.0.0.1:4040 and watch the other follow',
  ])
})

test('a worker that is started by hand, as the docs say, has the flags that npm start gives its own', () => {
  const docs = readFileSync(new URL('../docs/connect-your-systems.md', import.meta.url), 'utf8')
  const worker = entries.find(({ name }) => name === 'worker')
  expect(worker?.nodeFlags).toEqual(workerNodeFlags)
  expect(docs).toContain(`\`node ${workerNodeFlags.join(' ')} worker/processes/start.js worker/main.ts\``)
})
