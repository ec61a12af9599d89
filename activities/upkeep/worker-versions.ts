import { type Client, ServiceError, WorkflowNotFoundError } from '@temporalio/client'
import proto from '@temporalio/proto'

const { RoutingConfigUpdateState } = proto.temporal.api.enums.v1

/** The first server that lets a pinned workflow continue as new on another version (1.29 has versions, and no way from one to the next). */
const OLDEST_SERVER = [1, 31] as const

/** A worker is known to the server some tenths of a second after it began to poll. */
const REGISTERED_WITHIN_MS = 15_000
/** Every partition of both task queues is told (1 to 3 s on the embedded server, measured 2026-11-26). */
const PROPAGATED_WITHIN_MS = 60_000
const LOOK_EVERY_MS = 200

const grpc = { notFound: 5, precondition: 9 } as const

/** A version of the workers, as the server knows it; `buildId` null: workers without one. */
export interface WorkerVersion {
  readonly deployment: string
  readonly buildId: string | null
}

/** @returns why the server cannot have workers of several versions side by side, in a sentence; null: it can */
export async function versioningProblem(
  service: Pick<Client['workflowService'], 'getSystemInfo'>,
): Promise<string | null> {
  return versioningProblemOf((await service.getSystemInfo({})).serverVersion)
}

/** Pure: the same by the version that the server states. One that states none readable is believed to be new. */
export function versioningProblemOf(serverVersion: string): string | null {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(serverVersion) ?? []
  if (major === undefined || minor === undefined) return null
  const [oldestMajor, oldestMinor] = OLDEST_SERVER
  const isOlder = Number(major) < oldestMajor || (Number(major) === oldestMajor && Number(minor) < oldestMinor)
  return isOlder
    ? `The Temporal server ${serverVersion} cannot move a flow from one version of the workers to the next (${OLDEST_SERVER.join('.')} can): unset KOBLING_DEPLOYMENT, and upgrade without versions as docs/runbook.md says.`
    : null
}

/**
 * Has new runs begin on this version from now on; returns when every task queue knows. Asked again while the worker that
 * serves it is still coming up.
 * @returns false when no worker of that version has shown itself
 */
export async function makeCurrent(
  client: Client,
  { deployment, buildId }: WorkerVersion,
  signal: AbortSignal,
): Promise<boolean> {
  const { namespace, identity } = client.options
  const isSet = await within(REGISTERED_WITHIN_MS, signal, async () => {
    try {
      await client.workflowService.setWorkerDeploymentCurrentVersion({
        namespace,
        deploymentName: deployment,
        buildId: buildId ?? '',
        identity: identity ?? 'kobling',
      })
      return true
    } catch (error) {
      const code = (error as { readonly code?: number }).code
      if (code === grpc.notFound || code === grpc.precondition) return false
      throw error
    }
  })
  if (!isSet) return false
  const isTold = await within(PROPAGATED_WITHIN_MS, signal, async () => {
    const answer = await client.workflowService.describeWorkerDeployment({ namespace, deploymentName: deployment })
    return (
      answer.workerDeploymentInfo?.routingConfigUpdateState ===
      RoutingConfigUpdateState.ROUTING_CONFIG_UPDATE_STATE_COMPLETED
    )
  })
  if (!isTold)
    throw new ServiceError(
      `the server did not pass the new version on to its task queues within ${PROPAGATED_WITHIN_MS / 1_000} s`,
    )
  return true
}

/** On which version a workflow runs; `buildId` null: on workers without one. */
export interface RunVersion {
  readonly workflowId: string
  readonly deployment: string | null
  readonly buildId: string | null
  /** Somebody (`moveToCurrent`, or an operator) has said by hand where it runs. */
  readonly isOverridden: boolean
}

/** @returns null for one that is not running */
export async function versionOfRun(client: Client, workflowId: string): Promise<RunVersion | null> {
  try {
    const { status, raw } = await client.workflow.getHandle(workflowId).describe()
    if (status.name !== 'RUNNING' && status.name !== 'PAUSED') return null
    const { deploymentVersion, versioningOverride } = raw.workflowExecutionInfo?.versioningInfo ?? {}
    return {
      workflowId,
      deployment: deploymentVersion?.deploymentName ?? null,
      buildId: deploymentVersion?.buildId ?? null,
      isOverridden: versioningOverride != null,
    }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null
    throw error
  }
}

/**
 * For a run whose own version has no workers any more: its next task goes to the current one, which replays its history with
 * other code than made it. `release` gives it back to its own ways once it runs there.
 */
export async function moveToCurrent(client: Client, workflowId: string): Promise<void> {
  await override(client, workflowId, { autoUpgrade: true })
}

export async function release(client: Client, workflowId: string): Promise<void> {
  await override(client, workflowId, null)
}

async function override(client: Client, workflowId: string, to: { readonly autoUpgrade: true } | null): Promise<void> {
  const { namespace, identity } = client.options
  await client.workflowService.updateWorkflowExecutionOptions({
    namespace,
    workflowExecution: { workflowId },
    // Null in the mask takes an override away; what stands in the message then sets nothing.
    workflowExecutionOptions: to === null ? {} : { versioningOverride: to },
    updateMask: { paths: ['versioning_override'] },
    identity: identity ?? 'kobling',
  })
}

/** @returns whether it came true in time */
export async function within(ms: number, signal: AbortSignal, isTrue: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + ms; ; ) {
    signal.throwIfAborted()
    if (await isTrue()) return true
    if (Date.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
