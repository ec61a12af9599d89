import { z } from '@hono/zod-openapi'
import { fieldErrors, invalidFields } from './problem.ts'

export const customerKinds = ['company', 'person', 'department'] as const
export type CustomerKind = (typeof customerKinds)[number]

const milliseconds = z.int().min(0).max(600_000)

/** Everything about the sandbox shop that can be switched while it runs; README.md explains each. */
export const settingsSchema = z.strictObject({
  shop: z.string().min(1).max(60),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters, such as NOK'),
  pricesIncludeVat: z.boolean(),
  customerKinds: z.array(z.enum(customerKinds)),
  createCustomers: z.boolean(),
  updateCustomers: z.boolean(),
  deleteCustomers: z.boolean(),
  createProducts: z.boolean(),
  updateProducts: z.boolean(),
  createOrders: z.boolean(),
  updateOrders: z.boolean(),
  editOrderLines: z.boolean(),
  cancelOrders: z.boolean(),
  emailRequired: z.boolean(),
  emailUnique: z.boolean(),
  positionsFrom: z.union([z.literal(0), z.literal(1)]),
  decimalsAs: z.enum(['text', 'numbers']),
  lineDecimals: z.int().min(0).max(6),
  idempotency: z.boolean(),
  tombstones: z.boolean(),
  webhooks: z.enum(['on', 'off', 'lost']),
  webhookUrl: z.url({ protocol: /^https?$/ }).nullable(),
  webhookDelayMs: milliseconds,
  webhookRetryDelaysMs: z.array(milliseconds).max(10),
  latencyMs: milliseconds,
  clockSkewMs: z.int(),
  requestsPerSecond: z.union([z.literal('off'), z.number().positive().max(100_000)]),
  maintenance: z.boolean(),
  retryAfterSeconds: z.int().min(0).max(3600),
  epoch: z.string().min(1).max(60),
  cursorGeneration: z.int().min(1),
})

export type Settings = Readonly<z.infer<typeof settingsSchema>>
export type SettingsChange = Partial<Settings>

/** The epoch and the cursors belong to the data, so they live in its file; the rest lasts as long as the process. */
export type StoredSettings = Pick<Settings, 'epoch' | 'cursorGeneration'>

export const defaultSettings: Omit<Settings, keyof StoredSettings> = {
  shop: 'Sandbox webshop',
  currency: 'NOK',
  pricesIncludeVat: false,
  customerKinds: [...customerKinds],
  createCustomers: true,
  updateCustomers: true,
  deleteCustomers: true,
  createProducts: true,
  updateProducts: true,
  createOrders: true,
  updateOrders: true,
  editOrderLines: true,
  cancelOrders: true,
  emailRequired: false,
  emailUnique: true,
  positionsFrom: 1,
  decimalsAs: 'text',
  lineDecimals: 6,
  idempotency: true,
  tombstones: true,
  webhooks: 'on',
  webhookUrl: null,
  // Long enough that the answer to a write nearly always arrives before its webhook, as in most shops.
  webhookDelayMs: 20,
  webhookRetryDelaysMs: [500, 2_000, 8_000],
  latencyMs: 0,
  clockSkewMs: 0,
  requestsPerSecond: 'off',
  maintenance: false,
  retryAfterSeconds: 1,
}

/**
 * The settings after a change; `epoch: "new"` draws one.
 * @throws Problem 422 that names each wrong key
 */
export function parseSettingsChange(change: unknown, drawEpoch: () => string): SettingsChange {
  const parsed = settingsSchema.partial().safeParse(change)
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error))
  const known = parsed.data as SettingsChange // JSON has no undefined, which is all that the cast removes
  return known.epoch === 'new' ? { ...known, epoch: drawEpoch() } : known
}
