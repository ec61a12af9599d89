import { execFile, execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

// The shim beside a stand-in for main.ts, in a folder of ours from which the packages can be found.
let project: string
let folder: string
beforeAll(() => {
  mkdirSync(join(root, '.cache'), { recursive: true })
  project = mkdtempSync(join(root, '.cache', 'command-'))
  folder = join(project, 'client')
  for (const file of ['client/kobling.js', 'worker/processes/import-compiled.js'])
    cpSync(join(root, file), join(project, file), { recursive: true })
  writeFileSync(
    join(folder, 'main.ts'),
    `const words: string[] = process.argv.slice(2)
if (words[0] === 'wait') { console.log('waiting'); setInterval(() => {}, 1000) }
else { console.log(words.join('|')); process.exitCode = 7 }`,
  )
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

test('kobling passes its arguments to the command line and answers with its exit code, from any folder', async () => {
  const args = [join(folder, 'kobling.js'), 'plan', 'two words', '--json']
  const answer = await new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: tmpdir() }, (error, stdout) => resolve({ stdout, code: error?.code }))
  })
  expect(answer).toEqual({ stdout: 'plan|two words|--json\n', code: 7 })
})

test('kobling ends at once by the signal that it is sent', async () => {
  const child = execFile(process.execPath, [join(folder, 'kobling.js'), 'wait'])
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  child.kill('SIGTERM')
  expect(await ended).toEqual({ code: null, signal: 'SIGTERM' })
})

test('the command and the scripts lead to files that are there, and the files can be executed', () => {
  const { bin, scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(Object.keys(scripts).sort()).toEqual([
    'bench',
    'chaos',
    'check',
    'conformance',
    'kobling',
    'simulate',
    'start',
    'test',
  ])
  expect(existsSync(join(root, bin.kobling))).toBe(true)
  for (const file of [bin.kobling, '.ci/run']) execFileSync('/bin/sh', ['-c', `test -x ${file}`], { cwd: root })
})
