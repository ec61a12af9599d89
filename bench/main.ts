import { mkdirSync } from 'node:fs'
import { type Figure, isMet, type Scenario } from './figure.ts'
import { type Ground, startGround } from './ground.ts'
import { readConditions } from './machine.ts'
import { scenarios } from './scenarios/all.ts'
import { printTable, type ScenarioResult } from './table.ts'

const usage = `npm run bench -- [scenario …] [--json] [--rounds <n>] [--profile <folder>]

${scenarios.map(({ name, title }) => `  ${name.padEnd(15)}${title}`).join('\n')}
`

/** `npm run bench`: measures the engine against its targets. Exits with 1 when a scenario fails, not when a target is missed. */
async function main(words: readonly string[]): Promise<number> {
  const chosen = readArguments(words)
  if (chosen === null) {
    process.stderr.write(usage)
    return 2
  }
  const conditions = readConditions()
  const say = (text: string) => void process.stderr.write(`${text}\n`)
  const ground = await startGround({ ...chosen, say })
  // The server has a process group of its own: nobody else ends it.
  const onSignal = () => void ground.close().finally(() => process.exit(130))
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  const results: ScenarioResult[] = []
  try {
    for (const scenario of chosen.scenarios) results.push(await runScenario(scenario, ground))
  } finally {
    await ground.close()
  }
  process.stdout.write(
    chosen.json
      ? `${JSON.stringify({ conditions, results: results.map(withVerdicts) }, null, 2)}\n`
      : printTable(conditions, results),
  )
  return results.some((result) => result.failure !== null) ? 1 : 0
}

async function runScenario(scenario: Scenario, ground: Ground): Promise<ScenarioResult> {
  const { name, title } = scenario
  ground.say(`${name}: ${title}`)
  const began = performance.now()
  const took = (): number => Math.round((performance.now() - began) / 1_000)
  try {
    return { name, title, figures: await scenario.run(ground), failure: null, tookSeconds: took() }
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { name, title, figures: [], failure, tookSeconds: took() }
  }
}

function withVerdicts(result: ScenarioResult) {
  return { ...result, figures: result.figures.map((figure: Figure) => ({ ...figure, met: isMet(figure) })) }
}

interface Chosen {
  readonly scenarios: readonly Scenario[]
  readonly json: boolean
  readonly rounds: number
  readonly profileFolder: string | null
}

function readArguments(words: readonly string[]): Chosen | null {
  const names: string[] = []
  let json = false
  let rounds = 3
  let profileFolder: string | null = null
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '--json') json = true
    else if (word === '--rounds') rounds = Number(words[++at])
    else if (word === '--profile') profileFolder = words[++at] ?? ''
    else names.push(word)
  }
  const chosen = names.length === 0 ? scenarios : scenarios.filter(({ name }) => names.includes(name))
  const isWrong =
    !(Number.isInteger(rounds) && rounds > 0) ||
    profileFolder === '' ||
    names.some((name) => !scenarios.some((known) => known.name === name))
  if (isWrong) return null
  if (profileFolder !== null) mkdirSync(profileFolder, { recursive: true })
  return { scenarios: chosen, json, rounds, profileFolder }
}

process.exitCode = await main(process.argv.slice(2))
process.exit()
