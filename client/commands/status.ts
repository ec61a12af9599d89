import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { type CommandContext, withDesks } from '../command-context.ts'
import { type FlowReport, reportFlow } from '../status-report.ts'
import { statusTable } from '../text/status-table.ts'
import { statusText } from '../text/status-text.ts'

interface StatusOptions {
  readonly watch?: boolean
  readonly json?: boolean
}

const watchEveryMs = 1000
const clearScreen = '\u001b[H\u001b[2J'

export function addStatus(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('how the flows stand: phase, links, last change each way, what waits')
    .argument('[flow]', 'one flow, in detail; a table of all when none is named')
    .option('-w, --watch', 'refresh every second until Ctrl-C')
    .option('--json', 'for scripts: { at, flows: [...] }, one object a line with --watch')
    .action(async (flow: string | undefined, options: StatusOptions) => {
      await withDesks(context, flow, async (desks) => {
        do {
          const reports = await Promise.all(desks.map(reportFlow))
          printReports(context, reports, { ...options, inDetail: flow !== undefined })
          if (options.watch === true) await pause(watchEveryMs, undefined, { signal: context.signal }).catch(() => {})
        } while (options.watch === true && !context.signal.aborted)
      })
    })
}

function printReports(
  context: CommandContext,
  reports: readonly FlowReport[],
  { watch, json, inDetail }: StatusOptions & { readonly inDetail: boolean },
): void {
  const now = context.now()
  if (json === true) {
    context.say(JSON.stringify({ at: new Date(now).toISOString(), flows: reports }, null, watch === true ? 0 : 2))
    return
  }
  const lines = inDetail
    ? reports.flatMap((report) => statusText(report, now, context.paint))
    : statusTable(reports, now, context.paint)
  const clear = watch === true && process.stdout.isTTY ? clearScreen : ''
  context.say(clear + lines.join('\n'))
}
