import { setTimeout as pause } from 'node:timers/promises'
import { RefusedByPeople } from '../systems/http.ts'
import { choose } from './choose.ts'
import { inTurn, type Operation, operations, type Random, type Scene } from './operations.ts'

export interface LoadCounts {
  /** Done, by name. */
  readonly done: Record<string, number>
  /** A system refused a person, by name: a record that went away in between, for example. */
  readonly refused: Record<string, number>
}

/** How long people's knowledge of the other side may be old, in operations. */
const REFRESH_EVERY = 10

/** What the one who edits in turn begins in a second, if it is done by then. */
const IN_TURN_RATE = 2

/**
 * People work in both systems until `ended` says so, about `rate` things a second in all, and one more who edits in turn: each one
 * thing after the other, so that a seed gives the same sequence as far as the systems answer alike.
 * @param randomOf each person's own
 */
export async function runLoad(
  scene: Pick<Scene, 'systems' | 'ledger' | 'mostRecords'>,
  { rate, people, randomOf }: { rate: number; people: number; randomOf: (person: number) => Random },
  ended: () => boolean,
): Promise<LoadCounts> {
  const counts: LoadCounts = { done: {}, refused: {} }
  const persons = Array.from({ length: people }, (_, person) => person)
  const hasty = work(
    { ...scene, random: randomOf(people), isMine: () => true },
    { operations: [inTurn], rate: IN_TURN_RATE, refreshes: false, counts },
    ended,
  )
  const others = persons.map((person) =>
    work(
      { ...scene, random: randomOf(person), isMine: ({ index }) => index % people === person },
      { operations, rate: rate / people, refreshes: person === 0, counts },
      ended,
    ),
  )
  await Promise.all([hasty, ...others])
  return counts
}

interface Work {
  readonly operations: readonly Operation[]
  readonly rate: number
  /** Whether this one keeps everybody's knowledge of the other side fresh. */
  readonly refreshes: boolean
  readonly counts: LoadCounts
}

async function work(scene: Scene, { operations, rate, refreshes, counts }: Work, ended: () => boolean): Promise<void> {
  for (let round = 0; !ended(); round += 1) {
    const began = Date.now()
    if (refreshes && round % REFRESH_EVERY === 0) await scene.systems.directory.refresh()
    const operation = choose(operations, scene.random)
    try {
      if (await operation.run(scene)) count(counts.done, operation.name)
    } catch (error) {
      if (!(error instanceof RefusedByPeople && error.status < 500)) throw error
      count(counts.refused, `${operation.name}: ${error.status}`)
    }
    await pause(Math.max(0, 1_000 / rate - (Date.now() - began)))
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}
