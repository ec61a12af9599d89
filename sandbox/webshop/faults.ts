import { z } from '@hono/zod-openapi'
import { fieldErrors, invalidFields } from './problem.ts'

export const faultKinds = ['status', 'reset', 'hang', 'garbage', 'truncated', 'empty', 'html', 'latency'] as const

const milliseconds = z.int().min(0).max(600_000)

/** What shall go wrong, for which requests under /api, and how often; README.md explains each kind. */
export const faultSchema = z.strictObject({
  kind: z.enum(faultKinds),
  method: z
    .string()
    .transform((method) => method.toUpperCase())
    .optional(),
  /** Part of path and query. */
  path: z.string().optional(),
  /** Part of the request's body. */
  match: z.string().optional(),
  /** Whose requests; the shopkeeper's are spared unless asked for, so that a test can edit while faults wait. */
  from: z.enum(['sync', 'shopkeeper', 'anyone']).default('sync'),
  count: z.int().min(1).max(1_000_000).default(1),
  when: z.enum(['before', 'after']).default('before'),
  status: z.int().min(200).max(599).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
  hangMs: milliseconds.optional(),
  latencyMs: milliseconds.optional(),
})

export type Fault = Readonly<z.infer<typeof faultSchema>>
export type PlannedFault = Fault & { readonly id: string; readonly hits: number }

export interface FaultedRequest {
  readonly method: string
  readonly pathAndQuery: string
  readonly body: string
  readonly fromShopkeeper: boolean
}

export interface FaultPlan {
  /** @throws Problem 422 that names each wrong key */
  add(fault: unknown): { id: string }
  list(): readonly PlannedFault[]
  clear(): void
  /** The first planned fault that fits and has not been used up; taking it is a hit. */
  take(request: FaultedRequest): Fault | undefined
}

export function openFaultPlan(): FaultPlan {
  let planned: PlannedFault[] = []
  let lastId = 0
  return {
    add: (fault) => {
      const parsed = faultSchema.safeParse(fault)
      if (!parsed.success) throw invalidFields(fieldErrors(parsed.error))
      lastId += 1
      const id = `fault-${lastId}`
      planned.push({ ...parsed.data, id, hits: 0 })
      return { id }
    },
    list: () => planned,
    clear: () => {
      planned = []
    },
    take: (request) => {
      const fitting = planned.find((fault) => fault.hits < fault.count && isMeant(fault, request))
      if (fitting) planned = planned.map((each) => (each === fitting ? { ...each, hits: each.hits + 1 } : each))
      return fitting
    },
  }
}

function isMeant(fault: Fault, request: FaultedRequest): boolean {
  if (fault.from === 'sync' && request.fromShopkeeper) return false
  if (fault.from === 'shopkeeper' && !request.fromShopkeeper) return false
  if (fault.method !== undefined && fault.method !== request.method) return false
  if (fault.path !== undefined && !request.pathAndQuery.includes(fault.path)) return false
  return fault.match === undefined || request.body.includes(fault.match)
}
