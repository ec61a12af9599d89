import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { customers } from '../flows/customers.ts'
import type { LeafState } from '../flows/memory.ts'
import { FLOW_STATE_VERSION, LEAF_STATE_VERSION } from '../flows/state-version.ts'
import { describeFlow } from '../workflows/engine/describe.ts'
import { type FlowState, linksOf, migrate, phaseOf } from '../workflows/engine/flow-state.ts'
import { takeDue } from '../workflows/engine/look-again.ts'
import { closeLeaf, lookupRows, openLeaf } from '../workflows/memory/leaf.ts'
import { upgradeLeaf } from '../workflows/memory/upgrade-leaf.ts'
import { type DeclaredShape, declaredShape } from './support/declared-shape.ts'
import { freshState } from './support/fresh-state.ts'
import { recordedState, type StateKind, shapeDifferences, typesFile, versionsUpTo } from './support/recorded-states.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Writes what this run did to test/states, where there is nothing yet: see the README there. */
const isRecording = process.env['KOBLING_RECORD'] === '1'
const later = { atMs: 9_000, runId: 'run-after-the-upgrade' }
const versions = { flow: FLOW_STATE_VERSION, leaf: LEAF_STATE_VERSION }

describe('E25: a state of any version goes on', () => {
  test.each(versionsUpTo(FLOW_STATE_VERSION))(
    'a flow of version %i keeps all that it knew, and has all that this release wants',
    (version) => {
      const carried = recordedState('flow', version)
      expect(carried['v']).toBe(version)
      const state = migrate(carried as unknown as FlowState, later)
      expect(state.v).toBe(FLOW_STATE_VERSION)
      // Nothing is lost on the way: what it held it holds.
      const { v: _v, runs, runOrdinal, ...kept } = carried
      expect(state).toMatchObject(kept)
      expect([state.runOrdinal, state.runs]).toEqual([
        Number(runOrdinal) + 1,
        [...(runs as object[]), { ordinal: Number(runOrdinal) + 1, runId: later.runId }],
      ])
      const missing = Object.keys(freshState).filter(
        (name) => (state as unknown as Record<string, unknown>)[name] === undefined,
      )
      expect(missing).toEqual([])
      expect([phaseOf(state), linksOf(state), takeDue(state, later.atMs, 50, () => true).taken]).toEqual([
        'live',
        3,
        [],
      ])
      expect(describeFlow(customers, state)).toContain('3')
    },
  )

  test.each(versionsUpTo(LEAF_STATE_VERSION))('a leaf of version %i keeps every row, and finds them', (version) => {
    const carried = recordedState('leaf', version) as unknown as LeafState
    expect(carried.v).toBe(version)
    const leaf = openLeaf(upgradeLeaf(carried))
    expect([...closeLeaf(leaf).rows].sort()).toEqual([...carried.rows].sort())
    expect(leaf.linked).toBe(3)
    expect(lookupRows(leaf, { keys: [], shopIds: ['c-000001'] }).rows).toHaveLength(1)
  })

  test('a state of a later release is not gone on with: the task fails, and waits for a worker that knows it', () => {
    const next = { ...freshState, v: FLOW_STATE_VERSION + 1 } as unknown as FlowState
    expect(() => migrate(next, later)).toThrow(
      `The state of the flow customers has version ${FLOW_STATE_VERSION + 1}, and this code knows versions 1 to ${FLOW_STATE_VERSION}: run the release that wrote it, or a later one.`,
    )
    const leaf = { ...recordedState('leaf', LEAF_STATE_VERSION), v: LEAF_STATE_VERSION + 1 } as unknown as LeafState
    expect(() => upgradeLeaf(leaf)).toThrow('run the release that wrote it')
  })

  test.each([undefined, null, '2', 0, 1.5])('a state whose version is none (%s) is not gone on with', (v) => {
    expect(() => migrate({ ...freshState, v } as unknown as FlowState, later)).toThrow('this code knows versions')
  })
})

describe('E25: a change of the shape is a new version', () => {
  const declared: Readonly<Record<StateKind, DeclaredShape>> = {
    flow: declaredShape(root, 'workflows/engine/flow-state.ts', 'FlowState'),
    leaf: declaredShape(root, 'flows/memory.ts', 'LeafState'),
  }

  test.each(['flow', 'leaf'] as const)(
    'what a %s carries is declared as it was when its version was recorded: else raise the version, see test/states/README.md',
    (kind) => {
      const path = typesFile(kind, versions[kind])
      if (isRecording && !existsSync(path)) writeFileSync(path, `${JSON.stringify(declared[kind], null, 2)}\n`)
      expect(declared[kind]).toEqual(JSON.parse(readFileSync(path, 'utf8')))
    },
  )

  test('the declarations that are compared are those of the whole state, down to what stands in its lists', () => {
    expect(Object.keys(declared.flow)).toEqual(
      expect.arrayContaining([
        'workflows/engine/flow-state.ts FlowState',
        'workflows/engine/flow-state.ts LookAgain',
        'workflows/messages.ts InboxEntry',
        'flows/port.ts Preview',
        'flows/rotation.ts Rotation',
      ]),
    )
    expect(declared.flow['workflows/engine/flow-state.ts Emptied']).toBe(
      'interface Emptied { readonly count: number readonly since: number }',
    )
    expect(Object.values(declared.flow).filter((text) => /\/\*|\*\//.test(text))).toEqual([])
  })

  test('a state as the engine begins with it has exactly the members of the recorded one', () => {
    const recorded = recordedState('flow', FLOW_STATE_VERSION)
    expect(shapeDifferences(recorded, { ...freshState, options: recorded['options'] })).toEqual([])
  })

  test('a member that came, went, was renamed or holds something else is seen, wherever it stands', () => {
    const recorded = recordedState('flow', FLOW_STATE_VERSION)
    const [entry] = recorded['inbox'] as Record<string, unknown>[]
    const { label, ...rest } = entry ?? {}
    expect(shapeDifferences(recorded, { ...recorded, mood: 'fine' })).toEqual(['mood: came'])
    expect(shapeDifferences(recorded, { ...recorded, inbox: [{ ...rest, name: label }] })).toEqual([
      'inbox[].label: went',
      'inbox[].name: came',
    ])
    expect(shapeDifferences(recorded, { ...recorded, stopped: 'no' })).toEqual(['stopped: boolean became string'])
    expect(shapeDifferences(recorded, { ...recorded, missing: {} })).toEqual(['missing: list became object'])
  })
})
