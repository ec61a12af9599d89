import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Client } from '@temporalio/client'
import type { Command } from 'commander'
import {
  makeCurrent,
  moveToCurrent,
  type RunVersion,
  release,
  versioningProblem,
  versionOfRun,
  type WorkerVersion,
  within,
} from '../../activities/upkeep/worker-versions.ts'
import { flowWorkflowId } from '../../flows/directory.ts'
import { flowNames } from '../../flows/flow-definition.ts'
import type { Settings } from '../../flows/settings.ts'
import { rollSignal } from '../../workflows/messages.ts'
import { type CommandContext, withClient } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import { explainFailure } from '../explain-failure.ts'

const startScript = fileURLToPath(new URL('../../worker/processes/start.js', import.meta.url))
/** A process of its own: the build id is one of the workflow bundle, which people's commands do not make. */
const buildIdPrinter = fileURLToPath(new URL('../../worker/build-id.ts', import.meta.url))

/** What a flow has in hand takes 15 s at the most (E17), and a leaf is done at once. */
const MOVED_WITHIN_MS = 30_000

interface UpgradeOptions {
  readonly move?: boolean
}

export function addUpgrade(program: Command, context: CommandContext): void {
  program
    .command('upgrade')
    .description('have every flow and its memory go on with the workers of the present code, in a new run')
    .argument(
      '[build]',
      'with versions (KOBLING_DEPLOYMENT): the build to go on with; the one of this code when none is named',
    )
    .option('--move', 'with versions: also take along runs of one whose workers are gone')
    .action(async (build: string | undefined, options: UpgradeOptions) => {
      await withClient(context, async ({ client }, settings) => {
        try {
          await upgrade(context, client, settings, build, options.move === true)
        } catch (error) {
          throw explainFailure(error, settings, 'upgrade')
        }
      })
    })
}

async function upgrade(
  context: CommandContext,
  client: Client,
  settings: Settings,
  build: string | undefined,
  move: boolean,
): Promise<void> {
  const { deployment } = settings.temporal
  const workflowIds = await ownWorkflows(client, settings)
  if (deployment === null) {
    if (build !== undefined)
      throw new CommandFailure(
        'KOBLING_DEPLOYMENT is not set, so workers have no versions: run `kobling upgrade` without a build.',
      )
    await leaveVersions(context, client, workflowIds, move)
    return
  }
  const problem = await versioningProblem(client.workflowService)
  if (problem !== null) throw new CommandFailure(problem)
  const version = { deployment, buildId: build ?? (await presentBuildId(context)) }
  if (!(await makeCurrent(client, version, context.signal)))
    throw new CommandFailure(
      `No worker of ${nameOf(version)} serves yet: start one (\`node worker/processes/start.js worker/main.ts\`), then run this again.`,
    )
  context.say(`${nameOf(version)} is current: new runs begin on it.`)
  await bringAlong(context, client, version, { move, workflowIds })
}

/**
 * Without versions: whoever serves takes a run over as it is; a new run leaves less to be replayed, and migrates the state. Runs that
 * stand on a version, from before KOBLING_DEPLOYMENT was unset, are led back to workers without one.
 */
async function leaveVersions(
  context: CommandContext,
  client: Client,
  workflowIds: readonly string[],
  move: boolean,
): Promise<void> {
  const runs = await Promise.all(workflowIds.map((workflowId) => versionOfRun(client, workflowId)))
  const deployments = new Set(runs.flatMap((run) => (run?.buildId != null ? [run.deployment ?? ''] : [])))
  if (deployments.size === 0) return rollAll(context, client, workflowIds)
  for (const deployment of deployments) {
    await makeCurrent(client, { deployment, buildId: null }, context.signal)
    context.say(`${deployment} has no current version any more: new runs begin on workers without one.`)
  }
  const [deployment = ''] = deployments
  await bringAlong(context, client, { deployment, buildId: null }, { move, workflowIds })
}

async function rollAll(context: CommandContext, client: Client, workflowIds: readonly string[]): Promise<void> {
  const before = new Map<string, string>()
  for (const workflowId of workflowIds) {
    const handle = client.workflow.getHandle(workflowId)
    before.set(workflowId, (await handle.describe()).runId)
    await handle.signal(rollSignal)
  }
  const waiting = await whatStays(context, workflowIds, async (workflowId) => {
    const { runId } = await client.workflow.getHandle(workflowId).describe()
    return runId !== before.get(workflowId)
  })
  if (waiting.length > 0)
    throw new CommandFailure(
      `No new run yet: ${waiting.join(', ')}. Each begins one when what it has in hand is done; \`kobling check\` says what fails.`,
    )
  context.say(
    `${workflowIds.length} workflows began a new run. Workers have no versions (KOBLING_DEPLOYMENT is not set): whichever worker runs serves them all.`,
  )
}

async function bringAlong(
  context: CommandContext,
  client: Client,
  version: WorkerVersion,
  { move, workflowIds }: { readonly move: boolean; readonly workflowIds: readonly string[] },
): Promise<void> {
  const last = new Map<string, RunVersion>()
  for (const workflowId of workflowIds) {
    const run = await versionOfRun(client, workflowId)
    if (run === null) continue
    if (move && !isOn(run, version)) await moveToCurrent(client, workflowId)
    await client.workflow.getHandle(workflowId).signal(rollSignal)
  }
  const staying = await whatStays(context, workflowIds, async (workflowId) => {
    const run = await versionOfRun(client, workflowId)
    if (run === null) return true
    last.set(workflowId, run)
    if (!isOn(run, version)) return false
    // It would follow every later version in the middle of a run.
    if (run.isOverridden) await release(client, workflowId)
    return true
  })
  const moved = workflowIds.length - staying.length
  if (workflowIds.length > 0) context.say(`${moved} of ${workflowIds.length} workflows run on ${nameOf(version)}.`)
  if (staying.length === 0) return
  for (const workflowId of staying) context.say(`${workflowId}: still on ${lastNameOf(last.get(workflowId))}`)
  throw new CommandFailure(
    move
      ? 'Not everything moved: `kobling check --repair` puts back what fails with the new code, then run this again.'
      : 'Not everything moved: leave the workers of those versions running and run this again, or take them along with `kobling upgrade --move` where those workers are gone.',
  )
}

/** Flows and leaves that run; audits and exports end by themselves, where they began. */
async function ownWorkflows(client: Client, { connection }: Settings): Promise<string[]> {
  const flows = flowNames.map((flow) => flowWorkflowId(connection, flow))
  const found: string[] = []
  for (const flow of flows) {
    if ((await versionOfRun(client, flow)) !== null) found.push(flow)
    const query = `WorkflowId STARTS_WITH "${flow}.links." AND ExecutionStatus = "Running"`
    for await (const { workflowId } of client.workflow.list({ query })) found.push(workflowId)
  }
  return [...new Set(found)]
}

/** Waits until it holds of all. @returns those of which it did not in time */
async function whatStays(
  { signal }: CommandContext,
  workflowIds: readonly string[],
  isDone: (workflowId: string) => Promise<boolean>,
): Promise<string[]> {
  let staying = [...workflowIds]
  await within(MOVED_WITHIN_MS, signal, async () => {
    const next: string[] = []
    for (const workflowId of staying) if (!(await isDone(workflowId))) next.push(workflowId)
    staying = next
    return staying.length === 0
  })
  return staying
}

function isOn(run: RunVersion, { deployment, buildId }: WorkerVersion): boolean {
  return run.buildId === buildId && (buildId === null || run.deployment === deployment)
}

function nameOf({ deployment, buildId }: WorkerVersion): string {
  return buildId === null ? 'workers without a version' : `${deployment}.${buildId}`
}

function lastNameOf(run: RunVersion | undefined): string {
  return nameOf({ deployment: run?.deployment ?? '', buildId: run?.buildId ?? null })
}

async function presentBuildId({ environment, signal }: CommandContext): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [startScript, buildIdPrinter], {
      env: { ...environment },
      signal,
    })
    return stdout.trim()
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new CommandFailure(`The build of this code cannot be told (${why}): name it, as the worker's log does.`)
  }
}
