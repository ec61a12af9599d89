import type { FlowName } from './flow-definition.ts'
import type { FlowAddress } from './port.ts'
import type { RecordKey } from './side.ts'

/** The shapes of the audit: what it is asked, what it finds, what its report says. Plain JSON, ids and field names only. */

/** In the order in which a report names them. */
export const driftKinds = [
  /** A record that no row speaks of, and no record of the other side belongs to. */
  'lost',
  /** Two records that name each other, without a row. */
  'missingRow',
  /** Two records of one side with one reference or identity key, or two rows of one record. */
  'duplicate',
  /** Linked, and different by value, for no reason that the memory or the inbox knows. */
  'diverged',
  /** A linked row whose record is gone. */
  'vanished',
  /** The record is not as the memory last saw it, and nobody has looked. */
  'unnoticed',
  /** A create that was announced long ago and nobody knows what came of it. */
  'unfinished',
  /** A row of another version of the flow's definition. */
  'unknownVersion',
] as const
export type DriftKind = (typeof driftKinds)[number]

/** One thing that is not as it must be. */
export interface Difference {
  readonly kind: DriftKind
  readonly keys: readonly RecordKey[]
  /** Names of fields, for `diverged`; of the key, for `duplicate`. */
  readonly fields: readonly string[]
  /** What the records showed: a difference that stands still has the same mark in two looks. */
  readonly mark: string
}

/** How many of one kind, with the first few. */
export interface DriftCount {
  readonly kind: DriftKind
  readonly count: number
  readonly examples: readonly Pick<Difference, 'keys' | 'fields'>[]
}

export interface FlowAudit {
  readonly flow: FlowName
  /** Why nothing was compared, in a sentence; null: it was. */
  readonly skipped: string | null
  /** The flow is expected to run and does not, so the report is not clean; false for one that rests on purpose. */
  readonly isIll: boolean
  readonly compared: { readonly erp: number; readonly shop: number; readonly rows: number }
  /** Differences that the inbox or a row explains: a person knows of them, or they wait by themselves. */
  readonly listed: number
  /** Differences of records that are being looked at, or changed between two looks. */
  readonly inFlight: number
  /** Seen twice with a pause in between, not in flight. */
  readonly found: readonly DriftCount[]
  /** Keys that the flow was told to look at. */
  readonly fed: number
  /** Vanished records beyond the breaker's limit are not fed: an outage looks like that (E20). */
  readonly withheld: number
  /** What was still there after the flow had looked; the same as `found` where nothing was fed. */
  readonly remaining: readonly DriftCount[]
}

/** One workflow that is not well, and what was done. */
export interface WorkflowFinding {
  readonly workflowId: string
  readonly kind: 'missing' | 'ended' | 'failing' | 'stuck'
  /** One sentence. */
  readonly says: string
  readonly repaired: boolean
}

export interface AuditReport {
  readonly v: 1
  readonly connection: string
  readonly startedAt: number
  readonly endedAt: number
  readonly repair: boolean
  readonly workflows: readonly WorkflowFinding[]
  readonly flows: readonly FlowAudit[]
}

export interface AuditInput {
  readonly v: 1
  readonly connection: string
  /** Tell the flows to look at what differs, and put back leaves and failing workflows. */
  readonly repair: boolean
  /** Where a flow has ended, put it back too; the nightly audit leaves it: somebody may have meant it. */
  readonly reviveFlows: boolean
}

/** Reports kept below the data folder. */
export const REPORTS_KEPT = 30
/** Examples of one kind in a report. */
export const EXAMPLES = 10

export interface AuditActivities {
  examineWorkflows(input: AuditInput): Promise<readonly WorkflowFinding[]>
  /** Compares one flow's two systems with each other and with its memory. */
  auditFlow(input: FlowAddress & { readonly repair: boolean }): Promise<FlowAudit>
  /** Writes the report below the data folder and drops the oldest beyond REPORTS_KEPT. @returns its path */
  keepAuditReport(report: AuditReport): Promise<string>
}

/** Nothing remains that anybody would have to look at. */
export function isClean(report: AuditReport): boolean {
  return (
    report.workflows.every((finding) => finding.repaired) &&
    report.flows.every((flow) => flow.remaining.length === 0 && !flow.isIll)
  )
}

/** Differences counted by kind, in the order of `driftKinds`, with the first examples. */
export function countByKind(differences: readonly Difference[]): DriftCount[] {
  return driftKinds.flatMap((kind) => {
    const own = differences.filter((difference) => difference.kind === kind)
    const examples = own.slice(0, EXAMPLES).map(({ keys, fields }) => ({ keys: keys.slice(0, EXAMPLES), fields }))
    return own.length === 0 ? [] : [{ kind, count: own.length, examples }]
  })
}

export function auditWorkflowId(connection: string): string {
  return `${connection}.audit`
}
