import { z } from 'zod'
import { type CollectionName, collections } from './collections.ts'

/** What is not named is not offered. */
const offer = z.boolean().default(false)

/** GET /api/capabilities as docs/webshop-contract.md section 4 writes it; unknown members are ignored. */
export const declaredSchema = z.object({
  contract: z.string(),
  shop: z.string().min(1),
  currency: z.string().regex(/^[A-Z]{3}$/),
  pricesIncludeVat: z.boolean(),
  customers: z.object({
    kinds: z.array(z.enum(['company', 'person', 'department'])).min(1),
    create: z.boolean(),
    update: z.boolean(),
    delete: offer,
    emailRequired: offer,
    emailUnique: offer,
  }),
  products: z.object({ create: z.boolean(), update: z.boolean() }),
  orders: z.object({ create: z.boolean(), update: z.boolean(), editLines: offer, cancel: offer }),
  webhooks: offer,
  tombstones: offer,
  idempotency: offer,
})

export type Declared = z.output<typeof declaredSchema>
export type Level = 0 | 1 | 2 | 3 | 4

const requiredOf: readonly {
  readonly level: Level
  readonly offers: (declared: Declared) => readonly (readonly [string, boolean])[]
}[] = [
  { level: 1, offers: () => [] },
  {
    level: 2,
    offers: (declared) => collections.map((name) => [`${name}.update`, declared[name].update] as const),
  },
  {
    level: 3,
    offers: ({ customers, products }) => [
      ['customers.create', customers.create],
      ['products.create', products.create],
    ],
  },
  {
    level: 4,
    offers: ({ orders }) => [
      ['orders.create', orders.create],
      ['orders.editLines', orders.editLines],
    ],
  },
]

/** The members of the capabilities that this level needs and that are false. */
export function undeclaredOf(declared: Declared, level: Level): string[] {
  const asked = requiredOf.find((each) => each.level === level)?.offers(declared) ?? []
  return asked.filter(([, offered]) => !offered).map(([name]) => name)
}

/** The highest level for which the shop declares everything, and everything of those below. */
export function declaredLevel(declared: Declared): Level {
  let reached: Level = 0
  for (const { level } of requiredOf) {
    if (undeclaredOf(declared, level).length > 0) break
    reached = level
  }
  return reached
}

export const creatable = (declared: Declared): CollectionName[] => collections.filter((name) => declared[name].create)
export const updatable = (declared: Declared): CollectionName[] => collections.filter((name) => declared[name].update)
