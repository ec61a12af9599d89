import { existsSync, readdirSync } from 'node:fs'
import { createSettings, type SwitchRequest } from '../sandbox/poweroffice/settings.ts'
import { type Mutation, mutations } from './mutations.ts'

export interface ChaosArguments {
  readonly seed: number
  readonly minutes: number
  /** kill -9 of a worker or of the Temporal server, so many in all. */
  readonly kills: number
  /** What people do in both systems, so many things a second. */
  readonly rate: number
  /** So many people at once, each with records of their own. */
  readonly people: number
  /** So many records at most, orders among them: a long run edits what there is instead of making ever more. */
  readonly records: number
  readonly json: boolean
  /** A safeguard of the engine that is taken out, to see that the run notices; null: none. */
  readonly mutation: Mutation | null
  /** Switches of the PowerOffice sandbox, beside those of every run. */
  readonly switches: SwitchRequest
  /** Where logs and data stay after the run; null: in a temporary folder that goes away. */
  readonly keep: string | null
}

export const usage = `npm run chaos -- [--seed 1] [--minutes 3] [--kills 20] [--rate 12] [--people 1] [--records 2000] [--json] [--keep <folder>] [--without <safeguard>] [--switches <JSON>]

Starts a Temporal server, both sandboxes and two workers, edits both systems while processes are killed and requests fail,
lets it all settle, and compares both systems record by record. Exits with 0 when nothing is lost, doubled or different.
--switches are of the PowerOffice sandbox (docs/switches.md), for example '{"latencyMs": 200}'.

Safeguards that can be taken out, to see that the run notices (some with other options than the usual, unless they are given):
${mutations.map(({ name, what }) => `  ${name.padEnd(20)}${what}`).join('\n')}
`

const options = [
  '--seed',
  '--minutes',
  '--kills',
  '--rate',
  '--people',
  '--records',
  '--keep',
  '--without',
  '--switches',
]

/** @throws Error with one sentence for a wrong argument */
export function readArguments(words: readonly string[]): ChaosArguments {
  const given: Record<string, string> = {}
  let json = false
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const name = options.find((known) => known === word)
    if (word === '--json') json = true
    else if (name === undefined) throw new Error(`'${word}' is not known here.`)
    else {
      const value = words[++at]
      if (value === undefined || value.startsWith('--')) throw new Error(`${name} needs a value.`)
      given[name] = value
    }
  }
  const without = given['--without']
  const mutation = without === undefined ? null : mutations.find(({ name }) => name === without)
  if (mutation === undefined) throw new Error(`There is no safeguard '${without}'.`)
  const values = { ...mutation?.world, ...given }
  return {
    seed: readNumber(values, '--seed', 1),
    minutes: readNumber(values, '--minutes', 3),
    kills: readNumber(values, '--kills', 20),
    rate: readNumber(values, '--rate', 12),
    people: Math.max(1, readNumber(values, '--people', 1)),
    records: readNumber(values, '--records', 2_000),
    json,
    mutation,
    switches: readSwitches(values['--switches'] ?? '{}'),
    keep: emptyFolder(values['--keep'] ?? null),
  }
}

/** The command that plays this again, with every option that a run goes by; `--json` and `--keep` only say what is done with it. */
export function commandFor(chosen: ChaosArguments): string {
  const switches = JSON.stringify(chosen.switches)
  const words = [
    ...(['seed', 'minutes', 'kills', 'rate', 'people', 'records'] as const).map((name) => `--${name} ${chosen[name]}`),
    ...(switches === '{}' ? [] : [`--switches '${switches}'`]),
    ...(chosen.mutation === null ? [] : [`--without ${chosen.mutation.name}`]),
  ]
  return `npm run chaos -- ${words.join(' ')}`
}

/** What an earlier run left would be taken for this one's. @throws Error when something is there */
function emptyFolder(path: string | null): string | null {
  if (path !== null && existsSync(path) && readdirSync(path).length > 0)
    throw new Error(`--keep takes a folder that is empty or not there yet: ${path} holds something.`)
  return path
}

/** @throws Error that names the switch and what it takes */
function readSwitches(text: string): SwitchRequest {
  let switches: unknown
  try {
    switches = JSON.parse(text)
  } catch {
    throw new Error(`--switches takes a JSON object, not '${text}'.`)
  }
  createSettings().change(switches)
  return switches as SwitchRequest
}

function readNumber(values: Readonly<Record<string, string>>, name: string, otherwise: number): number {
  const text = values[name]
  if (text === undefined) return otherwise
  const value = Number(text)
  if (text === '' || !Number.isFinite(value) || value < 0) throw new Error(`${name} takes a number, not '${text}'.`)
  return value
}
