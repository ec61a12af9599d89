import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs `npm test`'s own program over fixtures, without the check. */
function runFixtures(
  ...names: readonly string[]
): Promise<{ said: string; lastLine: string | undefined; code: unknown }> {
  const args = ['--import', 'tsx', 'test/support/run.ts', '--config', 'test/fixtures/report/vitest.config.ts', ...names]
  const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, NODE_ENV: ____, ...env } = process.env
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: root, env: { ...env, KOBLING_TEST_WITHOUT_CHECK: '1' } },
      (error, stdout) => {
        resolve({ said: stdout, lastLine: stdout.trimEnd().split('\n').at(-1), code: error === null ? 0 : error.code })
      },
    )
  })
}

test.each<[string, string, number]>([
  ['good', '1 passed, 0 failed', 0],
  ['mixed', '2 passed, 2 failed, 1 skipped', 1],
  ['does-not-load', '0 passed, 1 failed', 1],
  ['broken-hook', '0 passed, 1 failed, 1 skipped', 1],
  ['nobody-caught', '1 passed, 1 failed', 1],
  ['no-such-file', '0 passed, 1 failed', 1],
])(
  'of a run over "%s" the last line is "%s" and the exit code %i',
  async (name, lastLine, code) => {
    expect(await runFixtures(name)).toMatchObject({ lastLine, code })
  },
  60_000,
)

test('what failed stands in one line each before the last one', async () => {
  const { said } = await runFixtures('mixed', 'nobody-caught', 'broken-hook')
  const lines = said.trimEnd().split('\n')
  expect(lines.slice(lines.indexOf('What failed:'))).toEqual([
    'What failed:',
    '- broken-hook.fixture.ts: on purpose',
    '- mixed.fixture.ts > does not hold: expected 1 to be 2 // Object.is equality',
    '- mixed.fixture.ts > asserts nothing: expected any number of assertion, but got none',
    '- outside of any test: on purpose',
    '3 passed, 4 failed, 2 skipped',
  ])
}, 60_000)
