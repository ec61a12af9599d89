import { check, checkStatus } from '../checks.ts'
import { type CollectionName, pathOf } from '../collections.ts'
import { idOf } from '../ledger.ts'
import type { Rule } from '../rule.ts'
import type { World } from '../world.ts'
import { itemsIn } from './filters.ts'
import { patched } from './patching.ts'

/** The longest that a shop must be able to store. */
const longest = 60

export const erpIdRules: readonly Rule[] = [
  {
    id: 'erpid.stored',
    level: 2,
    title: 'erpId is stored as it is written, up to 60 characters, and null takes it away',
    why: 'It is the link that outlives every change of number or e-mail.',
    hint: 'A text column of 60 characters that means nothing to the shop; null where there is none.',
    needs: ['updates'],
    run: async (world) => {
      for (const record of await world.editables()) {
        const erpId = `${world.unique()}:`.padEnd(longest, 'Xy-9')
        const after = await patched(world, record, { erpId })
        const now = await world.shop.get(pathOf(record.collection, record.id))
        check(after.json['erpId'] === erpId, `"erpId": "${erpId}"`, now)
        const cleared = await patched(world, after, { erpId: null })
        const last = await world.shop.get(pathOf(record.collection, record.id))
        check((cleared.json['erpId'] ?? null) === null, '"erpId": null', last)
      }
    },
  },
  {
    id: 'erpid.filter',
    level: 2,
    title: 'The erpId filter finds a record as soon as its erpId was written',
    why: 'The sync looks there before it repeats a POST whose answer was lost: not finding it, it creates a second record.',
    hint: 'Index the column, and read from the database that was written to.',
    needs: ['updates'],
    run: async (world) => {
      for (const record of await world.editables()) {
        const erpId = world.unique()
        await patched(world, record, { erpId })
        const answer = await world.shop.get(pathOf(record.collection), [
          ['erpId', erpId],
          ['erpId', `${world.mark}-none`],
        ])
        checkStatus(answer, 200, 'a list')
        const ids = itemsIn(answer).map(idOf)
        check(JSON.stringify(ids) === JSON.stringify([record.id]), `${record.id} alone`, answer)
      }
    },
  },
  {
    id: 'erpid.unique',
    level: 2,
    title: 'An erpId that another record of the collection has is answered 409',
    why: 'Two records under one link: nobody could tell which one PowerOffice means.',
    hint: 'A unique index that leaves out null.',
    needs: ['creates', 'updates'],
    run: async (world) => {
      for (const collection of world.creatable()) {
        const erpId = world.unique()
        await world.make(collection, { erpId })
        if (world.declared[collection].update) await tryToTake(world, collection, erpId)
        // As a POST too: that is where a repeated creation would be caught.
        const answer = await world.shop.post(pathOf(collection), { ...(await world.bodyOf(collection)), erpId })
        checkStatus(answer, 409, 'another record has this erpId')
      }
    },
  },
]

async function tryToTake(world: World, collection: CollectionName, erpId: string): Promise<void> {
  const other = await world.make(collection)
  const answer = await world.shop.patch(pathOf(collection, other.id), other.version, { erpId })
  checkStatus(answer, 409, 'another record has this erpId')
}
