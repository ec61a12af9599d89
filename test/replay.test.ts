import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { beforeAll, expect, test } from 'vitest'
import { readSettings, secretsOf } from '../flows/settings.ts'
import { bundleWorkflows } from '../worker/workflow-bundle.ts'
import { plainTextOf, readHistories, replay } from './support/replay-histories.ts'

const folder = fileURLToPath(new URL('./histories/', import.meta.url))
const changed = fileURLToPath(new URL('./fixtures/changed-workflow/index.ts', import.meta.url))
const expectedNames = [
  'conflict.json',
  'first-load.json',
  'leaf-from-carried-state.json',
  'leaf.json',
  'live-edit-from-carried-state.json',
]
let present: { code: string }

beforeAll(async () => {
  // What must fail would fill the screen with its reasons.
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  })
  present = await bundleWorkflows()
}, 60_000)

test('E25: every recorded history fits the present code', async () => {
  const histories = readHistories(folder)
  expect(histories.map(({ name }) => name)).toEqual(expect.arrayContaining(expectedNames))
  expect(await replay(present, histories)).toEqual({})
}, 60_000)

test('a flow that takes another first step does not fit: the replay does look', async () => {
  const histories = readHistories(folder)
  const differs = await replay(await bundleWorkflows(changed), histories)
  const flows = histories
    .filter(({ name }) => !name.startsWith('leaf'))
    .map(({ name }) => [name, 'DeterminismViolationError'])
  expect(differs).toEqual(Object.fromEntries(flows))
}, 60_000)

test('a folder without histories is a failure, not a success over nothing', () => {
  const empty = mkdtempSync(join(tmpdir(), 'kobling-histories-'))
  expect(() => readHistories(empty)).toThrow('there is no history')
  rmSync(empty, { recursive: true })
})

test('the histories hold a run that ended by continue-as-new, runs that began with carried state, edits and a conflict', () => {
  const byName = new Map(readHistories(folder).map(({ name, history }) => [name, history.events]))
  const lastOf = (name: string) => byName.get(name)?.at(-1)?.eventType
  const isContinued = (name: string) =>
    Boolean(
      (byName.get(name)?.[0]?.['workflowExecutionStartedEventAttributes'] as Record<string, unknown> | undefined)?.[
        'continuedExecutionRunId'
      ],
    )
  const continued = 'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW'
  expect([lastOf('first-load.json'), lastOf('leaf.json')]).toEqual([continued, continued])
  expect([isContinued('first-load.json'), isContinued('leaf.json')]).toEqual([false, false])
  expect(isContinued('live-edit-from-carried-state.json')).toBe(true)
  expect(isContinued('leaf-from-carried-state.json')).toBe(true)
  const textOf = (name: string): string => plainTextOf(byName.get(name))
  expect(textOf('first-load.json')).toContain('"kind":"created"')
  expect(textOf('live-edit-from-carried-state.json')).toContain('"kind":"updated"')
  expect(textOf('conflict.json')).toContain('"kind":"conflict"')
})

test('no history holds a key or a secret', () => {
  const secrets = secretsOf(readSettings({}))
  const histories = readHistories(folder)
  expect(secrets.length).toBeGreaterThan(4)
  for (const { name, text, history } of histories) {
    const plain = `${text}\n${plainTextOf(history)}`
    // The search does see what it searches: every run names its connection.
    expect(plain).toContain('customers')
    expect([name, secrets.filter((secret) => plain.includes(secret)), /bearer /i.test(plain)]).toEqual([
      name,
      [],
      false,
    ])
  }
})
