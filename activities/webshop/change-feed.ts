import { z } from 'zod'
import type { RequestContext } from '../connector.ts'
import { contractChanged } from '../http/answer-meaning.ts'
import type { HttpAnswer } from '../http/exchange.ts'
import type { HttpClient, Query } from '../http/http-client.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { webshop } from './system-names.ts'

/** Where we stand in a shop's feed, and in which life of its database. */
export interface FeedCursor {
  readonly next: string
  readonly epoch: string
}

export interface FeedPage {
  readonly items: readonly unknown[]
  readonly cursor: FeedCursor
  readonly hasMore: boolean
}

const pageSchema = z.object({
  items: z.array(z.unknown()),
  next: z.union([z.string(), z.number().transform(String)]),
  hasMore: z.boolean(),
  epoch: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .transform((epoch) => epoch ?? ''),
})

/** The contract's largest page. */
const limit = '500'
const cursorSchema = z.object({ next: z.string(), epoch: z.string() })

export function encodeCursor({ next, epoch }: FeedCursor): string {
  return JSON.stringify({ next, epoch })
}

/** @throws Error for what encodeCursor did not write: cursors are ours and come back as they were */
export function decodeCursor(cursor: string): FeedCursor {
  return cursorSchema.parse(JSON.parse(cursor))
}

export interface ChangeFeed {
  /** One page after `after` (null: from the beginning); `lost` when the shop knows that cursor no more. @throws VendorTrouble */
  readPage(after: FeedCursor | null, context: RequestContext): Promise<FeedPage | 'lost'>
  /** One page of records that a filter names, whatever the feed holds. @throws VendorTrouble */
  readFiltered(filters: Query, context: RequestContext): Promise<readonly unknown[]>
}

export function createChangeFeed(client: HttpClient, path: string): ChangeFeed {
  const readList = (query: Query, context: RequestContext) =>
    client.read({ path, query: [...query, ['limit', limit]] }, context)
  return {
    readPage: async (after, context) => {
      const answer = await readList(after ? [['changedSince', after.next]] : [], context)
      if (answer.status === 410 && after) return 'lost'
      const page = parsePage(answer, path)
      // The shop began a new life; what it says after our cursor means nothing.
      return after && page.cursor.epoch !== after.epoch ? 'lost' : page
    },
    readFiltered: async (filters, context) => parsePage(await readList(filters, context), path).items,
  }
}

function parsePage(answer: HttpAnswer, path: string): FeedPage {
  const parsed = pageSchema.safeParse(answer.json)
  if (answer.status >= 400 || !parsed.success) {
    const place = parsed.success ? '' : (parsed.error.issues[0]?.path.join('.') ?? '')
    const message = `The webshop answered the list GET ${path} (status ${answer.status}) in a form that the contract does not know${place === '' ? '' : ` (${place})`}: check WEBSHOP_BASE_URL, then the shop against its contract.`
    throw new VendorTrouble(contractChanged(webshop, message))
  }
  const { items, next, hasMore, epoch } = parsed.data
  return { items, cursor: { next, epoch }, hasMore }
}
