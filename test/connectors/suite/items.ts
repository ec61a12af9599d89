import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import type { ItemAnswer, ItemEdit, ParsedItem, ParsedRecord } from '../../../activities/connector.ts'
import { context, present } from '../system-under-test.ts'
import type { Opened } from './opened-system.ts'

export function describeItems(opened: Opened): void {
  const readWhole = async (id: string) => {
    const { collection } = opened
    return present(await (collection.readWhole?.(id, context) ?? one(collection.readMany([id], context), id)))
  }
  const insertOne = (name: string) => readWhole(opened.running.insert([name])[0] ?? '')
  const item = () => {
    if (!opened.running.item) throw new Error('offers.items, but nothing about items')
    return opened.running.item
  }
  const namesOf = async (id: string) => (await readWhole(id)).items?.map((each) => item().nameIn(each))
  /** As the engine does it: each edit carries the version that the one before it answered. */
  const editAll = async (record: Present, edits: readonly ItemEdit[]) => {
    let current = record
    const answers: (ItemAnswer & { kind: 'done' })[] = []
    for (const edit of edits) {
      const answer = await opened.collection.editItem?.(current, edit, context)
      if (answer?.kind !== 'done') throw new Error(`not done: ${inspect(answer)}`)
      current = { ...current, version: answer.version ?? current.version }
      answers.push(answer)
    }
    return answers
  }

  test('is read whole and in its order', async () => {
    expect(await namesOf((await insertOne('I rekkefølge AS')).id)).toEqual(['Første', 'Andre'])
  })

  test('takes edits one after the other: one is changed, one removed, two are added behind', async () => {
    const record = await insertOne('Redigert AS')
    const [first, second] = record.items ?? []
    const add = (name: string, counterpartId: string, position: number): ItemEdit => ({
      kind: 'add',
      values: item().values(name),
      counterpartId,
      position,
    })
    const [changed, removed, ...added] = await editAll(record, [
      {
        kind: 'change',
        id: first?.id ?? '',
        current: first?.raw ?? {},
        values: item().namePatch('Ny'),
        position: null,
      },
      { kind: 'remove', id: second?.id ?? '' },
      add('Tredje', '9001', 1),
      add('Fjerde', '9002', 2),
    ])
    expect(changed?.item?.id).toBe(first?.id)
    expect(removed?.item).toBeNull()
    const whole = await readWhole(record.id)
    expect(whole.items?.map((each) => item().nameIn(each))).toEqual(['Ny', 'Tredje', 'Fjerde'])
    expect(whole.items?.slice(1).map((each) => each.id)).toEqual(added.map((answer) => answer.item?.id))
  })

  test('is put in another order', async () => {
    const record = await insertOne('Omvendt AS')
    const [first, second] = record.items ?? []
    const move = (moved: ParsedItem | undefined, position: number): ItemEdit => ({
      kind: 'change',
      id: moved?.id ?? '',
      current: moved?.raw ?? {},
      values: {},
      position,
    })
    await editAll(record, [move(second, 0), move(first, 1)])
    expect(await namesOf(record.id)).toEqual(['Andre', 'Første'])
  })

  test('an edit of an item that is gone is not done, and nothing else is touched', async () => {
    const record = await insertOne('Linje borte AS')
    const [first, second] = record.items ?? []
    await editAll(record, [{ kind: 'remove', id: first?.id ?? '' }])
    const edit: ItemEdit = {
      kind: 'change',
      id: first?.id ?? '',
      current: first?.raw ?? {},
      values: item().namePatch('Hvor?'),
      position: null,
    }
    const answer = await opened.collection.editItem?.(await readWhole(record.id), edit, context)
    expect(answer).toEqual({ kind: 'missing' })
    expect((await readWhole(record.id)).items?.map((each) => each.id)).toEqual([second?.id])
  })
}

type Present = ParsedRecord & { kind: 'record' }

async function one(found: Promise<ReadonlyMap<string, ParsedRecord>>, id: string): Promise<ParsedRecord> {
  return (await found).get(id) ?? { kind: 'missing', id, tombstone: false }
}
