import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { commandContext } from '../client/command-context.ts'
import { runCommandLine } from '../client/command-line.ts'
import { withRulesTable } from '../client/conformance/rules-table.ts'
import { withOptionsTable } from '../flows/list-options.ts'
import { readOptions } from '../flows/read-options.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readText = (path: string): string => readFileSync(join(root, path), 'utf8')

const leftOut = new Set(['node_modules', '.git', '.data', '.cache', 'test-results'])
const files = filesBelow('')
const documents = files.filter((path) =>
  /^(README|CONTRIBUTING|docs\/.*|(sandbox|examples)\/[^/]+\/README)(\.md)$/.test(path),
)
const code = files.filter((path) => /^(flows|workflows|activities|worker|client|test)\/.*\.ts$/.test(path))

/** Paths from the root, of what would be in a fresh copy of the project. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (leftOut.has(entry.name) || entry.name.endsWith('.log') || entry.name === '.env') return []
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

/** Of every document (or other file): what the check finds in it, with the file's name. */
function findings(paths: readonly string[], check: (text: string, path: string) => readonly string[]): string[] {
  return paths.flatMap((path) => check(readText(path), path).map((finding) => `${path}: ${finding}`))
}

function groupsOf(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '')
}

// --- commands ---------------------------------------------------------------------------------------------------------

type Commands = ReadonlyMap<string, ReadonlySet<string>>

async function helpOf(...args: readonly string[]): Promise<string> {
  const said: string[] = []
  const context = { ...commandContext({}, new AbortController().signal), say: (line: string) => void said.push(line) }
  await runCommandLine([...args, '--help'], context, () => undefined)
  return said.join('\n')
}

/** What the command line itself says that it knows: each command with its options. */
async function knownCommands(): Promise<Commands> {
  const listed = (await helpOf()).split('Commands:')[1] ?? ''
  const names = groupsOf(listed, /^ {2}([a-z]+)/gm).filter((name) => name !== 'help')
  const options = await Promise.all(names.map(async (name) => new Set(groupsOf(await helpOf(name), /(--[a-z-]+)/g))))
  return new Map(names.map((name, index) => [name, options[index] ?? new Set()]))
}

function unknownCommands(text: string, commands: Commands, scripts: ReadonlySet<string>): string[] {
  const wrong = groupsOf(text, /\bnpm run ([\w:-]+)/g).filter((script) => !scripts.has(script))
  // In a code span or a block, up to its end: `npx kobling check --repair`, `kobling inbox`.
  for (const [, name = '', rest = ''] of text.matchAll(/(?:npx |`)kobling ([a-z]+)([^`\n#]*)/g)) {
    const options = commands.get(name)
    if (!options) wrong.push(`kobling ${name}`)
    else
      wrong.push(
        ...groupsOf(rest, /(--[a-z-]+)/g).flatMap((option) =>
          options.has(option) ? [] : [`kobling ${name} ${option}`],
        ),
      )
  }
  return wrong
}

describe('commands', async () => {
  const commands = await knownCommands()
  const scripts = new Set(Object.keys((JSON.parse(readText('package.json')) as { scripts: object }).scripts))

  test('every npm script, kobling command and option that a document quotes exists', () => {
    expect(commands.size).toBeGreaterThan(10)
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/runbook.md']))
    expect(findings(documents, (text) => unknownCommands(text, commands, scripts))).toEqual([])
  })

  test('every command stands in the README', () => {
    const readme = readText('README.md')
    expect([...commands.keys()].filter((name) => !readme.includes(`npx kobling ${name}`))).toEqual([])
  })

  test('a script, a command and an option that do not exist are found', () => {
    const text =
      'Use `npm run dance`, `npm run check`, `npx kobling fly`, `kobling check --mend` or `kobling check --repair`.'
    expect(unknownCommands(text, commands, scripts)).toEqual(['dance', 'kobling fly', 'kobling check --mend'])
  })
})

// --- links and paths --------------------------------------------------------------------------------------------------

/** As GitHub names the headings of a page. */
function anchorsOf(text: string): Set<string> {
  return new Set(
    groupsOf(text, /^#{1,6} (.+)$/gm).map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

function brokenLinks(text: string, path: string): string[] {
  return groupsOf(text, /\]\(([^)\s]+)\)/g).filter((link) => {
    if (/^[a-z]+:/.test(link)) return false
    const [target = '', anchor] = link.split('#')
    const file = target === '' ? path : normalize(join(dirname(path), target))
    if (!existsSync(join(root, file))) return true
    return anchor !== undefined && !anchorsOf(target === '' ? text : readText(file)).has(anchor)
  })
}

/** Paths from the root in code spans; patterns and placeholders name no file. */
function missingPaths(text: string): string[] {
  const paths = groupsOf(
    text,
    /`((?:flows|workflows|activities|worker|client|sandbox|test|bench|docs|tools|\.ci)\/[^`\s]*)`/g,
  )
  return paths.filter((path) => !/[<*]/.test(path) && !existsSync(join(root, path)))
}

test('every relative link leads to a file, and to a heading where it names one', () => {
  expect(findings(documents, brokenLinks)).toEqual([])
})

test('every path of the project that a document names is there', () => {
  expect(findings(documents, missingPaths)).toEqual([])
})

test('a link to no file, a link to no heading and a path to nothing are found', () => {
  const text =
    '# Read me\n[a](no-such.md) [b](#read-me) [c](#gone) [d](README.md#no-such-heading) [e](https://example.com/x)'
  expect(brokenLinks(text, 'README.md')).toEqual(['no-such.md', '#gone', 'README.md#no-such-heading'])
  expect(missingPaths('`flows/customers.ts` `flows/<flow>.ts` `flows/lost.ts`')).toEqual(['flows/lost.ts'])
})

// --- numbered rules ---------------------------------------------------------------------------------------------------

/** `E10`, `rule 4c`, `rules 8 and 9`. */
function rulesQuoted(text: string): string[] {
  const ofEngine = groupsOf(text, /(?<![\w'"#.-])(E[1-9]\d?)(?![\w-])/g)
  const ofData = [...text.matchAll(/\brules? (\d+)[a-d]?(?:(?:, | and | or )(\d+))?/gi)].flatMap((match) => [
    match[1],
    match[2],
  ])
  return [
    ...new Set([...ofEngine, ...ofData.filter((number) => number !== undefined).map((number) => `rule ${number}`)]),
  ]
}

const headings = new Set([
  ...groupsOf(readText('docs/engine.md'), /^#+ (E\d+) /gm),
  ...groupsOf(readText('docs/rules.md'), /^#+ Rule (\d+): /gm).map((number) => `rule ${number}`),
])

test('every rule number that a test or the code quotes has a heading', () => {
  const quoted = new Set(
    code.filter((path) => path !== 'test/docs.test.ts').flatMap((path) => rulesQuoted(readText(path))),
  )
  expect(quoted.size).toBeGreaterThan(20)
  expect([...quoted].filter((rule) => !headings.has(rule))).toEqual([])
})

test('every rule number that a document quotes has a heading', () => {
  expect(findings(documents, (text) => rulesQuoted(text).filter((rule) => !headings.has(rule)))).toEqual([])
})

test('a rule without a heading is found', () => {
  const text = "test('E2, E99: rule 4c, and rules 8 and 88', …) // 'E5' is a value, E2E a word"
  expect(rulesQuoted(text).filter((rule) => !headings.has(rule))).toEqual(['E99', 'rule 88'])
})

// --- options ---------------------------------------------------------------------------------------------------------

test('the table of options is the one that the code has; node --import tsx docs/generate-options.ts writes it', () => {
  const page = readText('docs/connect-your-systems.md')
  expect(withOptionsTable(page)).toBe(page)
})

test('a table of options that is not the one of the code is found', () => {
  const page = readText('docs/connect-your-systems.md').replace('placed, paid or confirmed', 'placed or paid')
  expect(withOptionsTable(page)).not.toBe(page)
})

test('the options file that is shown as an example is one', () => {
  const [example = ''] = groupsOf(readText('docs/connect-your-systems.md'), /```json\n([\s\S]*?)```/g)
  expect(readOptions({ path: 'example', text: example }).salesOrders.push).toBe('paid')
})

// --- the rules of the conformance kit --------------------------------------------------------------------------------

test('the table of conformance rules is the one that the kit has; node --import tsx docs/generate-conformance.ts writes it', () => {
  const page = readText('docs/conformance.md')
  expect(withRulesTable(page)).toBe(page)
})

test('a table of conformance rules that is not the one of the kit is found', () => {
  const page = readText('docs/conformance.md').replace('| `versions.stale` | 2 |', '| `versions.stale` | 3 |')
  expect(withRulesTable(page)).not.toBe(page)
})

// --- settings ---------------------------------------------------------------------------------------------------------

const settingName = /\b((?:KOBLING|TEMPORAL|POWEROFFICE|WEBSHOP|CHROMIUM)_[A-Z_]*[A-Z])\b/g

test('every setting that a document names is one, and every one stands in docs/connect-your-systems.md', () => {
  const sources = [...code, '.ci/run', ...files.filter((path) => /^sandbox\/.*\.ts$/.test(path))]
  const read = new Set(
    sources.filter((path) => path !== 'test/docs.test.ts').flatMap((path) => groupsOf(readText(path), settingName)),
  )
  expect(findings(documents, (text) => groupsOf(text, settingName).filter((name) => !read.has(name)))).toEqual([])
  const documented = new Set(groupsOf(readText('docs/connect-your-systems.md'), settingName))
  const ofProduct = new Set(groupsOf(readText('flows/settings.ts'), settingName))
  expect(ofProduct.size).toBeGreaterThan(20)
  expect([...ofProduct].filter((name) => !documented.has(name))).toEqual([])
})

// --- the project stands alone -----------------------------------------------------------------------------------------

// Put together from parts, so that this file does not hold what it looks for.
const strange = [
  new RegExp(`(?<![\\w.~/-])/${'wo'}rk(?![\\w-])`, 'g'),
  new RegExp(`(?<![\\w./-])(?:/|\\.\\./)*${'sha'}red/`, 'g'),
  new RegExp(`\\b(?:${['cla' + 'ude', 'anth' + 'ropic', 'chat' + 'gpt', 'cop' + 'ilot'].join('|')})\\b`, 'gi'),
]

/** Folders and tools of somebody's machine, which a stranger with a copy of the project does not have. */
function strangersIn(text: string): string[] {
  // A NUL: not a text.
  return text.includes('\0') ? [] : strange.flatMap((pattern) => text.match(pattern) ?? [])
}

/** `NOTES.md`, spelt as pages are: one that no folder of the project has. */
function unknownPages(text: string): string[] {
  const known = new Set(files.map((path) => basename(path)))
  return groupsOf(text, /\b([A-Z][A-Z_-]+\.md)\b/g).filter((page) => !known.has(page))
}

test('no file refers to a folder or a tool outside the project', () => {
  expect(files.length).toBeGreaterThan(200)
  expect(findings(files, strangersIn)).toEqual([])
})

test('no file refers to a page that the project does not have', () => {
  const others = files.filter((path) => path !== 'test/docs.test.ts' && /\.(ts|js|mjs|md|json)$/.test(path))
  expect(findings(others, unknownPages)).toEqual([])
})

test('a folder outside the project and a page that is not there are found', () => {
  const folder = `/${'wo'}rk`
  expect(strangersIn(`see ${folder}/main, not ../workflows/index.ts nor /workspace`)).toEqual([folder])
  expect(strangersIn(`see ${'sha'}red/NOTES.txt`)).toEqual([`${'sha'}red/`])
  expect(unknownPages('see NO-SUCH-PAGE.md, and README.md')).toEqual(['NO-SUCH-PAGE.md'])
})
