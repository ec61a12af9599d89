import { largestLimit } from '../change-list.ts'
import { check, checkStatus, NotChecked, SetupFailed } from '../checks.ts'
import { collections, isJson, pathOf } from '../collections.ts'
import { idOf } from '../ledger.ts'
import type { Rule } from '../rule.ts'
import type { World } from '../world.ts'
import { hasType } from './problems.ts'

/** So many records are enough to see pages meet. */
const compared = 24
/** Fewer would fit on one page of those that are tried. */
const pagesOfOne = 4

export const listRules: readonly Rule[] = [
  {
    id: 'lists.shape',
    level: 1,
    title: 'A list answers { items, next, hasMore, epoch }, on an empty page too',
    why: 'The sync stores `next` and goes on from it tomorrow; without it every poll reads everything.',
    hint: '`next` is always a text, also where nothing is left to read.',
    needs: [],
    run: async ({ shop, lists }) => {
      for (const collection of collections) {
        const first = await shop.get(pathOf(collection), [['limit', '1']])
        checkStatus(first, 200, 'a list')
        checkPage(first)
        const last = await shop.get(pathOf(collection), [
          ['changedSince', await lists[collection].end()],
          ['limit', '1'],
        ])
        checkStatus(last, 200, 'the list from its own cursor on')
        checkPage(last)
      }
    },
  },
  {
    id: 'lists.small-pages',
    level: 1,
    title: 'Small pages show the same records in the same order as large ones: no record is skipped between two pages',
    why: 'A record that no page shows is never synced, and nobody notices.',
    hint: 'Order by something unique, such as (updated_at, id), and let the cursor hold all of it: records of the same time are skipped otherwise.',
    needs: [],
    run: async (world) => {
      let seen = 0
      for (const collection of collections) {
        await makeSome(world, collection)
        seen += await compareSmallPages(world, collection)
      }
      if (seen === 0) world.note('there was no record to page through')
    },
  },
  {
    id: 'lists.order',
    level: 1,
    title: 'A list is in the order of the latest changes',
    why: 'A cursor steps over what is out of order: the change is lost.',
    hint: 'Order by the change, not by id or by creation.',
    needs: [],
    run: async ({ lists }) => {
      for (const collection of collections) {
        await lists[collection].end()
        const whole = lists[collection].whole()
        const [before, after] = (whole?.disorder ?? []).map((item) => `${idOf(item)} (${String(item['changedAt'])})`)
        check(before === undefined, `${collection}: ${before} stands before ${after}`, whole?.answer ?? null)
      }
    },
  },
  {
    id: 'lists.unknown-cursor',
    level: 1,
    title: 'A cursor that the shop does not know is answered 410',
    why: 'Any other answer hides that the cursor is lost: the sync would go on from nowhere and miss what lies between.',
    hint: 'Answer 410 with a type that ends in unknown-cursor to every cursor that you did not make.',
    needs: [],
    run: async ({ shop, mark }) => {
      for (const collection of collections) {
        const answer = await shop.get(pathOf(collection), [['changedSince', `${mark}-unknown`]])
        checkStatus(answer, 410, 'nobody knows this cursor')
        check(
          hasType(answer, 'unknown-cursor'),
          'a type that ends in unknown-cursor: 410 alone means a deleted record',
          answer,
        )
      }
    },
  },
  {
    id: 'lists.epoch',
    level: 1,
    title: 'Every page names the same epoch, and it is not empty',
    why: 'A new epoch makes the sync read everything again; without one it goes on with old cursors after a backup was put back.',
    hint: 'Draw it once with the database and store it there; draw a new one when a backup is put back.',
    needs: [],
    run: async ({ lists }) => {
      for (const collection of collections) {
        const { answer } = await lists[collection].page(await lists[collection].end(), 1)
        const whole = lists[collection].whole()
        const epochs = [...(whole?.epochs ?? []), isJson(answer.json) ? String(answer.json['epoch'] ?? '') : '']
        check(
          epochs.every((epoch) => epoch !== ''),
          'an epoch that is not empty',
          answer,
        )
        check(new Set(epochs).size === 1, `one epoch, not ${[...new Set(epochs)].join(' and ')}`, answer)
      }
    },
  },
  {
    id: 'lists.limit',
    level: 1,
    title: 'A page has at most `limit` records',
    why: 'Larger pages than asked for fill the memory of whoever reads.',
    hint: '`limit` is 1 to 500, 100 when it is not given.',
    needs: [],
    run: async ({ lists }) => {
      for (const collection of collections) {
        const { items, answer } = await lists[collection].page(null, 1)
        check(items.length <= 1, `at most 1 item, not ${items.length}`, answer)
      }
    },
  },
]

function checkPage(answer: Parameters<typeof checkStatus>[0]): void {
  const { json } = answer
  check(isJson(json), 'a JSON object', answer)
  check(Array.isArray(json['items']) && json['items'].every(isJson), '`items`, a list of objects', answer)
  check(typeof json['next'] === 'string' && json['next'] !== '', '`next`, a text that is not empty', answer)
  check(typeof json['hasMore'] === 'boolean', '`hasMore`, true or false', answer)
  check(typeof json['epoch'] === 'string', '`epoch`, a text', answer)
}

/** Where there is next to nothing yet. That none can be made is the concern of other rules. */
async function makeSome(world: World, collection: (typeof collections)[number]): Promise<void> {
  const { items } = await world.lists[collection].page(null, pagesOfOne)
  if (items.length === pagesOfOne || !world.creatable().includes(collection)) return
  try {
    for (let made = items.length; made < pagesOfOne; made += 1) await world.make(collection)
  } catch (error) {
    if (!(error instanceof SetupFailed || error instanceof NotChecked)) throw error
    world.note(`no ${collection} could be made to page through`)
  }
}

async function compareSmallPages(world: World, collection: (typeof collections)[number]): Promise<number> {
  const list = world.lists[collection]
  const large = await list.page(null, largestLimit)
  for (const limit of [1, 3]) {
    const ids: (string | null)[] = []
    let cursor: string | null = null
    let page = large
    for (let hasMore = true; hasMore && ids.length < compared; ) {
      page = await list.page(cursor, limit)
      ids.push(...page.items.map(idOf))
      cursor = page.next
      hasMore = page.hasMore
    }
    const expected = large.items.slice(0, ids.length).map(idOf)
    const isSame = JSON.stringify(ids) === JSON.stringify(expected)
    const isWhole = page.hasMore || ids.length === large.items.length
    // Somebody else may be writing: what moved meanwhile is no fault of the pages.
    if (!(isSame && isWhole) && (await hasMoved(world, collection, large.items.map(versionKey)))) continue
    check(
      isSame && isWhole,
      `${collection}, limit=${limit}: ${expected.join(', ')}; not ${ids.join(', ')}`,
      page.answer,
    )
  }
  return large.items.length
}

const versionKey = (item: Readonly<Record<string, unknown>>) => `${idOf(item)} ${String(item['version'])}`

async function hasMoved(world: World, collection: (typeof collections)[number], before: readonly string[]) {
  const now = (await world.lists[collection].page(null, largestLimit)).items.map(versionKey)
  return JSON.stringify(now) !== JSON.stringify(before)
}
