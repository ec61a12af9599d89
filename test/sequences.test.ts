import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase, type SandboxDatabase } from '../sandbox/poweroffice/database.ts'

let folder: string
let database: SandboxDatabase

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sequences-'))
  database = openDatabase(join(folder, 'data.sqlite'))
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

function many(count: number): number[] {
  return Array.from({ length: count }, () => database.nextOf('address'))
}

test('numbers follow each other, inside a transaction and after it, and sequences do not share them', () => {
  expect(many(2)).toEqual([1, 2])
  expect(database.transaction(() => [...many(2), database.nextOf('contact')])).toEqual([3, 4, 1])
  expect(many(1)).toEqual([5])
})

test('no number is given twice after a restart', () => {
  many(1)
  database.transaction(() => many(3))
  database.close()
  database = openDatabase(join(folder, 'data.sqlite'))
  expect(many(1)).toEqual([5])
})

test('what a transaction that failed was given is given again', () => {
  many(1)
  const failing = () =>
    database.transaction(() => {
      many(3)
      throw new Error('refused')
    })
  expect(failing).toThrow('refused')
  expect(many(1)).toEqual([2])
})
