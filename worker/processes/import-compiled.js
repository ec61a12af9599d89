// Plain JavaScript: it runs before anything that could read TypeScript.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** Beside a file's own imports: how it is compiled, and what its packages are. */
const makers = ['worker/processes/import-compiled.js', 'tsconfig.json', 'package-lock.json']
/** A process may still fetch a part of what it began with; other checkouts use the same folder. */
const EARLIER_KEPT_MS = 24 * 3_600_000
const KEPT_MS = 30 * EARLIER_KEPT_MS

/**
 * Imports a TypeScript file of this project and all that it imports as JavaScript which is compiled once and kept below the cache
 * folder (`KOBLING_CACHE_DIR`, else `.cache` of the project), for as long as no source changes. A loader that reads TypeScript as it goes (tsx) costs each
 * process two seconds of a processor: a command is answered after that, and a worker that died serves again after that. Where nothing
 * can be kept or compiled, that loader does it.
 *
 * @param {string} entry absolute path
 */
export async function importCompiled(entry) {
  const compiled = await compiledFile(entry).catch(() => null)
  // Stack traces name the lines that people wrote.
  process.setSourceMapsEnabled(true)
  if (compiled !== null) return import(pathToFileURL(compiled).href)
  const { register } = await import('tsx/esm/api')
  register()
  return import(pathToFileURL(entry).href)
}

/** @param {string} entry */
async function compiledFile(entry) {
  const folder = join(resolve(root, process.env['KOBLING_CACHE_DIR'] ?? '.cache'), 'compiled')
  const note = join(folder, `${hashOf(entry).slice(0, 32)}.json`)
  return keptFile(note, folder) ?? (await compile(entry, folder, note))
}

/** What was compiled before, where every source still is what it was made from. */
function keptFile(note, folder) {
  try {
    const { name, sources } = JSON.parse(readFileSync(note, 'utf8'))
    for (const [path, hash] of Object.entries(sources)) if (hashOf(readFileSync(join(root, path))) !== hash) return null
    const now = new Date()
    utimesSync(join(folder, name), now, now)
    const file = join(folder, name, 'entry.mjs')
    return existsSync(file) ? file : null
  } catch {
    return null
  }
}

async function compile(entry, folder, note) {
  const { build, stop } = await import('esbuild')
  const name = `${hashOf(entry).slice(0, 16)}-${randomBytes(8).toString('hex')}`
  /** As they were read, which need not be as they are when all is done. */
  const sources = Object.fromEntries(
    makers.filter((path) => existsSync(join(root, path))).map((path) => [path, hashOf(readFileSync(join(root, path)))]),
  )
  try {
    await build({
      entryPoints: [{ in: entry, out: 'entry' }],
      outdir: join(folder, name),
      outExtension: { '.js': '.mjs' },
      absWorkingDir: root,
      bundle: true,
      // What is imported on demand stays a file of its own.
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      sourcemap: 'linked',
      sourcesContent: false,
      logLevel: 'silent',
      plugins: [packagesWhereTheyAre, filesWhereTheyWere(sources)],
    })
  } finally {
    // Its helper process would stay for as long as this one.
    await stop()
  }
  // Whole or not at all: two processes may start at once, and one may die here.
  const partial = `${note}.${randomBytes(6).toString('hex')}.partial`
  writeFileSync(partial, JSON.stringify({ name, sources }))
  renameSync(partial, note)
  clearAway(folder, hashOf(entry).slice(0, 16))
  return join(folder, name, 'entry.mjs')
}

/** Packages are imported from where they are installed, though the compiled code lies elsewhere. */
const packagesWhereTheyAre = {
  name: 'packages-where-they-are',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'entry-point') return undefined
      return { path: isBuiltin(path) ? path : import.meta.resolve(path), external: true }
    })
  },
}

/** Files beside the code (pages, descriptions, entries of other processes) are found from where the code was written. */
const filesWhereTheyWere = (sources) => ({
  name: 'files-where-they-were',
  setup(build) {
    build.onLoad({ filter: /\.(ts|json)$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      sources[relative(root, path)] = hashOf(text)
      if (path.endsWith('.json')) return { contents: text, loader: 'json' }
      return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' }
    })
  },
})

/** What nobody started for long, and sooner what came of earlier sources of the same file. */
function clearAway(folder, prefix) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const keptMs = name.startsWith(`${prefix}-`) ? EARLIER_KEPT_MS : KEPT_MS
    try {
      if (Date.now() - statSync(path).mtimeMs > keptMs) rmSync(path, { recursive: true, force: true })
    } catch {
      // Another process clears away as well.
    }
  }
}

function hashOf(content) {
  return createHash('sha256').update(content).digest('hex')
}
