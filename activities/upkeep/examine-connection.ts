import type { Client } from '@temporalio/client'
import type { WorkflowFinding } from '../../flows/audit.ts'
import { isKeyTrouble } from '../../flows/codec-keys.ts'
import { type Directory, flowWorkflowId } from '../../flows/directory.ts'
import { type FlowName, flowNames } from '../../flows/flow-definition.ts'
import { examineWorkflow, type Finding } from './examine-workflow.ts'
import { leavesOf } from './known-workflows.ts'
import { repairWorkflow } from './repair-workflow.ts'

export interface ExaminedFlow {
  readonly flow: FlowName
  /** Nobody ever started it, and it has no memory. */
  readonly notStarted: boolean
  readonly leaves: number
  readonly found: readonly WorkflowFinding[]
}

export interface ExamineOptions {
  readonly connection: string
  readonly repair: boolean
  readonly reviveFlows: boolean
}

/** A flow answers within milliseconds where a worker lives; without an answer the server's own list has to do. */
const DIRECTORY_MS = 10_000

/**
 * Whether every flow and every leaf of its memory runs and its code does not fail; with `repair` what has ended or fails is
 * put back by a reset (E6, E25). The flow comes before its leaves: only it knows which they are.
 */
export async function* examineConnection(
  client: Client,
  options: ExamineOptions,
  flows: readonly FlowName[] = flowNames,
): AsyncGenerator<ExaminedFlow> {
  for (const flow of flows) {
    const address = { connection: options.connection, flow }
    const flowId = flowWorkflowId(options.connection, flow)
    const ofFlow = await examineWorkflow(client, flowId)
    const directory =
      ofFlow.kind === 'unknown'
        ? null
        : await client.connection
            .withDeadline(Date.now() + DIRECTORY_MS, () =>
              client.workflow.getHandle(flowId).query<Directory>('directory'),
            )
            .catch(() => null)
    const leaves = await leavesOf(client, address, directory)
    if (ofFlow.kind === 'unknown' && leaves.length === 0) {
      yield { flow, notStarted: true, leaves: 0, found: [] }
      continue
    }
    const found: WorkflowFinding[] = []
    const note = async (finding: Finding, mayRepair: boolean): Promise<void> => {
      if (finding.kind !== 'well') found.push(await settle(client, finding, flow, mayRepair))
    }
    await note(ofFlow, options.repair && (ofFlow.kind !== 'closed' || options.reviveFlows))
    for (const leaf of leaves) await note(await examineWorkflow(client, leaf), options.repair)
    yield { flow, notStarted: false, leaves: leaves.length, found }
  }
}

async function settle(
  client: Client,
  finding: Exclude<Finding, { kind: 'well' }>,
  flow: FlowName,
  mayRepair: boolean,
): Promise<WorkflowFinding> {
  const { workflowId } = finding
  const says = findingSentence(finding, flow)
  if (finding.kind === 'unknown') return { workflowId, kind: 'missing', says, repaired: false }
  if (finding.kind === 'stuck') return { workflowId, kind: 'stuck', says, repaired: false }
  const kind = finding.kind === 'closed' ? 'ended' : 'failing'
  if (!mayRepair || lacksKey(finding)) return { workflowId, kind, says, repaired: false }
  const runId = await repairWorkflow(client, finding)
  if (runId !== null) return { workflowId, kind, says: `${says} It was put back as run ${runId}.`, repaired: true }
  const hopeless = 'It cannot be put back: it fails from its very first step, so mend the code.'
  return { workflowId, kind, says: `${says} ${hopeless}`, repaired: false }
}

/** A reset would change nothing: the workflow goes on by itself once its worker has the key. */
function lacksKey(finding: Finding): boolean {
  return finding.kind === 'failing' && isKeyTrouble(finding.message)
}

export function findingSentence(finding: Exclude<Finding, { readonly kind: 'well' }>, flow: FlowName): string {
  const { workflowId } = finding
  switch (finding.kind) {
    case 'closed':
      return `${workflowId} has ended (${finding.status}): what it knows is kept until the server's retention takes it.`
    case 'failing':
      return `${workflowId} fails again and again (${finding.cause}): ${finding.message}`
    case 'stuck':
      return `${workflowId} runs and gets nowhere: ${finding.why}`
    case 'unknown':
      return workflowId.includes('.links.')
        ? `${workflowId} is not known to the server, so its links are lost to the flow: import an export ` +
            `(\`kobling import\`), or \`kobling rebuild ${flow}\`, which finds links again by both systems' references and keys, without duplicates.`
        : `${workflowId} is not known to the server while its memory is: run \`kobling start ${flow}\`, which takes the memory over.`
  }
}
