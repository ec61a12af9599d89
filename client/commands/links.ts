import type { Command } from 'commander'
import type { Settings } from '../../flows/settings.ts'
import { type CommandContext, withClient } from '../command-context.ts'
import type { ConnectedClient } from '../connect.ts'
import { findFlow } from '../find-flows.ts'
import { type FlowDesk, openFlowDesk } from '../flow-desk.ts'
import { readRows } from '../memory/read-rows.ts'
import { linkColumns } from '../text/link-line.ts'
import { plainText } from '../text/plain-text.ts'
import { alignColumns } from '../text/table.ts'

/** Columns line up within so many rows: a million of them are never held to be measured. */
const rowsPerTable = 500

export function addLinks(program: Command, context: CommandContext): void {
  program
    .command('links')
    .description("the flow's memory: every record it has looked at, linked or not")
    .argument('<flow>')
    .action(async (flow: string) => {
      const definition = findFlow(flow)
      await withClient(context, async (connected, settings) => {
        const desk = openFlowDesk(connected.client, settings, definition)
        await printRows(context, connected, settings, desk)
      })
    })
}

async function printRows(
  context: CommandContext,
  { client }: ConnectedClient,
  settings: Settings,
  desk: FlowDesk,
): Promise<void> {
  const counts = new Map<string, number>()
  let table = [['kind', 'PowerOffice', 'webshop', '']]
  const flush = () => {
    for (const line of alignColumns(table)) context.say(line)
    table = []
  }
  for await (const { row } of readRows(client, settings, desk)) {
    counts.set(row.kind, (counts.get(row.kind) ?? 0) + 1)
    table.push(linkColumns(row).map(plainText))
    if (table.length >= rowsPerTable) flush()
  }
  flush()
  const sums = [...counts].map(([kind, count]) => `${count} ${kind}`)
  context.say(sums.length === 0 ? 'The memory is empty.' : `${sums.join(', ')}.`)
}
