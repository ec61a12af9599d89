import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dropOldest, stampOf } from '../activities/upkeep/kept-files.ts'

test('two files of one second have two names, and the later sorts behind', () => {
  const [first, second] = [stampOf(1_795_000_000_001), stampOf(1_795_000_000_250)]
  expect(first).toMatch(/^\d{8}T\d{9}Z$/)
  expect([second, first].sort()).toEqual([first, second])
})

test('the newest files are kept, and nothing of another name is touched', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kobling-kept-'))
  const stamps = [1_795_000_000_000, 1_795_000_000_500, 1_795_000_001_000].map(stampOf)
  const names = [...stamps.map((stamp) => `shop-${stamp}.json`), 'shop-20250101T000000Z.json', 'shop-notes.json']
  for (const name of names) await writeFile(join(folder, name), '')
  await dropOldest(folder, { prefix: 'shop-', suffix: '.json', kept: 2 })
  expect((await readdir(folder)).sort()).toEqual([names[1], names[2], 'shop-notes.json'])
  await rm(folder, { recursive: true })
})
