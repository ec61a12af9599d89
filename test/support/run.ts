/**
 * `npm test`: the check, then every test, and `N passed, N failed` as the last line printed. A failing check counts as one
 * failure and does not hide what the tests say. Arguments go on to vitest.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Counts } from './report.ts'

const folder = mkdtempSync(join(tmpdir(), 'kobling-counts-'))
const countsFile = join(folder, 'counts.json')
// A terminal's Ctrl-C reaches our children as well: they stop by themselves, and we stay to report.
process.on('SIGINT', () => {})

const arguments_ = process.argv.slice(2)
// For this runner's own test: the fixtures are checked by nobody.
const withCheck = process.env['KOBLING_TEST_WITHOUT_CHECK'] === undefined
const checkCode = withCheck ? await run('npm', ['run', '--silent', 'check']) : 0
const reporters = ['--reporter=default', '--reporter=./test/support/report.ts']
const testCode = await run('npx', ['--no-install', 'vitest', 'run', ...reporters, ...arguments_])
const counts = readCounts()
rmSync(folder, { recursive: true, force: true })

// vitest may fail where no test did, for example while it ends what the tests used.
const vitestFailed = testCode !== 0 && counts.failed === 0 ? 1 : 0
const noTestRan = counts.passed + counts.failed === 0 ? 1 : 0
const checkFailed = checkCode === 0 ? 0 : 1
const failed = counts.failed + Math.max(vitestFailed, noTestRan) + checkFailed
if (checkFailed > 0)
  console.log('The check failed: what it found stands above the tests, and it counts as one failure.')
if (noTestRan > 0) console.log('No test ran, which is a failure.')
console.log(`${counts.passed} passed, ${failed} failed${counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`}`)
process.exitCode = failed === 0 ? 0 : 1

function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, VITEST_COUNTS_FILE: countsFile }
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env })
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

/** No counts: vitest ended before it could report, which is one failure. */
function readCounts(): Counts {
  try {
    return JSON.parse(readFileSync(countsFile, 'utf8')) as Counts
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
