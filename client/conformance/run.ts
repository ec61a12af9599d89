import { NotChecked } from './checks.ts'
import { cleanUp, type Left } from './clean-up.ts'
import { isJson } from './collections.ts'
import { creatable, type Declared, declaredSchema } from './declared.ts'
import { judge, type Verdict } from './judge.ts'
import { idOf, type Made } from './ledger.ts'
import { drawMark } from './mark.ts'
import { type Given, unmetNeed } from './needs.ts'
import { outcomeOf, type RuleResult, resultOf } from './outcome.ts'
import type { Rule } from './rule.ts'
import { allRules } from './rules/all.ts'
import { createShopClient, type Fetch, originOf, type ShopClient, ShopUnreachable } from './shop-client.ts'
import type { WebhookListener } from './webhook-listener.ts'
import { createRun, createWorld, type Patience, type Run } from './world.ts'

export interface ConformanceOptions {
  readonly baseUrl: string
  readonly key: string
  /** A key without the right to write, to be shown a 403. */
  readonly readerKey?: string | undefined
  /** Write nothing, whatever the shop declares. */
  readonly readOnly?: boolean
  /** Invoice an order, which stays in the shop. */
  readonly invoice?: boolean
  readonly hooks?: WebhookListener | null
  /** Aborted by Ctrl-C: the rule that is being tried ends, what was made is taken away. */
  readonly signal: AbortSignal
  readonly patience?: Partial<Patience>
  readonly onResult?: (result: RuleResult) => void
  readonly rules?: readonly Rule[]
  /** Instead of the network's, for a shop that runs in the same process. */
  readonly fetch?: Fetch
}

export interface Report {
  readonly url: string
  /** What the shop calls itself; null where it does not say. */
  readonly shop: string | null
  /** The mark of this run's records. */
  readonly mark: string
  readonly verdict: Verdict
  readonly results: readonly RuleResult[]
  readonly left: readonly Left[]
  readonly requests: number
  /** Why it ended before the last rule; null when it did not. */
  readonly stopped: string | null
}

export const defaultPatience: Patience = { listMs: 15_000, webhookMs: 15_000, retryMs: 120_000 }
/** Cleaning up after Ctrl-C must end by itself. */
const cleanUpMs = 60_000

/** The kit could not begin: a sentence with what to do. */
export class CannotRun extends Error {}

/** Tries every rule that the shop's capabilities and the options allow, one after another. @throws CannotRun */
export async function runConformance(options: ConformanceOptions): Promise<Report> {
  const { baseUrl, key, signal } = options
  const client = { baseUrl, key, ...(options.fetch && { fetch: options.fetch }) }
  const shop = createShopClient({ ...client, signal })
  const cleaner = () => createShopClient({ ...client, signal: AbortSignal.timeout(cleanUpMs) })
  const { declared, name } = await readCapabilities(shop)
  const mark = drawMark()
  const rules = options.rules ?? allRules
  const results: RuleResult[] = []
  const left: Left[] = []
  const add = (result: RuleResult): void => {
    results.push(result)
    options.onResult?.(result)
  }
  const given: Given = {
    readOnly: options.readOnly === true,
    invoice: options.invoice === true,
    listens: options.hooks !== undefined && options.hooks !== null,
    hasReaderKey: options.readerKey !== undefined,
  }
  let stopped: string | null = null
  const run = createRun({
    shop,
    declared: declared ?? nothingDeclared,
    given,
    mark,
    hooks: options.hooks ?? null,
    patience: { ...defaultPatience, ...options.patience },
    readerKey: options.readerKey ?? null,
    signal,
  })
  for (const rule of rules) {
    const reason =
      declared === null && rule.id !== 'capabilities.document' ? 'the capabilities cannot be read' : stopped
    const unmet =
      reason === null ? unmetNeed(rule.needs, run.declared, given) : ({ kind: 'notChecked', reason } as const)
    if (unmet) {
      add(resultOf(rule, unmet))
      continue
    }
    const tried = await tryRule(rule, run, cleaner)
    left.push(...tried.left)
    stopped = tried.stopped
    add(tried.result)
  }
  const remains = given.readOnly || !declared ? left : await sweep(run, cleaner(), left)
  const verdict = judge(results, declared)
  return {
    url: originOf(baseUrl),
    shop: name,
    mark,
    verdict,
    results,
    left: remains,
    requests: shop.requests(),
    stopped,
  }
}

/** Where the capabilities cannot be read nothing may be attempted. */
const nothingDeclared = declaredSchema.parse({
  contract: '1.0',
  shop: '?',
  currency: 'NOK',
  pricesIncludeVat: false,
  customers: { kinds: ['company'], create: false, update: false },
  products: { create: false, update: false },
  orders: { create: false, update: false },
})

async function readCapabilities(shop: ShopClient): Promise<{ declared: Declared | null; name: string | null }> {
  const answer = await shop.get('/api/capabilities').catch((error: unknown) => {
    throw error instanceof ShopUnreachable ? new CannotRun(error.message) : error
  })
  const { status, json } = answer
  if (status === 401 || status === 403) {
    throw new CannotRun(`The shop refuses the key (${status}): give --key the key that the sync is to have.`)
  }
  if (status !== 200 || !isJson(json)) {
    throw new CannotRun(
      `GET /api/capabilities is answered ${status}${isJson(json) ? '' : ' without JSON'}: check --url (without /api), or begin with the capabilities.`,
    )
  }
  const parsed = declaredSchema.safeParse(json)
  return { declared: parsed.data ?? null, name: typeof json['shop'] === 'string' ? json['shop'] : null }
}

interface Tried {
  readonly result: RuleResult
  readonly left: readonly Left[]
  readonly stopped: string | null
}

async function tryRule(rule: Rule, run: Run, cleaner: () => ShopClient): Promise<Tried> {
  const notes: string[] = []
  const { world, ledger } = createWorld(run, (sentence) => notes.push(sentence))
  let stopped: string | null = null
  let outcome: RuleResult['outcome'] = { kind: 'held' }
  try {
    await rule.run(world)
  } catch (error) {
    if (run.signal.aborted) stopped = 'it was interrupted.'
    else if (error instanceof ShopUnreachable) stopped = error.message
    outcome = outcomeOf(stopped === null ? error : new NotChecked(stopped))
  }
  const left = await cleanUp(cleaner(), run.declared, ledger)
  return { result: resultOf(rule, outcome, notes), left, stopped }
}

/**
 * What no answer told of: a POST that was answered wrongly, or not at all, may have made a record all the same, and a
 * customer that could not be deleted for it.
 */
async function sweep(run: Run, shop: ShopClient, left: readonly Left[]): Promise<readonly Left[]> {
  const untold: Made[] = []
  for (const collection of creatable(run.declared)) {
    const start = run.lists[collection].start()
    if (start === null) continue
    try {
      const isOwn = (item: unknown) => JSON.stringify(item).includes(run.mark)
      const items = await run.lists[collection].since(start, shop)
      const ids = items.filter((item) => item['deleted'] !== true && isOwn(item)).flatMap((item) => idOf(item) ?? [])
      const isKnown = (id: string) => left.some((each) => each.collection === collection && each.id === id)
      untold.push(...[...new Set(ids)].filter((id) => !isKnown(id)).map((id) => ({ collection, id, version: null })))
    } catch {
      // A list that cannot be read has been told of by its rules; what was answered has been taken away.
    }
  }
  if (untold.length === 0) return left
  const again = left.filter(({ state }) => state !== 'not put back')
  const made = [...untold, ...again.map(({ collection, id }) => ({ collection, id, version: null }))]
  const notPutBack = left.filter((each) => !again.includes(each))
  return [...(await cleanUp(shop, run.declared, { made, borrowed: [] })), ...notPutBack]
}
