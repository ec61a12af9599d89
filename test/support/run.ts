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
// A terminal's Ctrl-C reaches our children as well: they stop by themselves, and we stay to report.
process.on('SIGINT', () => {})

const arguments_ = process.argv.slice(2)
// For this runner's own test: the fixtures are checked by nobody.
const withCheck = process.env['KOBLING_TEST_WITHOUT_CHECK'] === undefined
const checkCode = withCheck ? await run('npm', ['run', '--silent', 'check']) : 0
// A run of vitest goes through projects of different maxWorkers one after the other, so each has a run of its own. The units keep
// the processor busy by themselves and go first; the others mostly wait for polls and for timeouts of what they killed, side by side.
const turns: readonly (readonly (readonly string[])[])[] =
  arguments_.length > 0
    ? [[arguments_]]
    : [
        [['--project', 'unit', '--project', 'alone']],
        [
          ['--project', 'server'],
          ['--project', 'crash'],
        ],
      ]
const counts: Counts[] = []
for (const [turn, parts] of turns.entries())
  counts.push(...(await Promise.all(parts.map((args, index) => runTests(args, `${turn}-${index}`, index > 0)))))
rmSync(folder, { recursive: true, force: true })

const sum = (of: (part: Counts) => number): number => counts.reduce((total, part) => total + of(part), 0)
const checkFailed = checkCode === 0 ? 0 : 1
const failed = sum((part) => part.failed) + checkFailed
const skipped = sum((part) => part.skipped)
if (checkFailed > 0)
  console.log('The check failed: what it found stands above the tests, and it counts as one failure.')
// Once more and in short: what vitest says of them may stand thousands of lines above.
const failures = counts.flatMap((part) => part.failures)
if (failures.length > 0) console.log(['', 'What failed:', ...failures.map((line) => `- ${line}`)].join('\n'))
console.log(`${sum((part) => part.passed)} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`)
process.exitCode = failed === 0 ? 0 : 1

/** One run of vitest; what it says comes as it goes, or at its end where another run has the screen. */
async function runTests(args: readonly string[], name: string, isHeldBack: boolean): Promise<Counts> {
  const countsFile = join(folder, `counts-${name}.json`)
  const reporters = ['--reporter=default', '--reporter=./test/support/report.ts']
  const code = await run('npx', ['--no-install', 'vitest', 'run', ...reporters, ...args], {
    countsFile,
    isHeldBack,
  })
  const part = readCounts(countsFile)
  // vitest may fail where no test did, for example while it ends what the tests used.
  const vitestFailed = code !== 0 && part.failed === 0 ? 1 : 0
  const noTestRan = part.passed + part.failed === 0 ? 1 : 0
  if (noTestRan > 0) console.log('No test ran, which is a failure.')
  return { ...part, failed: part.failed + Math.max(vitestFailed, noTestRan) }
}

function run(
  command: string,
  args: readonly string[],
  options: { readonly countsFile?: string; readonly isHeldBack?: boolean } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, VITEST_COUNTS_FILE: options.countsFile ?? '' }
    const output = options.isHeldBack ? 'pipe' : 'inherit'
    const child = spawn(command, args, { stdio: ['ignore', output, output], env })
    const held: Buffer[] = []
    child.stdout?.on('data', (part: Buffer) => held.push(part))
    child.stderr?.on('data', (part: Buffer) => held.push(part))
    child.once('error', reject)
    child.once('close', (code) => {
      process.stdout.write(Buffer.concat(held))
      resolve(code ?? 1)
    })
  })
}

/** No counts: vitest ended before it could report, which is one failure. */
function readCounts(countsFile: string): Counts {
  try {
    return JSON.parse(readFileSync(countsFile, 'utf8')) as Counts
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: ['vitest ended before it could report'] }
  }
}
