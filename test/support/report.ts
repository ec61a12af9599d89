import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** Each in one line: file, test, and the first words of what was wrong. */
  readonly failures: readonly string[]
}

const mostLetters = 300

/**
 * Leaves vitest's own counts in the file that VITEST_COUNTS_FILE names, for test/support/run.ts. What failed outside a test
 * counts as one failure: a file that does not load, a hook, an error that nobody caught.
 */
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()])
    const state = (wanted: string) => tests.filter((test) => test.result().state === wanted).length
    const brokenSuites = suites.filter((suite) => suite.errors().length > 0).length
    const counts: Counts = {
      passed: state('passed'),
      failed: state('failed') + brokenSuites + unhandledErrors.length,
      skipped: state('skipped') + state('pending'),
      failures: [
        ...suites.flatMap((suite) => suite.errors().map((error) => `${nameOf(suite)}: ${firstWords(error)}`)),
        ...tests
          .filter((test) => test.result().state === 'failed')
          .map((test) => `${nameOf(test)}: ${firstWords(test.result().errors?.[0])}`),
        ...unhandledErrors.map((error) => `outside of any test: ${firstWords(error)}`),
      ],
    }
    const file = process.env['VITEST_COUNTS_FILE']
    if (file !== undefined && file !== '') writeFileSync(file, JSON.stringify(counts))
  }
}

function nameOf(part: TestModule | TestSuite | TestCase): string {
  return part.type === 'module' ? part.relativeModuleId : `${part.module.relativeModuleId} > ${part.fullName}`
}

function firstWords(error: { readonly message?: string } | undefined): string {
  const line = (error?.message ?? '').split('\n').find((each) => each.trim() !== '') ?? 'no message'
  return line.length > mostLetters ? `${line.slice(0, mostLetters)}...` : line
}
