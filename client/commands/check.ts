import type { Command } from 'commander'
import { type ExaminedFlow, examineConnection } from '../../activities/upkeep/examine-connection.ts'
import { type AuditReport, isClean, type WorkflowFinding } from '../../flows/audit.ts'
import type { Settings } from '../../flows/settings.ts'
import { type CommandContext, withClient } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import type { ConnectedClient } from '../connect.ts'
import { explainFailure } from '../explain-failure.ts'
import { runAudit } from '../run-audit.ts'
import { auditLines } from '../text/audit-text.ts'
import { plainText } from '../text/plain-text.ts'

interface CheckOptions {
  readonly repair?: boolean
  readonly workflows?: boolean
  readonly json?: boolean
}

/** What `--json` prints; `audit` null: it was not asked for, or there was nothing to compare. */
export interface CheckReport {
  readonly clean: boolean
  readonly workflows: readonly WorkflowFinding[]
  readonly audit: AuditReport | null
}

export function addCheck(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('whether everything is well: the workflows run, and both systems and the memory agree')
    .option(
      '--repair',
      'put back workflows (with memory, signals and updates), and have the flows look at what differs',
    )
    .option('--workflows', 'only whether the workflows run: neither system is read')
    .option('--json', 'for scripts: { clean, workflows, audit }')
    .action(async (options: CheckOptions) => {
      await withClient(context, async (connected, settings) => {
        const say = options.json === true ? () => undefined : context.say
        const examined = await examine(connected, settings, options.repair === true, say)
        const workflows = examined.flatMap(({ found }) => found)
        const ill = workflows.filter((finding) => !finding.repaired).length
        const isAnyStarted = examined.some(({ notStarted }) => !notStarted)
        // What does not run cannot be compared; a person repairs first, or says so.
        const audit =
          ill === 0 && isAnyStarted && options.workflows !== true
            ? await runAudit(connected, settings, { repair: options.repair === true, signal: context.signal })
            : null
        if (audit !== null) for (const line of auditLines(audit)) say(line)
        const clean = ill === 0 && (audit === null || isClean(audit))
        if (options.json === true)
          context.say(JSON.stringify({ clean, workflows, audit } satisfies CheckReport, null, 2))
        if (!clean) throw new CommandFailure(verdict(ill, options.repair === true))
      })
    })
}

async function examine(
  { client }: ConnectedClient,
  settings: Settings,
  repair: boolean,
  say: (line: string) => void,
): Promise<ExaminedFlow[]> {
  const examined: ExaminedFlow[] = []
  try {
    for await (const one of examineConnection(client, {
      connection: settings.connection,
      repair,
      reviveFlows: repair,
    })) {
      examined.push(one)
      for (const { says } of one.found) say(plainText(says))
      if (one.notStarted) say(`${one.flow}: not started`)
      else if (one.found.every(({ repaired }) => repaired))
        say(`${one.flow}: the flow and ${one.leaves} leaves of its memory are well`)
    }
    return examined
  } catch (error) {
    throw explainFailure(error, settings, 'check of the workflows')
  }
}

function verdict(ill: number, repair: boolean): string {
  if (ill > 0)
    return repair
      ? `${ill} could not be put back: see above.`
      : `${ill} ${ill === 1 ? 'needs' : 'need'} repair: run \`kobling check --repair\`.`
  return repair
    ? 'Not everything could be settled: docs/runbook.md says what to do with each kind.'
    : 'The systems and the memory differ: run `kobling check --repair`, and see docs/runbook.md for what stays.'
}
