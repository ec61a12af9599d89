import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { WorkerOptions, WorkflowBundleOption } from '@temporalio/worker'
import type { Settings } from '../flows/settings.ts'
import manifest from '../package.json' with { type: 'json' }

/** Hex digits of the bundle's hash: two releases that differ have different ones, and people can read them aloud. */
const HASH_DIGITS = 12

/**
 * Names the workflow code: the package's version for people, and a hash of the bundle for the truth. Workers of the same
 * workflow code are the same build, whatever else changed: activities need no version, since nothing replays them.
 */
export function buildIdOf(bundle: WorkflowBundleOption): string {
  return `${manifest.version}-${createHash('sha256').update(codeOf(bundle)).digest('hex').slice(0, HASH_DIGITS)}`
}

/** Without the source map behind it, which holds the paths of the machine that made the bundle. */
function codeOf(bundle: WorkflowBundleOption): string {
  const code = 'code' in bundle ? bundle.code : readFileSync(bundle.codePath, 'utf8')
  const map = code.lastIndexOf('//# sourceMappingURL=')
  return map < 0 ? code : code.slice(0, map)
}

/**
 * What makes a worker one of a version (docs/runbook.md, "Upgrading"); nothing without KOBLING_DEPLOYMENT. A run stays with
 * the version that began it, so no history meets other code than it was made by; its next run begins on the current one.
 */
export function deploymentOptions(
  settings: Settings,
  bundle: WorkflowBundleOption,
): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  const { deployment } = settings.temporal
  if (deployment === null) return {}
  return {
    workerDeploymentOptions: {
      version: { deploymentName: deployment, buildId: buildIdOf(bundle) },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  }
}
