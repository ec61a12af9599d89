import { setTimeout as pause } from 'node:timers/promises'
import { assume, SetupFailed } from './checks.ts'
import { type CollectionName, isJson, type Json, pathOf } from './collections.ts'
import { markWord } from './mark.ts'
import type { Answer, ShopClient } from './shop-client.ts'

export interface ListPage {
  readonly items: readonly Json[]
  readonly next: string
  readonly hasMore: boolean
  readonly answer: Answer
}

/** What a list shows from a moment on. */
export interface Follower {
  /** Every item that was read so far, in order. */
  readonly seen: readonly Json[]
  /** Reads on until it holds, or the time is over: a shop may show its changes some seconds late (contract, section 5). */
  until(holds: (seen: readonly Json[]) => boolean, withinMs: number): Promise<boolean>
  /** The last page that was read. */
  readonly last: () => Answer | null
}

export interface ChangeList {
  /** One page after the cursor; null: from the beginning. @throws SetupFailed for what is no page */
  page(after: string | null, limit: number): Promise<ListPage>
  /** The cursor behind all that is there now; the first call reads the whole list. @throws SetupFailed */
  end(): Promise<string>
  /** Everything after `from` (default: from now on), read in pages of `limit`. @throws SetupFailed */
  follow(options?: { readonly from?: string; readonly limit?: number }): Promise<Follower>
  /** Where the list ended when it was first read; null before. */
  start(): string | null
  /** Every item after the cursor, read by this client. @throws SetupFailed */
  since(cursor: string, by: ShopClient): Promise<readonly Json[]>
  /** What the reading of the whole list came across, at most `maxKept` records of it; null before it was read. */
  whole(): WholeList | null
}

export interface WholeList {
  /** The first records, deleted ones left out. */
  readonly records: readonly Json[]
  /** Records that carry the kit's own word: somebody made them by hand for it. */
  readonly marked: readonly Json[]
  readonly total: number
  readonly epochs: readonly string[]
  /** Two neighbours whose change times stand in the wrong order by more than `maxDisorderMs`. */
  readonly disorder: readonly [Json, Json] | null
  readonly answer: Answer
}

export const largestLimit = 500
/** A million records at 500 a page. */
const maxPages = 2_000
const maxKept = 300
/** Change times are given before a transaction commits and places after it; longer than any transaction should last. */
const maxDisorderMs = 60_000
const lookAgainMs = 25

export function createChangeList(
  shop: ShopClient,
  collection: CollectionName,
  signal: AbortSignal,
  atMost = maxPages,
): ChangeList {
  let known: string | null = null
  let begun: string | null = null
  let whole: WholeList | null = null

  const readPage = async (by: ShopClient, after: string | null, limit: number) => {
    const since = after === null ? [] : [['changedSince', after] as const]
    return pageOf(await by.get(pathOf(collection), [...since, ['limit', String(limit)]]))
  }
  const page: ChangeList['page'] = (after, limit) => readPage(shop, after, limit)

  async function end(): Promise<string> {
    const survey = whole === null ? createSurvey() : null
    for (let pages = 0; pages < atMost; pages += 1) {
      const read = await page(known, largestLimit)
      survey?.add(read)
      if (read.hasMore && read.next === known) {
        throw new SetupFailed('`next` leads further while `hasMore` is true', read.answer)
      }
      known = read.next
      if (read.hasMore) continue
      if (survey) whole = survey.result(read.answer)
      begun ??= known
      return known
    }
    throw new SetupFailed(`the list ends after at most ${atMost} pages of ${largestLimit}`, null)
  }

  const follow: ChangeList['follow'] = async ({ from, limit = largestLimit } = {}) => {
    let cursor = from ?? (await end())
    const seen: Json[] = []
    let last: Answer | null = null
    const readOn = async () => {
      for (let pages = 0; pages < atMost; pages += 1) {
        const read = await page(cursor, limit)
        last = read.answer
        seen.push(...read.items)
        cursor = read.next
        if (!read.hasMore) return
      }
    }
    return {
      seen,
      last: () => last,
      until: async (holds, withinMs) => {
        const deadline = performance.now() + withinMs
        for (;;) {
          await readOn()
          if (holds(seen)) return true
          if (performance.now() > deadline) return false
          await pause(lookAgainMs, undefined, { signal })
        }
      },
    }
  }

  async function since(cursor: string, by: ShopClient): Promise<Json[]> {
    const items: Json[] = []
    let after = cursor
    for (let pages = 0; pages < atMost; pages += 1) {
      const read = await readPage(by, after, largestLimit)
      items.push(...read.items)
      after = read.next
      if (!read.hasMore) break
    }
    return items
  }

  return { page, end, follow, since, start: () => begun, whole: () => whole }
}

/** @throws SetupFailed; the rule `lists.shape` says more about it */
export function pageOf(answer: Answer): ListPage {
  const { status, json } = answer
  assume(status === 200 && isJson(json), 'a list answers 200 and a JSON object', answer)
  const { items, next, hasMore } = json
  const isPage = Array.isArray(items) && items.every(isJson) && typeof hasMore === 'boolean'
  assume(isPage && typeof next === 'string', 'a list answers { items, next, hasMore, epoch }', answer)
  return { items, next, hasMore, answer }
}

function createSurvey() {
  const records: Json[] = []
  const marked: Json[] = []
  const epochs = new Set<string>()
  let total = 0
  let before: Json | null = null
  let disorder: readonly [Json, Json] | null = null
  return {
    add: ({ items, answer }: ListPage) => {
      total += items.length
      epochs.add(String(isJson(answer.json) ? answer.json['epoch'] : ''))
      for (const item of items) {
        if (before && changeTime(item) < changeTime(before) - maxDisorderMs) disorder ??= [before, item]
        before = item
        if (item['deleted'] === true) continue
        if (records.length < maxKept) records.push(item)
        if (marked.length < maxKept && JSON.stringify(item).includes(markWord)) marked.push(item)
      }
    },
    result: (answer: Answer): WholeList => ({ records, marked, total, epochs: [...epochs], disorder, answer }),
  }
}

function changeTime(item: Json): number {
  return Date.parse(String(item['changedAt']))
}
