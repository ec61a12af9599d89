import { drawDelayMs } from './delay.ts'
import { createFaultCounts, type FaultCountsReport } from './fault-counts.ts'
import {
  type AnswerKind,
  type Fault,
  type FaultKind,
  FaultRefused,
  parseFault,
  type WebhookKind,
  webhookKinds,
} from './fault-schema.ts'
import { seededFractions } from './seeded-fractions.ts'
import { type FaultTarget, isMeant } from './selection.ts'

export type PlannedFault = Fault & { readonly id: number; readonly hits: number }

/** A fault that fires now; what chance or the number of the hit decides is decided. */
export type FiredFault = Fault & {
  readonly id: number
  readonly method: string
  /** Drawn from the fault's distribution. */
  readonly delayMs: number
  /** `edit` with its `{n}` filled in. */
  readonly edited: Readonly<Record<string, unknown>>
}

export type RequestFault = FiredFault & { readonly kind: AnswerKind }
export type WebhookFault = FiredFault & { readonly kind: WebhookKind }

/** What shall go wrong in one sandbox. */
export interface FaultPlan {
  /** @returns the fault's id @throws FaultRefused that names each wrong key */
  plan(request: unknown): number
  list(): readonly PlannedFault[]
  /** Counts stay. */
  clear(): void
  /** @returns false when there is no such fault */
  remove(id: number): boolean
  /** The oldest planned fault that means this request and fires; firing is a hit and counted. */
  take(target: FaultTarget): RequestFault | null
  takeWebhook(body: string): WebhookFault | null
  /** Milliseconds by which the clock is off now. @param isStamp a record takes its change time: a hit and counted */
  clockSkewMs(options: { readonly isStamp: boolean }): number
  /** It could not be carried out after all: the hit is taken back. */
  withdraw(fault: FiredFault): void
  /** Whether a target needs its body. */
  asksForBody(): boolean
  counts(): FaultCountsReport
  resetCounts(): void
}

interface Entry {
  readonly id: number
  readonly fault: Fault
  readonly endsAtMs: number
  hits: number
  /** Draws for whether it fires and for what it then does: apart, so that neither moves the other. */
  readonly chance: () => number
  readonly detail: () => number
}

const maxPlanned = 1000
/** Odd and far from everything: seeds beside each other, and faults with one seed, share no stream. */
const streamStep = 0x9e3779b1

/** @param kinds those that this sandbox can do @param nowMs a clock that never goes back */
export function createFaultPlan(kinds: readonly FaultKind[], nowMs = () => performance.now()): FaultPlan {
  let entries: readonly Entry[] = []
  let lastId = 0
  /** Since the last clear: the same plan after it decides the same. */
  let ordinal = 0
  const counts = createFaultCounts()

  const isOpen = ({ fault, hits, endsAtMs }: Entry) =>
    (fault.count === undefined || hits < fault.count) && nowMs() < endsAtMs

  /** Each that fits draws, whoever then fires: what one decides depends on its own seed and requests alone. */
  function firing(fits: (fault: Fault) => boolean): Entry | undefined {
    const fitting = entries.filter((entry) => isOpen(entry) && fits(entry.fault))
    return fitting.filter(({ fault, chance }) => fault.probability === undefined || chance() < fault.probability)[0]
  }

  function fired(entry: Entry | undefined, method: string): FiredFault | null {
    if (!entry) return null
    const { id, fault } = entry
    entry.hits += 1
    counts.add(fault, method)
    return { ...fault, id, method, delayMs: drawDelayMs(fault, entry.detail), edited: numbered(fault, entry.hits) }
  }

  return {
    plan(request) {
      const fault = parseFault(request, kinds)
      // Those that are over are kept for whoever reads their hits, while there is room.
      if (entries.length >= maxPlanned) entries = entries.filter(isOpen)
      if (entries.length >= maxPlanned) throw new FaultRefused(`${maxPlanned} faults are planned: clear them first.`)
      lastId += 1
      ordinal += 1
      const seed = Math.imul((fault.seed ?? 1) * 1000 + ordinal, streamStep)
      entries = [
        ...entries,
        {
          id: lastId,
          fault: { ...fault, count: fault.count ?? (isOpenEnded(fault) ? undefined : 1) },
          endsAtMs: fault.forMs === undefined ? Number.POSITIVE_INFINITY : nowMs() + fault.forMs,
          hits: 0,
          chance: seededFractions(seed),
          detail: seededFractions(seed ^ 0x5bd1e995),
        },
      ]
      return lastId
    },
    list: () => entries.map(({ id, fault, hits }) => ({ ...fault, id, hits })),
    clear() {
      entries = []
      ordinal = 0
    },
    remove(id) {
      const before = entries.length
      entries = entries.filter((entry) => entry.id !== id)
      return entries.length < before
    },
    take(target) {
      if (entries.length === 0) return null
      const entry = firing((fault) => isAboutRequests(fault) && isMeant(fault, target))
      return fired(entry, target.method) as RequestFault | null
    },
    takeWebhook(body) {
      const entry = firing(
        (fault) => isAboutWebhooks(fault) && (fault.match === undefined || body.includes(fault.match)),
      )
      return fired(entry, '') as WebhookFault | null
    },
    clockSkewMs({ isStamp }) {
      const skewing = entries.filter((entry) => entry.fault.kind === 'clockSkew' && isOpen(entry))
      if (isStamp) for (const entry of skewing) fired(entry, '')
      return skewing.reduce((sum, { fault }) => sum + (fault.skewMs ?? 0), 0)
    },
    withdraw(fault) {
      counts.add(fault, fault.method, -1)
      const entry = entries.find(({ id }) => id === fault.id)
      if (entry) entry.hits -= 1
    },
    asksForBody: () => entries.some(({ fault }) => fault.match !== undefined || fault.field !== undefined),
    counts: counts.report,
    resetCounts: counts.reset,
  }
}

function isOpenEnded({ kind, probability, forMs }: Fault): boolean {
  return probability !== undefined || forMs !== undefined || kind === 'refusal' || kind === 'clockSkew'
}

function isAboutWebhooks({ kind }: Fault): boolean {
  return webhookKinds.some((webhookKind) => webhookKind === kind)
}

function isAboutRequests(fault: Fault): boolean {
  return !isAboutWebhooks(fault) && fault.kind !== 'clockSkew'
}

function numbered({ edit }: Fault, hit: number): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(edit ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replaceAll('{n}', String(hit)) : value,
    ]),
  )
}
