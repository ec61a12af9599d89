import type { Command } from 'commander'
import { type ByOptions, type CommandContext, orderedBy, withClient } from '../command-context.ts'
import { findFlow } from '../find-flows.ts'
import { openFlowDesk } from '../flow-desk.ts'
import { addByOptions } from './by-options.ts'

/** `link` and `unlink`: both take a pair of ids and are kept with who and why. */
export function addLink(program: Command, context: CommandContext): void {
  addPairCommand(program, context, 'link', 'link two records by hand; the flow then makes them equal')
  addPairCommand(
    program,
    context,
    'unlink',
    'take a link apart: neither record is changed, and they are not matched again',
  )
}

function addPairCommand(program: Command, context: CommandContext, name: 'link' | 'unlink', description: string): void {
  const command = program
    .command(name)
    .description(description)
    .argument('<flow>')
    .argument('<erpId>', "the record's id in PowerOffice")
    .argument('<shopId>', "the record's id in the webshop")
  addByOptions(command).action(async (flow: string, erpId: string, shopId: string, options: ByOptions) => {
    const definition = findFlow(flow)
    await withClient(context, async ({ client }, settings) => {
      const answer = await openFlowDesk(client, settings, definition)[name]({ erpId, shopId, ...orderedBy(options) })
      context.say(`${flow}: ${answer}`)
    })
  })
}
