import { assume, check, checkStatus } from '../checks.ts'
import { type CollectionName, collections, isJson, type Json, pathOf } from '../collections.ts'
import { idOf } from '../ledger.ts'
import type { Rule } from '../rule.ts'
import { organizationNumberOf } from '../samples.ts'
import type { Answer, Query } from '../shop-client.ts'
import type { World } from '../world.ts'

const filters: Readonly<Record<CollectionName, readonly string[]>> = {
  customers: ['id', 'erpId', 'email', 'organizationNumber', 'customerNumber', 'kind'],
  products: ['id', 'erpId', 'sku', 'gtin'],
  orders: ['id', 'erpId', 'number', 'customerId', 'status'],
}

/** What a report would quote of somebody's customers: only tried with the kit's own records. */
const personal = new Set(['email', 'organizationNumber', 'customerNumber'])

export const filterRules: readonly Rule[] = [
  {
    id: 'filters.narrow',
    level: 2,
    title: 'Each filter answers the records that have the value, and no others',
    why: 'Records are matched by filters: one that is ignored links the wrong customers.',
    hint: 'Every filter of section 5; e-mails are compared in any case, deleted records are not shown.',
    needs: ['filters'],
    run: async (world) => {
      for (const collection of collections) {
        const record = await filtered(world, collection)
        if (record === null) continue
        const isOwn = world.creatable().includes(collection)
        for (const name of filters[collection].filter((each) => isOwn || !personal.has(each))) {
          await tryFilter(world, collection, name, record)
        }
      }
    },
  },
  {
    id: 'filters.none',
    level: 2,
    title: 'A filter value that no record has is answered with an empty list',
    why: 'The sync takes what it gets for a match.',
    hint: 'An unknown value narrows to nothing; it is never left out.',
    needs: ['filters'],
    run: async ({ shop, mark }) => {
      for (const collection of collections) {
        for (const name of filters[collection].filter((each) => each !== 'kind' && each !== 'status')) {
          const answer = await shop.get(pathOf(collection), [[name, `${mark}-none@example.com`]])
          if (answer.status === 400 || answer.status === 422) continue // such a value cannot be, and the shop says so
          check(answer.status === 200 && itemsIn(answer).length === 0, 'an empty list', answer)
        }
      }
    },
  },
  {
    id: 'filters.repeated',
    level: 2,
    title: 'A repeated parameter asks for several values at once',
    why: 'The sync asks for up to 100 records in one request.',
    hint: '`id=a&id=b` is a or b.',
    needs: ['filters'],
    run: async (world) => {
      for (const collection of collections) {
        const ids = await someIds(world, collection)
        if (ids.length < 2) continue
        const answer = await world.shop.get(
          pathOf(collection),
          ids.map((id) => ['id', id] as const),
        )
        checkStatus(answer, 200, 'a list')
        const found = itemsIn(answer).map(idOf)
        check(
          ids.every((id) => found.includes(id)),
          `all of ${ids.join(', ')}`,
          answer,
        )
        check(found.length === ids.length, `these ${ids.length} and no others`, answer)
      }
    },
  },
  {
    id: 'filters.commas',
    level: 2,
    title: 'A comma in a value does not separate: it is part of the value',
    why: 'Names of articles and references hold commas; a part of one would match something else.',
    hint: 'Do not split values.',
    needs: ['filters'],
    run: async (world) => {
      for (const collection of collections) {
        const ids = await someIds(world, collection)
        if (ids.length < 2) continue
        const answer = await world.shop.get(pathOf(collection), [['id', ids.join(',')]])
        if (answer.status === 400 || answer.status === 422) continue
        check(answer.status === 200 && itemsIn(answer).length === 0, 'an empty list: no id has a comma', answer)
      }
    },
  },
  {
    id: 'filters.together',
    level: 2,
    title: 'Several filters must all hold',
    why: 'A match by number within a kind would find the same number of another kind.',
    hint: 'Different parameters narrow further; the same one repeated widens.',
    needs: ['filters'],
    run: async (world) => {
      for (const collection of collections) {
        const [id] = await someIds(world, collection)
        if (id === undefined) continue
        const both: Query = [
          ['id', id],
          ['erpId', `${world.mark}-none`],
        ]
        const answer = await world.shop.get(pathOf(collection), both)
        check(
          answer.status === 200 && itemsIn(answer).length === 0,
          'an empty list: the record has another erpId',
          answer,
        )
      }
    },
  },
  {
    id: 'filters.no-cursor',
    level: 2,
    title: 'changedSince together with a filter is answered 400',
    why: 'A filtered cursor steps over what does not pass the filter now and will later.',
    hint: 'Refuse the combination.',
    needs: ['filters'],
    run: async ({ shop, lists }) => {
      for (const collection of collections) {
        const since = await lists[collection].end()
        const answer = await shop.get(pathOf(collection), [
          ['changedSince', since],
          ['id', 'kobling-conformance-none'],
        ])
        checkStatus(answer, 400, 'the two do not combine')
      }
    },
  },
]

export function itemsIn(answer: Answer): readonly Json[] {
  const items = isJson(answer.json) ? answer.json['items'] : undefined
  return Array.isArray(items) ? items.filter(isJson) : []
}

/** A record with a value for as many filters as can be, new where the shop lets it, else one that is there. */
async function filtered(world: World, collection: CollectionName): Promise<Json | null> {
  const name = world.unique()
  const given: Readonly<Record<CollectionName, Json>> = {
    customers: { customerNumber: name, organizationNumber: organizationNumberOf(name), erpId: name },
    products: { erpId: name },
    orders: { erpId: name },
  }
  if (world.creatable().includes(collection)) return (await world.make(collection, given[collection])).json
  const [id] = await someIds(world, collection)
  return id === undefined ? null : (await world.read({ collection, id })).json
}

async function tryFilter(world: World, collection: CollectionName, name: string, record: Json): Promise<void> {
  const value = record[name]
  if (typeof value !== 'string' || value === '') return
  // In another case than it is stored: the contract has e-mails compared in any.
  const asked = name === 'email' ? value.toUpperCase() : value
  const answer = await world.shop.get(pathOf(collection), [
    [name, asked],
    ['limit', '500'],
  ])
  checkStatus(answer, 200, 'a list')
  const items = itemsIn(answer)
  const has = (item: Json) => String(item[name]).toLowerCase() === value.toLowerCase()
  check(items.every(has), `only records whose ${name} is ${asked}`, answer)
  const isCut = isJson(answer.json) && answer.json['hasMore'] === true
  check(
    isCut || items.some((item) => idOf(item) === idOf(record)),
    `${idOf(record)}, whose ${name} is ${value}`,
    answer,
  )
}

/** Two ids of the collection: new records where the shop lets the kit make some, else those that are there. */
async function someIds(world: World, collection: CollectionName): Promise<string[]> {
  if (world.creatable().includes(collection)) {
    return [(await world.make(collection)).id, (await world.make(collection)).id]
  }
  await world.lists[collection].end()
  const ids = (world.lists[collection].whole()?.records ?? []).slice(0, 2).map(idOf)
  assume(
    ids.every((id) => id !== null),
    'every record has an id',
    null,
  )
  return ids.map(String)
}
