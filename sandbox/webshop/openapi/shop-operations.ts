import { z } from '@hono/zod-openapi'
import { capabilitiesOf, capabilitiesSchema, recordCountsSchema } from '../capabilities.ts'
import { defaultSettings } from '../settings.ts'
import { json } from './answers.ts'
import type { Operation } from './operation.ts'
import { refusedWith } from './refusals.ts'

const whole = { ...defaultSettings, shop: 'Fjordbutikken', epoch: 'e-1', cursorGeneration: 1 }
const readOnly = {
  ...whole,
  customerKinds: ['company', 'person'] as const,
  createCustomers: false,
  updateCustomers: false,
  deleteCustomers: false,
  createProducts: false,
  updateProducts: false,
  createOrders: false,
  updateOrders: false,
  editOrderLines: false,
  cancelOrders: false,
  webhooks: 'off',
  tombstones: false,
  idempotency: false,
} as const

/** What belongs to no collection. */
export const shopOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/capabilities',
    operationId: 'getCapabilities',
    summary: 'What this shop offers',
    description: 'What is not offered is never attempted; the sync’s plan and status say so.',
    level: 1,
    responses: {
      200: json(capabilitiesSchema, 'What the shop offers.', {
        'a shop at level 4': capabilitiesOf(whole),
        'a shop at level 1': capabilitiesOf({ ...readOnly, customerKinds: [...readOnly.customerKinds] }),
      }),
      ...refusedWith(),
    },
  },
  {
    method: 'get',
    path: '/api/counts',
    operationId: 'getCounts',
    summary: 'How many records there are',
    description: 'Without tombstones. Tells quickly whether two sides can be equal.',
    level: 'any',
    responses: {
      200: json(recordCountsSchema, 'One number for each collection, and one for the lines of all orders.', {
        'a small shop': { customers: 1204, products: 318, orders: 5210, lines: 14877 },
      }),
      ...refusedWith(),
    },
  },
  {
    method: 'get',
    path: '/api/openapi.json',
    operationId: 'getDescription',
    summary: 'This description',
    description: 'OpenAPI 3.1, best generated from the schemas that validate. Needs no key in the sandbox.',
    level: 'any',
    security: [],
    responses: {
      200: json(z.looseObject({ openapi: z.string().regex(/^3\.1\./) }), 'The document that you are reading.', {
        'its beginning': { openapi: '3.1.0', info: { title: 'Webshop', version: '1.0' } },
      }),
      ...refusedWith(),
    },
  },
]
