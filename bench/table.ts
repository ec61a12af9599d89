import { type Figure, isMet, rounded } from './figure.ts'
import type { Conditions } from './machine.ts'

export interface ScenarioResult {
  readonly name: string
  readonly title: string
  readonly figures: readonly Figure[]
  readonly failure: string | null
  readonly tookSeconds: number
}

/** As a Markdown table, so that it can stand in docs/benchmark.md as printed. */
export function printTable(conditions: Conditions, results: readonly ScenarioResult[]): string {
  const { date, revision, cores, processor, memoryGiB, node, loadBefore } = conditions
  const head = `${date} UTC, revision ${revision}, ${cores} cores (${processor}), ${memoryGiB} GiB, Node ${node}, load before ${loadBefore}`
  const rows = results.flatMap((result) => rowsOf(result))
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...[titles, ...rows].map((row) => (row[column] ?? '').length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const table = [line(titles), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)]
  const failures = results
    .filter(({ failure }) => failure !== null)
    .map(({ name, failure }) => `${name} failed: ${failure}\n`)
  return `${head}\n\n${table.join('\n')}\n${failures.length > 0 ? `\n${failures.join('\n')}` : ''}`
}

const titles = ['scenario', 'figure', 'value', 'target', 'how, and what belongs to it']

function rowsOf({ name, figures, failure, tookSeconds }: ScenarioResult): string[][] {
  if (failure !== null) return [[name, 'FAILED', '', '', `after ${tookSeconds} s; see below`]]
  return figures.map((figure, index) => [
    index === 0 ? name : '',
    figure.name,
    `${rounded(figure.value)} ${figure.unit}`,
    targetOf(figure),
    [figure.how, figure.note].filter((part) => part !== '').join('; '),
  ])
}

function targetOf(figure: Figure): string {
  const { target } = figure
  if (target === null) return ''
  const bound = 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`
  return `${bound} ${isMet(figure) ? 'met' : 'MISSED'}`
}
