import { z } from 'zod'
import type { RequestContext } from '../connector.ts'
import { contractChanged } from '../http/answer-meaning.ts'
import type { HttpClient } from '../http/http-client.ts'
import type { MonotonicClock } from '../http/monotonic-clock.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { webshop } from './system-names.ts'

/** What is not named is not offered. */
const offer = z.boolean().default(false)

/** What the shop says that it offers (docs/webshop-contract.md). Unknown members are ignored. */
const capabilitiesSchema = z.object({
  contract: z.string(),
  shop: z
    .string()
    .nullish()
    .transform((name) => name ?? 'a shop without a name'),
  customers: z.object({
    kinds: z.array(z.string()),
    create: z.boolean(),
    update: z.boolean(),
    emailRequired: z.boolean().default(false),
  }),
  products: z.object({ create: offer, update: offer }).nullish(),
  orders: z.object({ create: offer, update: offer, editLines: offer, cancel: offer }).nullish(),
  idempotency: offer,
})

export type Capabilities = z.infer<typeof capabilitiesSchema>

export interface CapabilitySource {
  /** At most an hour old. @throws VendorTrouble */
  current(context: RequestContext): Promise<Capabilities>
  /** As they were read last, however long ago; null before the first reading. */
  known(): Capabilities | null
  /** The shop just contradicted them: read them again before the next use. */
  forget(): void
}

const freshForMs = 3_600_000
const path = '/api/capabilities'

export function createCapabilitySource(client: HttpClient, clock: MonotonicClock): CapabilitySource {
  let known: Capabilities | null = null
  let readAtMs = Number.NEGATIVE_INFINITY
  return {
    current: async (context) => {
      if (known && clock.nowMs() - readAtMs < freshForMs) return known
      const answer = await client.read({ path }, context)
      const parsed = capabilitiesSchema.safeParse(answer.json)
      if (answer.status >= 400 || !parsed.success) {
        const place = parsed.success ? `status ${answer.status}` : (parsed.error.issues[0]?.path.join('.') ?? '')
        const message = `The webshop answered GET ${path} in a form that the contract does not know (${place || 'not an object'}): check WEBSHOP_BASE_URL, then the shop's capabilities.`
        throw new VendorTrouble(contractChanged(webshop, message))
      }
      known = parsed.data
      readAtMs = clock.nowMs()
      return known
    },
    known: () => known,
    forget: () => {
      readAtMs = Number.NEGATIVE_INFINITY
    },
  }
}
