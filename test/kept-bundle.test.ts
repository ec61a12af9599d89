import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keptBundle } from '../worker/kept-bundle.ts'

const project = fileURLToPath(new URL('..', import.meta.url))
let folder: string
let made: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kobling-bundle-'))
  made = 0
  mkdirSync(join(folder, 'root', 'worker'), { recursive: true })
  for (const name of ['flows', 'workflows', 'worker/workflow-bundle.ts'])
    cpSync(join(project, name), join(folder, 'root', name), { recursive: true })
  symlinkSync(join(project, 'node_modules'), join(folder, 'root', 'node_modules'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const make = async () => ({ code: `bundle ${++made}` })
const bundle = async (cache = join(folder, 'cache')) =>
  (await keptBundle(cache, { root: join(folder, 'root'), make })).code

test('the workflow code is bundled once, and taken from the cache folder after that', async () => {
  expect([await bundle(), await bundle(), await bundle()]).toEqual(['bundle 1', 'bundle 1', 'bundle 1'])
})

test.each([
  'flows/customers.ts',
  'workflows/decide/decide-pair.ts',
  'workflows/a-new-file.ts',
  'worker/workflow-bundle.ts',
])('a change of %s is bundled anew', async (file) => {
  await bundle()
  writeFileSync(join(folder, 'root', file), '// another text')
  expect([await bundle(), await bundle()]).toEqual(['bundle 2', 'bundle 2'])
})

test('no more than a few are kept', async () => {
  for (let change = 0; change < 12; change += 1) {
    writeFileSync(join(folder, 'root', 'flows', 'changing.ts'), `// ${change}`)
    await bundle()
  }
  expect(readdirSync(join(folder, 'cache', 'workflow-bundles'))).toHaveLength(8)
  expect(await bundle()).toBe('bundle 12')
})

test('where nothing can be kept the code is bundled each time', async () => {
  writeFileSync(join(folder, 'a-file'), '')
  expect([await bundle(join(folder, 'a-file')), await bundle(join(folder, 'a-file'))]).toEqual(['bundle 1', 'bundle 2'])
})
