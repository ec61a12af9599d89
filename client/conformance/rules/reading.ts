import { assume, check, checkStatus } from '../checks.ts'
import { collections, isJson, pathOf } from '../collections.ts'
import { idOf } from '../ledger.ts'
import { recordFault } from '../record-shape.ts'
import type { Rule } from '../rule.ts'
import type { World } from '../world.ts'

/** Records that are read one by one. */
const samples = 5

export const readingRules: readonly Rule[] = [
  {
    id: 'records.shape',
    level: 1,
    title: 'Records have the fields of the contract, each of its type',
    why: 'A record that does not parse is listed for a person and not synced.',
    hint: 'Section 3 of docs/webshop-contract.md; null where there is nothing, and every field there all the same.',
    needs: [],
    run: async (world) => {
      for (const collection of collections) {
        for (const record of await recordsOf(world, collection)) {
          const fault = recordFault(collection, record)
          check(
            fault === null,
            `${collection} ${idOf(record)}: ${fault}`,
            world.lists[collection].whole()?.answer ?? null,
          )
        }
      }
    },
  },
  {
    id: 'reading.by-id',
    level: 1,
    title: 'GET by id answers the record that the list shows',
    why: 'The sync reads a record once more before it writes; another record there means a wrong write.',
    hint: 'Both come from the same rows, with the same fields.',
    needs: [],
    run: async (world) => {
      for (const collection of collections) {
        for (const listed of (await recordsOf(world, collection)).slice(0, samples)) {
          const answer = await world.shop.get(pathOf(collection, String(idOf(listed))))
          if (answer.status === 404 || answer.status === 410) continue // deleted by somebody since it was listed
          checkStatus(answer, 200, 'the record')
          const { json } = answer
          check(isJson(json) && idOf(json) === idOf(listed), `the record ${idOf(listed)}`, answer)
          const missing = Object.keys(listed).filter((name) => !(name in json))
          check(missing.length === 0, `all that the list shows of it, and ${missing.join(', ')} is not there`, answer)
        }
      }
    },
  },
  {
    id: 'reading.etag',
    level: 1,
    title: 'GET by id answers ETag: "<version>", the version that the record itself has',
    why: 'Writes name it in If-Match; where it differs from the record’s version, every write is refused or unguarded.',
    hint: 'A strong tag in double quotes. Proxies that compress make it weak (W/): leave their ETags off.',
    needs: [],
    run: async (world) => {
      for (const collection of collections) {
        for (const listed of (await recordsOf(world, collection)).slice(0, samples)) {
          const answer = await world.shop.get(pathOf(collection, String(idOf(listed))))
          if (answer.status !== 200 || !isJson(answer.json)) continue // reading.by-id says so
          const expected = `"${String(answer.json['version'])}"`
          check(answer.headers['etag'] === expected, `ETag: ${expected}`, answer)
        }
      }
    },
  },
  {
    id: 'reading.unknown-id',
    level: 1,
    title: 'GET of an id that never existed is answered 404',
    why: 'The sync takes 404 for "not there" and any other answer for trouble.',
    hint: '404, with a problem whose type ends in not-found.',
    needs: [],
    run: async ({ shop }) => {
      for (const collection of collections) {
        checkStatus(await shop.get(pathOf(collection, 'kobling-conformance-none')), 404, 'there is no such record')
      }
    },
  },
]

/** What the shop has, of which one is made where there is nothing yet. */
async function recordsOf(world: World, collection: (typeof collections)[number]) {
  const list = world.lists[collection]
  await list.end()
  const records = list.whole()?.records ?? []
  if (records.length > 0) return records
  if (!world.creatable().includes(collection)) {
    world.note(`there are no ${collection} to read`)
    return []
  }
  const made = await world.make(collection)
  assume(made.json['id'] !== undefined, 'a record', null)
  return [(await world.read(made)).json]
}
