import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflows } from './workflow-bundle.ts'

const projectRoot = fileURLToPath(new URL('..', import.meta.url))
/** All that a bundle is made from: workflow code imports from nowhere else (.dependency-cruiser.mjs). */
const sourceFolders = ['flows', 'workflows']
const makers = [
  'worker/workflow-bundle.ts',
  ...['common', 'worker', 'workflow'].map((name) => `node_modules/@temporalio/${name}/package.json`),
]
/** Two and a half megabytes each; several releases and checkouts share a folder. */
const KEPT = 8

/**
 * The workflow code as workers run it. Making it takes two seconds of a processor, which a worker that is started again after it died
 * would spend before it serves anything: it is kept below the cache folder, by a hash of all that it is made from. A folder that cannot be
 * written costs those seconds, and nothing else.
 */
export async function keptBundle(
  cacheDir: string,
  { root = projectRoot, make = bundleWorkflows }: { root?: string; make?: () => Promise<{ code: string }> } = {},
): Promise<{ code: string }> {
  const folder = join(resolve(cacheDir), 'workflow-bundles')
  const path = join(folder, `${await hashOfSource(root)}.cjs`)
  const kept = await readFile(path, 'utf8').catch(() => null)
  if (kept !== null) return { code: kept }
  const { code } = await make()
  await keep(folder, path, code).catch(() => undefined)
  return { code }
}

async function hashOfSource(root: string): Promise<string> {
  const files = [...makers]
  for (const folder of sourceFolders) {
    const names = await readdir(join(root, folder), { recursive: true })
    files.push(...names.filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`))
  }
  const hash = createHash('sha256')
  for (const file of files.sort())
    hash
      .update(`${file}\n`)
      .update(await readFile(join(root, file)))
      .update('\n')
  return hash.digest('hex')
}

async function keep(folder: string, path: string, code: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  // Whole or not at all: two workers may start at once, and one may die here.
  const partial = `${path}.${randomBytes(6).toString('hex')}.partial`
  await writeFile(partial, code)
  await rename(partial, path)
  const ages = await Promise.all(
    (await readdir(folder)).map(async (name) => ({ name, atMs: (await stat(join(folder, name))).mtimeMs })),
  )
  for (const { name } of ages.sort((a, b) => b.atMs - a.atMs).slice(KEPT)) await rm(join(folder, name), { force: true })
}
