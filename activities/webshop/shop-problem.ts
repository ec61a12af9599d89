import { z } from 'zod'
import type { JsonObject } from '../connector.ts'

/** application/problem+json of the contract (RFC 9457). `types` ends in a word that says which. */
export interface ShopProblem {
  readonly type: string
  readonly title: string
  readonly detail: string
  readonly existingId: string | null
  readonly pointers: readonly string[]
}

const problemSchema = z.object({
  type: z.string().catch(''),
  title: z.string().catch(''),
  detail: z.string().catch(''),
  existingId: z
    .union([z.string(), z.number().transform(String)])
    .nullable()
    .catch(null),
  errors: z.array(z.object({ pointer: z.string().catch(''), detail: z.string().catch('') })).catch([]),
})

const maxLength = 1_000

/** @param body what was sent: shops quote it in their sentences, and its values must not travel with a refusal */
export function parseShopProblem(status: number, json: unknown, body: JsonObject): ShopProblem {
  const parsed = problemSchema.safeParse(json)
  const { type, title, detail, existingId, errors } = parsed.success ? parsed.data : problemSchema.parse({})
  const sentences = errors.length > 0 ? errors.map((error) => `${error.pointer || '/'}: ${error.detail}`) : [detail]
  return {
    type,
    title: withoutValues(title || `The webshop answered with status ${status}`, body),
    detail: withoutValues(sentences.join(' '), body).slice(0, maxLength),
    existingId,
    pointers: errors.map((error) => error.pointer),
  }
}

/** The answer to what the shop says it does not offer: nothing was sent. */
export function notOfferedAnswer(detail: string) {
  return { kind: 'refused', status: 403, title: 'The webshop does not offer this', detail } as const
}

export function isProblem(problem: ShopProblem, word: string): boolean {
  return problem.type.endsWith(word)
}

/** Shorter values are words that a sentence may hold by chance. */
const shortestValue = 3

function withoutValues(sentence: string, body: JsonObject): string {
  const values = textsIn(body).toSorted((a, b) => b.length - a.length)
  return values.reduce((text, value) => text.replaceAll(value, '…'), sentence)
}

/** Names of kinds and states are no personal data and make a refusal understandable. */
const speakable = new Set([
  ...['company', 'person', 'department', 'product', 'service', 'shipping', 'payment', 'discount', 'giftcard'],
  ...['rounding', 'text', 'open', 'confirmed', 'invoiced', 'cancelled'],
])

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= shortestValue && !speakable.has(value) ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}
