import { expect, test } from 'vitest'
import { versioningProblemOf } from '../activities/upkeep/worker-versions.ts'
import { readSettings } from '../flows/settings.ts'
import manifest from '../package.json' with { type: 'json' }
import { buildIdOf, deploymentOptions } from '../worker/deployment.ts'

const bundle = { code: 'workflow code\n//# sourceMappingURL=data:,of-one-machine' }

test('a build is named by the package’s version and by its workflow code, not by the machine that bundled it', () => {
  const id = buildIdOf(bundle)
  expect(id).toMatch(new RegExp(`^${manifest.version.replaceAll('.', '\\.')}-[0-9a-f]{12}$`))
  expect(buildIdOf({ code: 'workflow code\n//# sourceMappingURL=data:,of-another' })).toBe(id)
  expect(buildIdOf({ code: 'other code\n//# sourceMappingURL=data:,of-one-machine' })).not.toBe(id)
})

test('workers have no versions unless KOBLING_DEPLOYMENT names their deployment, and are pinned then', () => {
  expect(deploymentOptions(readSettings({}), bundle)).toEqual({})
  expect(deploymentOptions(readSettings({ KOBLING_DEPLOYMENT: 'kobling' }), bundle)).toEqual({
    workerDeploymentOptions: {
      version: { deploymentName: 'kobling', buildId: buildIdOf(bundle) },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  })
})

test('a deployment’s name that would read as another version is refused', () => {
  for (const name of ['a.b', 'a:b', 'a b'])
    expect(() => readSettings({ KOBLING_DEPLOYMENT: name })).toThrow('KOBLING_DEPLOYMENT')
})

test.each(['1.29.1', '1.30.4', '0.9.0', 'v1.28.0'])(
  'a server that cannot move runs between versions is told of, with the way out (%s)',
  (version) => {
    expect(versioningProblemOf(version)).toMatch(/cannot move a flow .*unset KOBLING_DEPLOYMENT/)
  },
)

test.each(['1.31.2', '1.31.0-151.6', '2.0.0', 'unknown'])(
  'a server that can, or of which nothing is known, is used (%s)',
  (version) => {
    expect(versioningProblemOf(version)).toBeNull()
  },
)
