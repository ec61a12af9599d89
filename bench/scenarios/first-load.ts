import { SHOP_SLOTS } from '../../activities/upsert/upsert-records.ts'
import { type CpuSeconds, cpuFigure, cpuSecondsOf, cpuUsedBetween } from '../cpu-time.ts'
import { inventCustomers } from '../customers.ts'
import type { Figure, Scenario } from '../figure.ts'
import type { Ground } from '../ground.ts'
import { type HistorySize, readHistories, totalOf } from '../histories.ts'
import type { PlainScriptOptions, PlainScriptResult } from '../processes/plain-script.ts'
import { startProcess } from '../processes/start-process.ts'
import { spreadOf } from '../statistics.ts'
import { inWorld, type Waiting, type WorldOptions } from '../world.ts'

const RECORDS = 10_000
/** As many as the engine has under way. */
const IN_FLIGHT = SHOP_SLOTS
const worldOptions: WorldOptions = { shopLatencyMs: 20 }
/**
 * Each look is a query that the server, the worker and the flow's thread answer, on the very processors that are measured; the
 * flow itself says when its load ended. Ten minutes: a busy machine takes its time.
 */
const rarely: Waiting = { pollMs: 1_000, deadlineMs: 600_000 }

interface EngineRun {
  readonly tookMs: number
  readonly history: HistorySize
  readonly requests: number
  readonly cpu: CpuSeconds | null
}

interface PlainRun extends PlainScriptResult {
  readonly cpu: CpuSeconds | null
}

export const firstLoad: Scenario = {
  name: 'first-load',
  title: `first load of ${RECORDS} PowerOffice customers into an empty webshop of 20 ms, beside a plain script`,
  run: async (ground) => {
    const engine: EngineRun[] = []
    const plain: PlainRun[] = []
    // In turns, so that what else the machine does meets both alike.
    for (let round = 1; round <= ground.rounds; round++) {
      engine.push(await runEngine(ground))
      plain.push(await runPlain(ground))
      ground.say(`round ${round}: engine ${seconds(engine.at(-1))} s, plain script ${seconds(plain.at(-1))} s`)
    }
    return figuresOf(engine, plain)
  },
}

function runEngine(ground: Ground): Promise<EngineRun> {
  return inWorld(ground, worldOptions, async (world) => {
    await world.fillErp(inventCustomers(RECORDS))
    const worker = await world.startWorker()
    const pids = {
      worker: worker.pid,
      Temporal: ground.temporalPid,
      PowerOffice: world.erp.pid,
      webshop: world.shop.pid,
    }
    const cpuBefore = cpuSecondsOf(pids)
    const began = Date.now()
    await world.startFlow()
    const status = await world.settled(rarely)
    const cpu = cpuUsedBetween(cpuBefore, cpuSecondsOf(pids))
    if (status.counters.outcomes.created !== RECORDS)
      throw new Error(`${status.counters.outcomes.created} of ${RECORDS} were created`)
    const requests = await world.shopCounts()
    const history = totalOf(await readHistories(world))
    return {
      tookMs: (status.load?.endedAt ?? Number.NaN) - began,
      history,
      requests: sum(Object.values(requests.byRoute)),
      cpu,
    }
  })
}

function runPlain(ground: Ground): Promise<PlainRun> {
  return inWorld(ground, worldOptions, async (world) => {
    await world.fillErp(inventCustomers(RECORDS))
    const options: PlainScriptOptions = { ...world.settingsOptions, inFlight: IN_FLIGHT }
    const script = await startProcess('plain-script.ts', options)
    try {
      const pids = { script: script.pid, PowerOffice: world.erp.pid, webshop: world.shop.pid }
      const cpuBefore = cpuSecondsOf(pids)
      const result = await script.ask<PlainScriptResult>('run')
      if (result.created !== RECORDS) throw new Error(`the plain script created ${result.created} of ${RECORDS}`)
      return { ...result, cpu: cpuUsedBetween(cpuBefore, cpuSecondsOf(pids)) }
    } finally {
      await script.end()
    }
  })
}

function figuresOf(engine: readonly EngineRun[], plain: readonly PlainRun[]): Figure[] {
  const ratios = spreadOf(engine.map((run, round) => run.tookMs / (plain[round]?.tookMs ?? Number.NaN)))
  const [engineMs, plainMs] = [spreadOf(engine.map((run) => run.tookMs)), spreadOf(plain.map((run) => run.tookMs))]
  const perRecord = (of: (run: EngineRun) => number): number => spreadOf(engine.map(of)).median / RECORDS
  const text = (ms: number): string => (ms / 1_000).toFixed(1)
  return [
    {
      name: 'time beside the plain script',
      value: ratios.median,
      unit: '×',
      how: 'measured',
      target: { atMost: 1.3 },
      note:
        `${engine.length} rounds, min ${ratios.min.toFixed(2)}, max ${ratios.max.toFixed(2)}; ` +
        `engine ${text(engineMs.min)}-${text(engineMs.max)} s, script ${text(plainMs.min)}-${text(plainMs.max)} s`,
    },
    ...cpuFigure('processor seconds of the engine', engine),
    ...cpuFigure('processor seconds of the plain script', plain),
    {
      name: 'history events a record, flow and leaves',
      value: perRecord((run) => run.history.events),
      unit: 'events',
      how: 'measured',
      target: { atMost: 0.2 },
      note: '',
    },
    {
      name: 'history bytes a record, flow and leaves',
      value: perRecord((run) => run.history.bytes),
      unit: 'B',
      how: 'measured',
      target: null,
      note: 'the prototype, without matching and notes, had 49',
    },
    {
      name: 'webshop requests a record',
      value: perRecord((run) => run.requests),
      unit: 'requests',
      how: 'measured',
      target: null,
      note: 'lists and polls included',
    },
  ]
}

function seconds(run: { readonly tookMs: number } | undefined): string {
  return ((run?.tookMs ?? Number.NaN) / 1_000).toFixed(1)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
