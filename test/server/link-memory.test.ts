import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Directory } from '../../flows/directory.ts'
import { emptyLeaf, type SplitPlan } from '../../flows/memory.ts'
import type { Row } from '../../flows/row.ts'
import { encodeRow } from '../../flows/row-codec.ts'
import type { RecordKey } from '../../flows/side.ts'
import { link, type MemoryWorld, put, puts, range, startMemoryWorld } from '../support/memory-world.ts'
import { until } from '../support/world.ts'

let world: MemoryWorld

beforeEach(async () => {
  world = await startMemoryWorld()
})
afterEach(async () => {
  await world?.close()
})

const idsOf = (rows: readonly Row[]): string[] => rows.flatMap((row) => (row.kind === 'linked' ? [row.erpId] : []))
const byNumber = (ids: readonly string[]): number[] => ids.map(Number).sort((a, b) => a - b)

function fill(directory: Directory, ids: readonly number[]) {
  return world.memory.put(world.address, directory, puts(ids), world.signal)
}

function find(directory: Directory, ...keys: RecordKey[]): Promise<Row[]> {
  return world.freshMemory().lookup(world.address, directory, keys, world.signal)
}

describe('E4, E7: a leaf that is split', () => {
  test('at its right end opens an empty leaf behind the last id and stays full; who asks in the old place is sent on', async () => {
    const directory = await world.start({ splitAtBytes: 2_000 })
    const { wantSplit, linked } = await fill(directory, range(100, 150))
    expect([wantSplit, linked]).toEqual([[0], { 0: 51 }])

    expect(await world.split(0, 2)).toMatchObject({ low: '151', number: 2, linked: { 0: 51, 2: 0 } })
    // The directory is the one from before: the put and the lookups follow what the old leaf says.
    expect((await fill(directory, [149, 151, 900])).answers).toEqual([
      { kind: 'done' },
      { kind: 'done' },
      { kind: 'done' },
    ])
    expect([(await world.summary(0)).linked, (await world.summary(2)).linked]).toEqual([51, 2])
    expect(idsOf(await find(directory, 'erp:900', 'erp:101'))).toEqual(expect.arrayContaining(['900', '101']))
    expect(idsOf(await find(directory, 'shop:c-900'))).toEqual(['900'])
    expect(idsOf(await find(directory, 'shop:c-100'))).toEqual(['100'])
  })

  test('at its right end is cut there too when lanes of a first load put lower ids after the highest', async () => {
    const directory = await world.start({ splitAtBytes: 2_000 })
    await fill(directory, range(125, 150))
    await fill(directory, range(100, 124))
    expect(await world.split(0, 2)).toMatchObject({ low: '151', number: 2, linked: { 0: 51, 2: 0 } })
  })

  test('is left whole when it asked before the cut that has made room, but answers an attempt whose answer was lost', async () => {
    const directory = await world.start({ splitAtBytes: 2_000 })
    const asked = await Promise.all([fill(directory, range(125, 150)), fill(directory, range(100, 124))])
    expect(asked.at(-1)?.wantSplit).toEqual([0])
    const first = await world.split(0, 2)
    expect(await world.splitIfWanted(0, 3)).toBeNull()
    const { low, number, linked } = first
    expect(await world.splitIfWanted(0, 2)).toMatchObject({ low, number, linked })
    expect([(await world.summary(0)).linked, (await world.summary(2)).linked]).toEqual([51, 0])
  })

  test('and has grown by a quarter since is split again', async () => {
    const directory = await world.start({ splitAtBytes: 2_000 })
    await fill(directory, range(200, 250))
    await world.split(0, 2)
    await fill(directory, range(180, 199))
    expect(await world.splitIfWanted(0, 3)).toMatchObject({ number: 3 })
    expect(byNumber(idsOf(await world.rows(directory)))).toEqual(range(180, 250))
  })

  test('as it was asked in an earlier version cuts at the right end only behind the last put', async () => {
    const directory = await world.start()
    await fill(directory, range(125, 150))
    await fill(directory, range(101, 124))
    const plan: SplitPlan = await world.handle(0).executeUpdate('beginSplit', { args: [{ newNumber: 2 }] })
    expect([plan.low, plan.rows.length]).toEqual(['126', 25])
  })

  test('anywhere else hands its upper half over; every link is found by both ids and none stands in two leaves', async () => {
    const directory = await world.start({ splitAtBytes: 2_000 })
    await fill(directory, range(100, 199))
    await world.roll(0)
    await fill(directory, [50])
    const { low } = await world.split(0, 2)
    expect(low).toBe('149')
    expect([(await world.summary(0)).rows, (await world.summary(2)).rows]).toEqual([50, 51])
    expect(byNumber(idsOf(await world.rows(directory)))).toEqual([50, ...range(100, 199)])
    const keys = [50, ...range(100, 199)]
    expect(byNumber(idsOf(await find(directory, ...keys.map((id): RecordKey => `erp:${id}`))))).toEqual(keys)
    expect(byNumber(idsOf(await find(directory, ...keys.map((id): RecordKey => `shop:c-${id}`))))).toEqual(keys)
  })

  test('twice sends on twice, and the parent never closes', async () => {
    const directory = await world.start()
    await fill(directory, range(1, 40))
    await world.roll(0)
    await world.split(0, 2)
    await world.split(2, 3)
    await world.split(0, 4)
    expect((await world.memory.discover(world.address, directory, world.signal)).shards).toHaveLength(5)
    expect(byNumber(idsOf(await world.rows(directory)))).toEqual(range(1, 40))
    expect(byNumber(idsOf(await find(directory, ...range(1, 40).map((id): RecordKey => `shop:c-${id}`))))).toEqual(
      range(1, 40),
    )
    expect((await world.handle(0).describe()).status.name).toBe('RUNNING')
  })

  test('refuses puts meanwhile without a trace in its history, and what was refused goes through when it is done', async () => {
    const directory = await world.start()
    await fill(directory, range(1, 20))
    await world.handle(0).executeUpdate('beginSplit1', { args: [{ newNumber: 2 }] })
    const accepted = await acceptedUpdates()
    await expect(world.handle(0).executeUpdate('put1', { args: [puts([5, 21])] })).rejects.toMatchObject({
      cause: { type: 'Splitting' },
    })
    expect(await acceptedUpdates()).toBe(accepted)
    expect(idsOf(await find(directory, 'erp:5'))).toEqual(['5'])

    const waiting = fill(directory, [21, 22])
    await world.split(0, 2)
    expect((await waiting).answers).toEqual([{ kind: 'done' }, { kind: 'done' }])
    expect(byNumber(idsOf(await world.rows(directory)))).toEqual(range(1, 22))
  })

  test('by an attempt whose answer was lost is not split again, and loses nothing', async () => {
    const directory = await world.start()
    await fill(directory, range(1, 40))
    await world.roll(0)
    const first = await world.split(0, 2)
    expect(await world.split(0, 2)).toEqual(first)
    expect(byNumber(idsOf(await world.rows(directory)))).toEqual(range(1, 40))
  })

  test('by an attempt that died half way is finished as it began, whatever number the next attempt brings', async () => {
    const directory = await world.start()
    await fill(directory, range(1, 40))
    await world.handle(0).executeUpdate('beginSplit1', { args: [{ newNumber: 2 }] })
    expect(await world.split(0, 7)).toMatchObject({ number: 2 })
    expect((await fill(directory, [41])).answers).toEqual([{ kind: 'done' }])
    expect(byNumber(idsOf(await world.rows(directory)))).toEqual(range(1, 41))
  })

  test('half way when its flow ended is finished by the flow that takes the memory over', async () => {
    const directory = await world.start()
    await fill(directory, range(1, 40))
    await world.handle(0).executeUpdate('beginSplit1', { args: [{ newNumber: 2 }] })
    const taken = await world.keeper.start(world.address, directory, world.signal)
    expect(taken.directory.shards.map((shard) => shard.number)).toEqual([0, 1, 2])
    expect(Object.values(taken.linked).reduce((sum, count) => sum + count, 0)).toBe(40)
    expect((await fill(directory, [41])).answers).toEqual([{ kind: 'done' }])
  })

  test.each(['the parent was asked', 'the new leaf was started'] as const)(
    'by an attempt that ended with its worker after %s is finished when everything starts again',
    async (reached) => {
      const directory = await world.start()
      await fill(directory, range(1, 40))
      await world.roll(0)
      const plan: SplitPlan = await world.handle(0).executeUpdate('beginSplit1', { args: [{ newNumber: 2 }] })
      if (reached === 'the new leaf was started') {
        const { low, high, rows } = plan
        const begun = emptyLeaf({ ...world.address, shard: 2, side: 'erp', low })
        await world.startLeaf({ ...begun, high, rows })
      }
      await world.restartWorker()

      const taken = await world.keeper.start(world.address, directory, world.signal)
      expect(taken.directory.shards).toEqual([...directory.shards, { side: 'erp', low: plan.low, number: 2 }])
      const [parent, child] = [await world.summary(0), await world.summary(2)]
      expect([parent.splitting, parent.rows + child.rows, child.rows]).toEqual([null, 40, plan.rows.length])
      expect(byNumber(idsOf(await world.rows(directory)))).toEqual(range(1, 40))
      expect((await fill(directory, [41, 42])).answers).toEqual([{ kind: 'done' }, { kind: 'done' }])
    },
  )

  test('does not drop its rows when a leaf of the new number exists and holds something else', async () => {
    const directory = await world.start()
    await world.startLeaf(emptyLeaf({ ...world.address, shard: 2, side: 'erp', low: '30' }))
    await fill(directory, range(1, 40))
    await world.roll(0)
    await expect(world.split(0, 2)).rejects.toThrow('exists already')
    expect((await world.summary(0)).rows).toBe(40)
  })
})

async function acceptedUpdates(): Promise<number> {
  const { events } = await world.handle(0).fetchHistory()
  return (events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length
}

describe('E5: a put', () => {
  test('of a row that changed meanwhile is refused with the row as it stands; the rest of the put is stored', async () => {
    const directory = await world.start()
    await fill(directory, [1, 2])
    const newer = link(1, { erpSeen: 'newer' })
    await world.memory.put(world.address, directory, [put(newer, link(1))], world.signal)
    const { answers } = await world.memory.put(
      world.address,
      directory,
      [put(link(1, { erpSeen: 'late' }), link(1)), put(link(2, { erpSeen: 'x' }), link(2)), put(link(3))],
      world.signal,
    )
    expect(answers).toEqual([{ kind: 'refused', row: encodeRow(newer) }, { kind: 'done' }, { kind: 'done' }])
    expect(await find(directory, 'erp:1')).toEqual([newer])
  })

  test('that is repeated finds its own row and answers done', async () => {
    const directory = await world.start()
    const change = [put(link(1, { erpSeen: 'b' }))]
    const first = await world.memory.put(world.address, directory, change, world.signal)
    const again = await world.memory.put(world.address, directory, change, world.signal)
    expect([first.answers, again.answers, again.linked]).toEqual([[{ kind: 'done' }], [{ kind: 'done' }], { 0: 1 }])
  })
})

test('E8: a leaf that continues as new again and again under puts from many sides loses nothing', async () => {
  const directory = await world.start({ maxHistoryBytes: 8_000 })
  const runs = new Set([await world.runIdOf(0)])
  for (let round = 0; round < 15; round += 1) {
    const from = round * 60
    const answers = await Promise.all(
      [0, 20, 40].map((offset) => fill(directory, range(from + offset + 1, from + offset + 20))),
    )
    expect(answers.flatMap((report) => report.answers).every((answer) => answer.kind === 'done')).toBe(true)
    runs.add(await world.runIdOf(0))
  }
  expect(runs.size).toBeGreaterThan(2)
  expect(byNumber(idsOf(await world.rows(directory)))).toEqual(range(1, 900))
})

test('E8: a leaf that is written to row by row continues as new after 500 events, however little they hold', async () => {
  const directory = await world.start()
  const first = await world.runIdOf(0)
  // A put alone costs five events.
  for (let number = 1; number <= 110; number += 1) await fill(directory, [number])
  await until('the leaf to have begun another run', async () => (await world.runIdOf(0)) !== first)
  expect(byNumber(idsOf(await world.rows(directory)))).toEqual(range(1, 110))
})
