import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** As somebody types it; what the run of these tests sets is not for it. */
function simulate(words: readonly string[]): Promise<{ code: number; text: string }> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')))
  return new Promise((resolve) => {
    execFile('npm', ['run', '-s', 'simulate', '--', ...words], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr })
    })
  })
}

test('npm run simulate plays its schedules in as many processes as are asked for, each with a seed of its own, and says how many a minute', async () => {
  const { code, text } = await simulate(['--seed', '7', '--schedules', '21', '--processes', '2'])
  expect(text).toContain('in 10 schedules of edits, faults and crashes (seed 7)')
  expect(text).toContain('in 11 schedules of edits, faults and crashes (seed 1000010)')
  expect(text).toMatch(/21 schedules in [\d.]+ s, \d+ a minute/)
  expect(code).toBe(0)
  // Beside others, on a machine that has much to do, its processes take minutes to begin.
}, 300_000)

test('npm run simulate says in one sentence what is wrong with an argument', async () => {
  const { code, text } = await simulate(['--schedules', 'many'])
  expect(text).toMatch(/^many is not a whole number\n\nnpm run simulate/)
  expect(code).toBe(2)
})
