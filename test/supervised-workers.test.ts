import { expect, test } from 'vitest'
import type { TestProcess } from './support/processes.ts'
import { superviseWorkers } from './support/supervised-workers.ts'

interface FakeWorker extends TestProcess {
  readonly which: number
  end(): void
}

/** Workers without processes; `serves` says of each start, counted from 1, whether it comes to serve. */
function fakeWorkers(serves: (start: number) => boolean = () => true) {
  const started: FakeWorker[] = []
  const start = (which: number): TestProcess => {
    let hasEnded = false
    let end = (): void => undefined
    const ended = new Promise<void>((resolve) => {
      end = () => {
        hasEnded = true
        resolve()
      }
    })
    const doesServe = serves(started.length + 1)
    if (!doesServe) end()
    const worker: FakeWorker = {
      which,
      pid: started.length + 1,
      ended,
      hasEnded: () => hasEnded,
      kill: async () => end(),
      sleep: () => undefined,
      wake: () => undefined,
      said: async () => {
        if (!doesServe) throw new Error('ended before it said "worker serving"')
      },
      end,
    }
    started.push(worker)
    return worker
  }
  return { started, start, alive: () => started.filter((worker) => !worker.hasEnded()).map(({ which }) => which) }
}

test('a worker that ends by itself, at whatever time, is started again', async () => {
  const { started, start, alive } = fakeWorkers()
  const said: string[] = []
  const workers = superviseWorkers({ count: 2, start, say: (words) => said.push(words) })
  await workers.allServe()
  started[1]?.end()
  await expect.poll(() => started.length).toBe(3)
  await workers.allServe()
  expect(alive()).toEqual([0, 1])
  expect(said).toEqual(['worker 1 ended by itself, and is started again'])
})

test('a worker that is killed is replaced by one', async () => {
  const { started, start, alive } = fakeWorkers()
  const workers = superviseWorkers({ count: 2, start, say: () => undefined })
  await workers.allServe()
  await workers.kill(0)
  expect(alive()).toEqual([1, 0])
  expect(workers.process(0)).toBe(started[2])
})

test('a worker that does not come to serve is tried again', async () => {
  const { start, alive } = fakeWorkers((count) => count !== 1)
  const workers = superviseWorkers({ count: 1, start, say: () => undefined })
  await workers.allServe()
  expect(alive()).toEqual([0])
})

test('once ended, none runs and none is started any more', async () => {
  const { started, start, alive } = fakeWorkers()
  const workers = superviseWorkers({ count: 1, start, say: () => undefined })
  await workers.allServe()
  await workers.end()
  expect(alive()).toEqual([])
  expect(started).toHaveLength(1)
})
