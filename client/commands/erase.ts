import type { Client } from '@temporalio/client'
import type { Command } from 'commander'
import type { Settings } from '../../flows/settings.ts'
import { type ByOptions, type CommandContext, orderedBy, withClient } from '../command-context.ts'
import { usageFailure } from '../command-failure.ts'
import { findFlow } from '../find-flows.ts'
import { type FlowDesk, openFlowDesk } from '../flow-desk.ts'
import { readRows } from '../memory/read-rows.ts'
import { addByOptions } from './by-options.ts'

interface Ids {
  readonly erpId: string | null
  readonly shopId: string | null
}

/** What kobling itself keeps of a person. The records in both systems are their owners' to delete. */
export function addErase(program: Command, context: CommandContext): void {
  const command = program
    .command('erase')
    .description('erase what the flow itself says about the person of a record; both systems are left alone')
    .argument('<flow>')
    .argument('<record>', 'the record: erp:<id> or shop:<id>')
  addByOptions(command).action(async (flow: string, record: string, options: ByOptions) => {
    const definition = findFlow(flow)
    const named = parseRecord(record)
    await withClient(context, async ({ client }, settings) => {
      const desk = openFlowDesk(client, settings, definition)
      const ids = await withCounterpart(client, settings, desk, named)
      const erased = await desk.erase({ ...ids, ...orderedBy(options) })
      context.say(erasedSentence(flow, ids, erased))
    })
  })
}

export function erasedSentence(flow: string, ids: Ids, erased: number): string {
  const names = [
    ...(ids.erpId === null ? [] : [`erp:${ids.erpId}`]),
    ...(ids.shopId === null ? [] : [`shop:${ids.shopId}`]),
  ].join(' and ')
  return (
    `${flow}: ${erased} ${erased === 1 ? 'place' : 'places'} with words about ${names} erased, and a new run begun. ` +
    "What stays: the record in both systems, ids and hashes in the memory while it stands there, and what ended runs' histories hold until " +
    "Temporal's retention takes them (30 days)."
  )
}

/** Words are kept under either id, and a person names one. */
async function withCounterpart(client: Client, settings: Settings, desk: FlowDesk, named: Ids): Promise<Ids> {
  for await (const { row } of readRows(client, settings, desk)) {
    if (row.kind !== 'linked' && row.kind !== 'gone') continue
    const isIt = named.erpId === null ? row.shopId === named.shopId : row.erpId === named.erpId
    if (isIt) return { erpId: row.erpId, shopId: row.shopId }
  }
  return named
}

function parseRecord(text: string): Ids {
  const [, side, id] = /^(erp|shop):(.+)$/.exec(text) ?? []
  if (id === undefined) {
    throw usageFailure(`"${text}" names no record: write erp: or shop: and its id, such as shop:c-17.`)
  }
  return side === 'erp' ? { erpId: id, shopId: null } : { erpId: null, shopId: id }
}
