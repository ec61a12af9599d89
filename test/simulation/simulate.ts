import type { Systems } from '../../activities/systems/systems.ts'
import { findProblems } from './checker.ts'
import type { Shown } from './ledger.ts'
import { createPeople, type People } from './people.ts'
import type { Command, Schedule } from './schedule.ts'
import { createSimulatedWorld, type SimulatedWorld, SWEEP_MS } from './world.ts'

export interface Report {
  /** One sentence for everything that must not be; empty: all is well. */
  readonly problems: readonly string[]
  readonly events: number
  readonly virtualMs: number
  readonly writes: number
  readonly outcomes: number
  readonly faults: Readonly<Record<string, number>>
}

export interface Switches {
  readonly comparesVersions?: boolean
  readonly comparesTests?: boolean
  readonly keepsReferencesUnique?: boolean
  readonly filterShiftMs?: number
  readonly systems?: (systems: Systems) => Systems
}

/** The answer to a look, what is done with it, and a request: two ways of 150 ms, and some more for neighbours. */
const LONGEST_REQUEST_MS = 1_500
/** … where requests are late, repeated after a 429, or slow, or their process stood still. */
const LONGEST_DELAYED_MS = 15_000
/** Longer than a heartbeat timeout with the pause before the next attempt, a settling create, and a poll. */
const CALM_MS = 30_000
/** Retries double up to this many minutes; whoever is not done by then never will be. */
const PATIENCE_MS = 1_200_000

/** Plays one schedule, lets the world come to rest, and judges it. Repeatable: the schedule says everything. */
export async function simulate(schedule: Schedule, switches: Switches = {}): Promise<Report> {
  const world = createSimulatedWorld({
    comparesVersions: true,
    keepsReferencesUnique: true,
    filterShiftMs: 0,
    comparesTests: schedule.comparesTests,
    keepsCodesUnique: schedule.keepsCodesUnique,
    seed: schedule.seed,
    hasSweeps: schedule.hasSweeps,
    ...switches,
  })
  const people = createPeople(world)
  const problems: string[] = []
  try {
    world.start()
    people.create('both', true)
    people.create('erp', true)
    people.create('shop', false)
    for (const command of schedule.commands) {
      await world.time.runEvents(command.after)
      await perform(world, people, command, schedule)
    }
    problems.push(...(await settle(world, people, schedule)))
  } finally {
    world.end()
  }
  return {
    problems: [...problems, ...world.failures],
    events: world.time.events,
    virtualMs: world.time.nowMs,
    writes: world.writes(),
    outcomes: world.outcomes(),
    faults: world.network.faults(),
  }
}

async function perform(world: SimulatedWorld, people: People, command: Command, schedule: Schedule): Promise<void> {
  switch (command.kind) {
    case 'edit':
      return people.edit(command, schedule.hasSweeps)
    case 'create':
      return people.create(command.on, command.hasCode)
    case 'twin':
      return people.createTwin(command.on, command.which)
    case 'remove':
      // PowerOffice does not tell: only a sweep finds it.
      if (schedule.hasSweeps || command.on === 'shop') people.remove(command.on, command.which)
      return
    case 'approve':
      world.approveAll()
      break
    case 'crash':
      return world.crash()
    case 'standStill':
      return world.standStill(command.ms)
    case 'wait':
      return world.time.runFor(command.ms)
    case 'roll':
      world.roll()
      break
    case 'fault':
      return world.network.arm({ side: command.on, on: command.what, kind: command.fault, ms: command.ms })
  }
  await world.time.comeToRest()
}

async function settle(world: SimulatedWorld, people: People, schedule: Schedule): Promise<string[]> {
  const { hasSweeps, commands } = schedule
  world.network.heal()
  while (!people.areDone()) await world.time.step()
  if (!(await comeToRest(world, CALM_MS))) return [`it does not come to rest: ${restless(world)}`]
  if (hasSweeps && !(await comeToRest(world, 2.7 * SWEEP_MS))) return [`sweeps leave no rest: ${restless(world)}`]
  const [writes, handedOver] = [world.writes(), world.handedOver()]
  await world.time.runFor(hasSweeps ? SWEEP_MS + 9_000 : 10_000)
  const problems = findProblems({
    ledger: people.ledger,
    erp: byMark(people.shownIn('erp')),
    shop: byMark(people.shownIn('shop')),
    told: world.told,
    hasUnclearEnds: commands.some(isUnclearEnd),
    hasBlindWrites: !schedule.comparesTests,
    longestRequestMs: commands.some(isDelay) ? LONGEST_DELAYED_MS : LONGEST_REQUEST_MS,
    inbox: world.inbox(),
  })
  if (world.writes() !== writes) problems.push(`${world.writes() - writes} writes in a quiet round`)
  if (world.handedOver() !== handedOver)
    problems.push(`${world.handedOver() - handedOver} records were looked at again in a quiet round`)
  return problems
}

function isUnclearEnd(command: Command): boolean {
  return command.kind === 'crash' || command.kind === 'standStill' || command.kind === 'fault'
}

/** A request may arrive long after its sender looked. Whoever is answered with a failure, or dies, looks again. */
function isDelay(command: Command): boolean {
  return (
    command.kind === 'standStill' || (command.kind === 'fault' && ['late', 'slow', 'throttled'].includes(command.fault))
  )
}

async function comeToRest(world: SimulatedWorld, leastMs: number): Promise<boolean> {
  const untilMs = world.time.nowMs + PATIENCE_MS
  await world.time.runFor(leastMs)
  while (!world.isAtRest()) {
    if (world.time.nowMs > untilMs) return false
    await world.time.runFor(5_000)
  }
  return true
}

function restless(world: SimulatedWorld): string {
  const { phase, trouble, pauseReasons, lookAgain, inHand } = world.status()
  return JSON.stringify({ phase, trouble, pauseReasons, lookAgain, inHand })
}

function byMark(shown: readonly Shown[]): Map<string, Shown[]> {
  const found = new Map<string, Shown[]>()
  for (const record of shown) {
    const mark = record.fields['mark'] ?? `without a mark: ${record.id}`
    found.set(mark, [...(found.get(mark) ?? []), record])
  }
  return found
}
