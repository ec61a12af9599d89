import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadEnvironment } from '../worker/environment.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kobling-env-'))
})
afterEach(() => {
  delete process.env['KOBLING_TEST_SHELL']
  rmSync(folder, { recursive: true })
})

test('what the shell sets wins over .env, which supplies the rest', () => {
  const file = join(folder, '.env')
  writeFileSync(file, 'KOBLING_TEST_SHELL=file\nKOBLING_TEST_FILE="from the file" # why\n')
  process.env['KOBLING_TEST_SHELL'] = 'shell'
  expect(loadEnvironment(file)).toMatchObject({ KOBLING_TEST_SHELL: 'shell', KOBLING_TEST_FILE: 'from the file' })
  expect(process.env['KOBLING_TEST_FILE']).toBeUndefined()
})

test('without a .env there is the shell alone', () => {
  expect(loadEnvironment(join(folder, '.env'))).toEqual({ ...process.env })
})
