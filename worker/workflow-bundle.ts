import { fileURLToPath } from 'node:url'
import { type BundleOptions, bundleWorkflowCode } from '@temporalio/worker'

const root = fileURLToPath(new URL('..', import.meta.url))
const wholeTasks = fileURLToPath(new URL('../workflows/interceptors/whole-tasks.ts', import.meta.url))

/** The workflow code as workers and replay run it: made by exactly the SDK version that runs it, at start, in two seconds. */
export async function bundleWorkflows(
  workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [wholeTasks],
    logger: quiet,
    webpackConfigHook: (config) => withPresentSyntax(withNamesFromRoot(config)),
  })
}

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0]

/** Modules are named by their paths from here, not from wherever the process was started: the same code is the same text everywhere. */
function withNamesFromRoot(config: WebpackConfig): WebpackConfig {
  return { ...config, context: root }
}

/**
 * The SDK compiles to ES2017, whose objects cannot be spread: helpers that copy a flow's state property by property took an
 * eighth of the workflow thread's time in a first load. Every Node that runs this speaks ES2022.
 */
function withPresentSyntax(config: WebpackConfig): WebpackConfig {
  for (const rule of config.module?.rules ?? []) {
    if (typeof rule !== 'object' || rule === null || typeof rule.use !== 'object' || !('options' in rule.use)) continue
    const { options } = rule.use
    if (typeof options === 'object' && isObject(options['jsc'])) options['jsc']['target'] = 'es2022'
  }
  return config
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

const nothing = (): void => undefined
/** webpack's progress is no news to anybody; its failures throw. */
const quiet = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }
