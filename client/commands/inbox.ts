import type { Command } from 'commander'
import type { InboxEntry } from '../../workflows/messages.ts'
import { type ByOptions, type CommandContext, orderedBy, withDesks } from '../command-context.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import type { FlowDesk } from '../flow-desk.ts'
import { inboxText } from '../text/inbox-text.ts'
import { addByOptions } from './by-options.ts'

interface InboxOptions extends ByOptions {
  readonly json?: boolean
  readonly retry?: string
  readonly approve?: string
}

export function addInbox(program: Command, context: CommandContext): void {
  const command = program
    .command('inbox')
    .description('what needs a person, and what waits by itself, each with its way out')
    .argument('[flow]', 'one flow; all when none is named')
    .option('--json', 'for scripts: [{ flow, entries: [...] }]')
    .option('--retry <id>', 'look at this entry (or record, such as shop:c-17) again now')
    .option('--approve <id>', 'say yes to the proposed deletion: the remaining record is archived')
  addByOptions(command).action(async (flow: string | undefined, options: InboxOptions) => {
    if (options.retry !== undefined && options.approve !== undefined) {
      throw usageFailure('One thing at a time: give --retry or --approve, not both.')
    }
    await withDesks(context, flow, async (desks) => {
      if (options.retry !== undefined) return retry(context, desks, options.retry, options)
      if (options.approve !== undefined) return approve(context, desks, options.approve, options)
      return list(context, desks, options)
    })
  })
}

async function list(context: CommandContext, desks: readonly FlowDesk[], { json }: InboxOptions): Promise<void> {
  const inboxes = await Promise.all(
    desks.map(async (desk) => ({ flow: desk.definition.name, entries: await desk.inbox() })),
  )
  if (json === true) {
    context.say(JSON.stringify(inboxes, null, 2))
    return
  }
  for (const { flow, entries } of inboxes) {
    for (const line of inboxText(flow, entries, context.now(), context.paint)) context.say(line)
  }
}

async function retry(
  context: CommandContext,
  desks: readonly FlowDesk[],
  id: string,
  options: ByOptions,
): Promise<void> {
  const desk = await deskOfEntry(desks, id, { recordsToo: true })
  const count = await desk.retry({ id, ...orderedBy(options) })
  context.say(`${desk.definition.name}: ${id} is looked at again (${count} ${count === 1 ? 'record' : 'records'})`)
}

async function approve(
  context: CommandContext,
  desks: readonly FlowDesk[],
  id: string,
  options: ByOptions,
): Promise<void> {
  const desk = await deskOfEntry(desks, id, { recordsToo: false })
  context.say(`${desk.definition.name}: ${await desk.approveDelete({ id, ...orderedBy(options) })}`)
}

/** The flow whose inbox has the entry; a record's key need not be in it, but then only one flow can be meant. */
async function deskOfEntry(
  desks: readonly FlowDesk[],
  id: string,
  { recordsToo }: { readonly recordsToo: boolean },
): Promise<FlowDesk> {
  const shown: InboxEntry[] = []
  for (const desk of desks) {
    const entries = await desk.inbox()
    if (entries.some((entry) => entry.id === id)) return desk
    shown.push(...entries)
  }
  const [only, ...others] = desks
  if (recordsToo && only !== undefined && others.length === 0 && /^(erp|shop):./.test(id)) return only
  throw new CommandFailure(
    `There is no inbox entry "${id}": \`kobling inbox\` lists the ${shown.length} ${shown.length === 1 ? 'entry' : 'entries'} there are.`,
  )
}
