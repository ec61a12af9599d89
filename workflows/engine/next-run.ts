import { makeContinueAsNewFunc, type Workflow, workflowInfo } from '@temporalio/workflow'

/**
 * Continues as new on whatever version of the workers is current then (E25): a pinned run never meets other code, and the
 * carried state is what travels from version to version. Where workers have no versions, and on servers that know of none,
 * it is continue-as-new as ever.
 */
export function continueOnCurrentVersion<F extends Workflow>(...args: Parameters<F>): Promise<never> {
  return makeContinueAsNewFunc<F>({ initialVersioningBehavior: 'AUTO_UPGRADE' })(...args)
}

/**
 * Tells whether another version of the workers has become current since this run began. A run that began with it already
 * stays: its last continue-as-new did not help (somebody has pinned the workflow by hand), and the next would not either.
 */
export function watchForUpgrade(): () => boolean {
  const before = workflowInfo().targetWorkerDeploymentVersionChanged
  return () => !before && workflowInfo().targetWorkerDeploymentVersionChanged
}
