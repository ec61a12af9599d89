import { CancelledFailure } from '@temporalio/common'

/**
 * As much of `@temporalio/workflow` as a flow uses, over the world of one simulation: the flow's own code runs as it is,
 * without a server. A workflow's state outlives every worker, as it does there by replay.
 */
export interface WorkflowHost {
  schedule(name: string, input: unknown): { readonly result: Promise<unknown>; cancel(): void }
  wait(isTrue: () => boolean, ms: number | undefined): Promise<boolean>
  handle(name: string, run: (...args: never[]) => unknown): void
  readonly info: { readonly runId: string; readonly historyLength: number }
}

let host: WorkflowHost | null = null
let scope: CancellationScope | null = null

export function hostWorkflow(next: WorkflowHost): void {
  host = next
}

function here(): WorkflowHost {
  if (!host) throw new Error('no simulation is running')
  return host
}

class CancellationScope {
  readonly #cancels = new Set<() => void>()
  run<T>(work: () => Promise<T>): Promise<T> {
    const outer = scope
    scope = this
    try {
      return work()
    } finally {
      scope = outer
    }
  }
  cancel(): void {
    for (const cancel of this.#cancels) cancel()
  }
  add(cancel: () => void): void {
    this.#cancels.add(cancel)
  }
}

function call(name: string, input: unknown): Promise<unknown> {
  const { result, cancel } = here().schedule(name, input)
  if (scope === null) return result
  const own = scope
  return new Promise((resolve, reject) => {
    own.add(() => {
      cancel()
      reject(new CancelledFailure('the scope was cancelled'))
    })
    result.then(resolve, reject)
  })
}

export const workflowSdk = {
  CancellationScope,
  allHandlersFinished: () => true,
  condition: (isTrue: () => boolean, ms?: number) => here().wait(isTrue, ms),
  log: { warn: () => undefined, info: () => undefined },
  patched: () => true,
  proxyActivities: () =>
    new Proxy(
      {},
      {
        get: (_target, name) => ({
          executeWithOptions: (_options: unknown, [input]: [unknown]) => call(String(name), input),
        }),
      },
    ),
  setCurrentDetails: () => undefined,
  setHandler: (definition: { readonly name: string }, run: (...args: never[]) => unknown) =>
    here().handle(definition.name, run),
  upsertSearchAttributes: () => undefined,
  makeContinueAsNewFunc: () => () => Promise.reject(new Error('a simulated flow ends its runs by itself')),
  workflowInfo: () => ({
    ...here().info,
    taskQueue: 'simulated',
    continueAsNewSuggested: false,
    targetWorkerDeploymentVersionChanged: false,
  }),
}
