import { setTimeout as pause } from 'node:timers/promises'
import { RefusedByPeople } from '../systems/http.ts'
import { choose } from './choose.ts'
import { operations, type Random, type Scene } from './operations.ts'

export interface LoadCounts {
  /** Done, by name. */
  readonly done: Record<string, number>
  /** A system refused a person, by name: a record that went away in between, for example. */
  readonly refused: Record<string, number>
}

/** How long people's knowledge of the other side may be old, in operations. */
const REFRESH_EVERY = 10

/**
 * People work in both systems until `ended` says so, about `rate` things a second in all: each one thing after the other, so that a
 * seed gives the same sequence as far as the systems answer alike.
 * @param randomOf each person's own
 */
export async function runLoad(
  scene: Pick<Scene, 'systems' | 'ledger' | 'mostRecords'>,
  { rate, people, randomOf }: { rate: number; people: number; randomOf: (person: number) => Random },
  ended: () => boolean,
): Promise<LoadCounts> {
  const counts: LoadCounts = { done: {}, refused: {} }
  const persons = Array.from({ length: people }, (_, person) => person)
  await Promise.all(
    persons.map((person) =>
      work(
        { ...scene, random: randomOf(person), isMine: ({ index }) => index % people === person },
        { rate: rate / people, refreshes: person === 0, counts },
        ended,
      ),
    ),
  )
  return counts
}

async function work(
  scene: Scene,
  { rate, refreshes, counts }: { rate: number; refreshes: boolean; counts: LoadCounts },
  ended: () => boolean,
): Promise<void> {
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
