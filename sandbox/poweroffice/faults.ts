import { z } from 'zod'

/** One kind of trouble, for the next `count` requests that fit. */
const faultSchema = z.strictObject({
  method: z.string().optional(),
  /** Part of path and query, whatever the casing. */
  path: z.string().optional(),
  count: z.number().int().min(1).default(1),
  /** Part of the request body. */
  match: z.string().optional(),
  kind: z.enum(['status', 'reset', 'hang', 'garbage', 'truncated', 'empty', 'html', 'latency']),
  status: z.number().int().min(200).max(599).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
  /** Before or after the request took effect; `after` is the lost reply to a write that landed. */
  when: z.enum(['before', 'after']).default('before'),
  hangMs: z.number().int().min(1).max(3_600_000).default(120_000),
  latencyMs: z.number().int().min(0).max(600_000).default(1000),
})

export type Fault = z.infer<typeof faultSchema>

export interface PlannedFault extends Fault {
  readonly id: number
  readonly hits: number
}

export interface FaultTarget {
  readonly method: string
  readonly pathAndQuery: string
  readonly body: string
}

export interface Faults {
  /** Throws FaultRefused, naming the wrong key. */
  plan(request: unknown): number
  /** The oldest planned fault that fits, its count reduced by one. */
  take(target: FaultTarget): Fault | null
  list(): readonly PlannedFault[]
  clear(): void
}

export class FaultRefused extends Error {}

export function createFaults(): Faults {
  let planned: PlannedFault[] = []
  let lastId = 0
  return {
    plan(request) {
      const parsed = faultSchema.safeParse(request)
      if (!parsed.success) throw new FaultRefused(z.prettifyError(parsed.error))
      lastId += 1
      planned.push({ ...parsed.data, id: lastId, hits: 0 })
      return lastId
    },
    take(target) {
      const fault = planned.find((candidate) => candidate.hits < candidate.count && fits(candidate, target))
      if (!fault) return null
      planned = planned.map((candidate) => (candidate === fault ? { ...fault, hits: fault.hits + 1 } : candidate))
      return fault
    },
    list: () => planned,
    clear() {
      planned = []
    },
  }
}

function fits(fault: Fault, target: FaultTarget): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== target.method) return false
  if (fault.path !== undefined && !target.pathAndQuery.toLowerCase().includes(fault.path.toLowerCase())) return false
  return fault.match === undefined || target.body.includes(fault.match)
}
