import type { Finding } from './check/compare.ts'

export interface ChaosReport {
  readonly seed: number
  /** Plays the same run again, as far as the clock allows. */
  readonly command: string
  readonly without: string | null
  readonly faults: Readonly<Record<string, number>>
  readonly operations: Readonly<Record<string, number>>
  readonly refusedPeople: Readonly<Record<string, number>>
  /** What became of the webhooks of the load; taken: a worker heard it. */
  readonly webhooks: { readonly taken: number; readonly refusedOrUnheard: number; readonly lost: number }
  readonly records: Readonly<Record<string, number>>
  readonly lost: number
  readonly duplicated: number
  readonly diverged: number
  readonly findings: readonly (Finding & { readonly history: readonly string[] })[]
  /** From the end of the load and the faults to both systems being equal and every flow at rest; null: never, in the time given. */
  readonly settledAfterSeconds: number | null
  /** Writes to both systems in the round after that, in which nothing happens. */
  readonly quietWrites: number
  /** Records listed as vanished that stand in both systems. */
  readonly falseAlarms: number
  readonly loadSeconds: number
  /** What the flows list for people to see to, in words; explains findings. */
  readonly inbox: readonly string[]
}

/** Of the longest name in a table. */
const NAME_WIDTH = 44

/** The promise held: nothing lost, doubled or different, nothing said to be gone that is there, everything at rest, and rest is rest. */
export function isClean(report: ChaosReport): boolean {
  const { lost, duplicated, diverged, falseAlarms, settledAfterSeconds, quietWrites } = report
  return lost + duplicated + diverged + falseAlarms + quietWrites === 0 && settledAfterSeconds !== null
}

export function reportText(report: ChaosReport): string {
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((total, count) => total + count, 0)
  const table = (title: string, counts: Readonly<Record<string, number>>) => [
    `${title} (${sum(counts)})`,
    ...Object.entries(counts).map(([name, count]) => `  ${name.padEnd(NAME_WIDTH)} ${count}`),
  ]
  return [
    `seed ${report.seed}${report.without === null ? '' : `, without the safeguard ${report.without}`}, load of ${report.loadSeconds} s`,
    ...table('faults', report.faults),
    ...table('what people did', report.operations),
    ...(sum(report.refusedPeople) === 0 ? [] : table('what the systems refused people', report.refusedPeople)),
    `webhooks: ${report.webhooks.taken} taken, ${report.webhooks.refusedOrUnheard} given up, ${report.webhooks.lost} lost on purpose`,
    ...table('records compared', report.records),
    report.settledAfterSeconds === null ? 'did not settle' : `settled ${report.settledAfterSeconds} s after the load`,
    `writes in a quiet round: ${report.quietWrites}`,
    ...(report.falseAlarms === 0 ? [] : [`listed as vanished though both stand: ${report.falseAlarms}`]),
    `lost ${report.lost}, duplicated ${report.duplicated}, diverged ${report.diverged}`,
    ...report.findings
      .slice(0, 20)
      .flatMap(({ kind, mark, what, history }) => [
        `  ${kind} ${mark}: ${what}`,
        ...history.slice(-12).map((line) => `      ${line}`),
      ]),
    ...(report.findings.length > 20 ? [`  … and ${report.findings.length - 20} more`] : []),
    ...report.inbox.slice(0, 10).map((line) => `  listed: ${line}`),
    isClean(report) ? 'clean' : `NOT clean; the same again: ${report.command}`,
  ].join('\n')
}
