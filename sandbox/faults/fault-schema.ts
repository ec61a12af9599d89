import { z } from 'zod'

/** What answers otherwise than it should; README.md of this folder explains each. */
export const answerKinds = [
  'status',
  'throttle',
  'maintenance',
  'refusal',
  'tokenRevoked',
  'html',
  'garbage',
  'truncated',
  'empty',
  'emptyList',
  'contentType',
  'reset',
  'hang',
  'drip',
  'latency',
  'outOfBandEdit',
] as const
export const webhookKinds = ['webhookLost', 'webhookDuplicated', 'webhookDelayed', 'webhookReordered'] as const
export const faultKinds = [...answerKinds, ...webhookKinds, 'clockSkew'] as const

/** Those that can let a write take effect first and then spoil its answer. */
const lossy: readonly string[] = [
  'status',
  'throttle',
  'html',
  'garbage',
  'truncated',
  'empty',
  'reset',
  'hang',
  'latency',
]

export type AnswerKind = (typeof answerKinds)[number]
export type WebhookKind = (typeof webhookKinds)[number]
export type FaultKind = (typeof faultKinds)[number]

const longestMs = 3_600_000
const milliseconds = z.int().min(0).max(longestMs)

/** One kind of trouble: whom it hits, how often, and what it does. Every key but `kind` may be left out. */
export const faultSchema = z
  .strictObject({
    kind: z.enum(faultKinds),

    // Whom it hits: all that is said must hold.
    method: z
      .string()
      .transform((method) => method.toUpperCase())
      .optional(),
    /** Part of path and query, whatever the casing. */
    path: z.string().optional(),
    /** Part of the request's body, or of the webhook's. */
    match: z.string().optional(),
    /** A record, by a segment of the path. */
    recordId: z.union([z.string(), z.number()]).optional(),
    /** A record, by a property: of the request's body, or of the record that the path names as it is stored. */
    field: z.string().optional(),
    value: z.union([z.string(), z.number(), z.boolean()]).optional(),
    /** Whose requests; a shop's own people are spared unless asked for, so that a test can edit while faults wait. */
    from: z.enum(['sync', 'shopkeeper', 'anyone']).default('sync'),

    // How often: once, unless one of these says otherwise.
    count: z.int().min(1).max(1_000_000).optional(),
    probability: z.number().min(0).max(1).optional(),
    /** The same plan with the same seed meets the same requests in the same way. Default 1. */
    seed: z.int().optional(),
    /** It is over so long after it was planned. */
    forMs: milliseconds.optional(),

    // What it does.
    /**
     * Before or after the request took effect; `after` is the lost answer to a write that landed, `late` that to one which takes
     * effect when nobody waits for it any more: a gateway gave up, or the client died while its request was on its way.
     */
    when: z.enum(['before', 'after', 'late']).default('before'),
    status: z.int().min(200).max(599).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.unknown().optional(),
    title: z.string().optional(),
    detail: z.string().optional(),
    retryAfterSeconds: z.int().min(0).max(3600).optional(),
    contentType: z.string().optional(),
    /** Where `truncated` cuts: a whole message with half a body, or a message that breaks off. */
    cut: z.enum(['body', 'connection']).optional(),
    hangMs: milliseconds.min(1).optional(),
    latencyMs: milliseconds.optional(),
    distribution: z.enum(['fixed', 'uniform', 'lognormal', 'pareto']).optional(),
    jitterMs: milliseconds.optional(),
    sigma: z.number().min(0).max(5).optional(),
    alpha: z.number().min(0.1).max(10).optional(),
    maxLatencyMs: milliseconds.optional(),
    dripBytes: z.int().min(1).max(1_000_000).optional(),
    dripMs: milliseconds.optional(),
    skewMs: z.int().optional(),
    /** Properties that another writer changes; `{n}` in a text becomes the number of the hit. */
    edit: z.record(z.string(), z.unknown()).optional(),
    copies: z.int().min(1).max(20).optional(),
  })
  .superRefine((fault, context) => {
    const missing = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (fault.field !== undefined && fault.value === undefined) missing('value', 'say which value the field has')
    if (fault.value !== undefined && fault.field === undefined) missing('field', 'say which field has the value')
    if (fault.when === 'after' && !lossy.includes(fault.kind)) missing('when', `${fault.kind} knows no "after"`)
    if (fault.when === 'late' && fault.kind !== 'reset') missing('when', `only a reset knows "late", not ${fault.kind}`)
    if (fault.kind === 'refusal' && (fault.recordId ?? fault.field ?? fault.match) === undefined) {
      missing('recordId', 'a refusal is about one record: give recordId, or field and value, or match')
    }
    if (fault.kind === 'outOfBandEdit' && fault.edit === undefined) missing('edit', 'say what the other writer changes')
    if (fault.kind === 'clockSkew') {
      if (fault.skewMs === undefined) missing('skewMs', 'say how far the clock is off')
      if (fault.probability !== undefined)
        missing('probability', 'a clock is wrong for a while (forMs), not now and then')
    }
  })

export type Fault = Readonly<z.output<typeof faultSchema>>

/** Names what is wrong. The schema's own issues are there for callers with another form of error. */
export class FaultRefused extends Error {
  readonly issues: z.ZodError | null

  constructor(message: string, issues: z.ZodError | null = null) {
    super(message)
    this.issues = issues
  }
}

/** @param kinds those that this sandbox can do @throws FaultRefused */
export function parseFault(request: unknown, kinds: readonly FaultKind[]): Fault {
  const parsed = faultSchema.safeParse(request)
  if (!parsed.success) throw new FaultRefused(z.prettifyError(parsed.error), parsed.error)
  if (kinds.includes(parsed.data.kind)) return parsed.data
  throw new FaultRefused(`kind: this sandbox has no ${parsed.data.kind}; it has ${kinds.join(', ')}.`)
}
