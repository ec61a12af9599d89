import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { tourSteps } from '../../client/tour/run-tour.ts'
import { findFreePort } from '../../worker/processes/busy-port.ts'

const folder = mkdtempSync(join(tmpdir(), 'kobling-tour-'))
let environment: Record<string, string | undefined>
let start: ReturnType<typeof run>

beforeAll(async () => {
  const names = [
    'TEMPORAL_PORT',
    'TEMPORAL_UI_PORT',
    'POWEROFFICE_SANDBOX_PORT',
    'WEBSHOP_SANDBOX_PORT',
    'KOBLING_PORT',
    'KOBLING_CONSOLE_PORT',
  ]
  const ports: Record<string, string> = {}
  for (const name of names) ports[name] = String(await findFreePort())
  environment = { ...process.env, ...ports, TEMPORAL_CLI: inject('temporalBinary'), KOBLING_DATA_DIR: folder }
  start = run(['worker/processes/start.js', 'worker/launch/main.ts'])
  await start.printed(/^ready/m)
  // The first loads of five flows at ten requests a second, or two minutes at the longest (worker/launch/first-load.ts).
}, 600_000)

afterAll(async () => {
  start.child.kill('SIGINT')
  await start.ended
  rmSync(folder, { recursive: true, force: true })
})

test('B1 the tour shows edits both ways, conflicts, a refusal and its cure, a killed worker and replay, and all come true', async () => {
  const tour = run(['client/kobling.js', 'tour', '--no-pause'])
  const code = await tour.ended
  const printed = tour.output()
  expect(printed).toContain(`The tour is over: all ${tourSteps.length} steps came true.`)
  expect(tourSteps.filter(({ name }) => !printed.includes(name))).toEqual([])
  expect(code).toBe(0)
}, 600_000)

function run(args: readonly string[]) {
  const child = spawn(process.execPath, [...args], { env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const listener of listeners) listener()
    })
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const printed = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => pattern.test(output) && resolve()
      listeners.add(look)
      look()
      void ended.then((code) => reject(new Error(`ended with ${code} before it printed ${pattern}: ${output}`)))
    })
  return { child, ended, printed, output: () => output }
}
