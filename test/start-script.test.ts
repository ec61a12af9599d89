import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startScript } from '../worker/processes/start-script.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

// Within the project: a loader of TypeScript looks for packages from the file that imports them.
let folder: string
let cache: string
beforeEach(() => {
  mkdirSync(join(root, '.cache'), { recursive: true })
  folder = mkdtempSync(join(root, '.cache', 'start-script-'))
  cache = join(folder, 'cache')
  writeFileSync(join(folder, 'beside.txt'), 'a file beside it')
  writeFileSync(
    join(folder, 'main.ts'),
    `import { readFileSync } from 'node:fs'
import Big from 'big.js'
import { greeting } from './greeting.ts'
const words: string[] = process.argv.slice(2)
const beside = readFileSync(new URL('./beside.txt', import.meta.url), 'utf8')
const { late } = await import('./late.ts')
console.log([greeting, ...words, beside, new Big('0.1').plus('0.2'), late].join('|'))
// Reaped a moment after it has ended.
const children = (): string => readFileSync(\`/proc/self/task/\${process.pid}/children\`, 'utf8')
while (words[0] === 'alone' && process.platform === 'linux' && children() !== '') await new Promise((resolve) => setTimeout(resolve, 20))
if (words[0] === 'fail') throw new Error('on line 11')`,
  )
  writeFileSync(join(folder, 'greeting.ts'), `export const greeting: string = 'hello'`)
  writeFileSync(join(folder, 'late.ts'), `export const late = 'on demand' satisfies string`)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const start = async (...words: string[]): Promise<string> => {
  const args = [startScript, join(folder, 'main.ts'), ...words]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: tmpdir(),
    env: { ...process.env, KOBLING_CACHE_DIR: cache },
  })
  return stdout
}
const compiled = (): string[] => readdirSync(join(cache, 'compiled')).filter((name) => !name.endsWith('.json'))

test('a TypeScript file is run with its arguments, its packages, the files beside it and what it imports on demand', async () => {
  expect(await start('two words', '--json')).toBe('hello|two words|--json|a file beside it|0.3|on demand\n')
})

test('it is compiled once, and again when a file that it imports has changed', async () => {
  await start()
  const first = compiled()
  expect(first).toHaveLength(1)
  // Says that this was run, and not the TypeScript.
  const entry = join(cache, 'compiled', first[0] ?? '', 'entry.mjs')
  writeFileSync(entry, readFileSync(entry, 'utf8').replace('hello', 'kept'))
  expect(await start()).toContain('kept|')
  expect(compiled()).toEqual(first)
  writeFileSync(join(folder, 'greeting.ts'), `export const greeting: string = 'good day'`)
  expect(await start()).toContain('good day|')
  expect(compiled()).toHaveLength(2)
})

test('what came of sources of the day before is cleared away when others take their place', async () => {
  await start()
  const [first = ''] = compiled()
  const before = (Date.now() - 25 * 3_600_000) / 1_000
  writeFileSync(join(folder, 'greeting.ts'), `export const greeting: string = 'good day'`)
  utimesSync(join(cache, 'compiled', first), before, before)
  await start()
  expect(compiled()).toHaveLength(1)
  expect(compiled()).not.toContain(first)
})

test('the process is alone by the time that it runs, whoever helped to compile it', async () => {
  expect(await start('alone')).toContain('hello|alone|')
})

test('what was kept and is damaged is compiled again', async () => {
  await start()
  rmSync(join(cache, 'compiled', compiled()[0] ?? '', 'entry.mjs'))
  expect(await start()).toContain('hello|')
})

test('where nothing can be kept, it runs all the same', async () => {
  writeFileSync(cache, 'a file where the folder should be')
  expect(await start()).toContain('hello|')
  expect(existsSync(join(cache, 'compiled'))).toBe(false)
})

test('an error names the line that people wrote', async () => {
  await expect(start('fail')).rejects.toThrow(/main\.ts:11/)
})
