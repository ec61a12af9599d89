import type { Command } from 'commander'
import type { RecordKey } from '../../flows/side.ts'
import { type ByOptions, type CommandContext, orderedBy, withClient } from '../command-context.ts'
import { usageFailure } from '../command-failure.ts'
import { findFlow } from '../find-flows.ts'
import { openFlowDesk } from '../flow-desk.ts'
import { addByOptions } from './by-options.ts'

/** The way out of "ambiguous" and "excluded" that makes a new record instead of a link. */
export function addCreate(program: Command, context: CommandContext): void {
  const command = program
    .command('create')
    .description('create the counterpart of a record, although it is ambiguous or was unlinked by hand')
    .argument('<flow>')
    .argument('<record>', 'the record that has none: erp:<id> or shop:<id>')
  addByOptions(command).action(async (flow: string, record: string, options: ByOptions) => {
    const definition = findFlow(flow)
    const key = parseRecordKey(record)
    await withClient(context, async ({ client }, settings) => {
      context.say(`${flow}: ${await openFlowDesk(client, settings, definition).create({ key, ...orderedBy(options) })}`)
    })
  })
}

function parseRecordKey(text: string): RecordKey {
  const [, side, id] = /^(erp|shop):(.+)$/.exec(text) ?? []
  if (id === undefined) {
    throw usageFailure(`"${text}" names no record: write erp: or shop: and its id, such as shop:c-17.`)
  }
  return side === 'erp' ? `erp:${id}` : `shop:${id}`
}
