import type { Command } from 'commander'
import { listed } from '../../flows/environment-values.ts'
import type { InboxEntry } from '../../workflows/messages.ts'
import { type ByOptions, type CommandContext, orderedBy, withDesks } from '../command-context.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import { eachFlow } from '../each-flow.ts'
import type { FlowDesk } from '../flow-desk.ts'
import { type FlowInbox, inboxText } from '../text/inbox-text.ts'
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

/** What could be asked is shown even where a flow does not run; that is told afterwards, and the command fails. */
async function list(context: CommandContext, desks: readonly FlowDesk[], { json }: InboxOptions): Promise<void> {
  const inboxes: FlowInbox[] = []
  const asked = eachFlow(desks, async (desk) => {
    inboxes.push({ flow: desk.definition.name, entries: await desk.inbox() })
  })
  await asked.finally(() => {
    if (json === true) context.say(JSON.stringify(inboxes, null, 2))
    else if (inboxes.length > 0) context.say(inboxText(inboxes, context.now(), context.paint).join('\n'))
  })
}

async function retry(
  context: CommandContext,
  desks: readonly FlowDesk[],
  id: string,
  options: ByOptions,
): Promise<void> {
  const desk = await deskOfEntry(desks, id, 'retry')
  const count = await desk.retry({ id, ...orderedBy(options) })
  context.say(`${desk.definition.name}: ${id} is looked at again (${count} ${count === 1 ? 'record' : 'records'})`)
}

async function approve(
  context: CommandContext,
  desks: readonly FlowDesk[],
  id: string,
  options: ByOptions,
): Promise<void> {
  const desk = await deskOfEntry(desks, id, 'approve')
  context.say(`${desk.definition.name}: ${await desk.approveDelete({ id, ...orderedBy(options) })}`)
}

/**
 * The flow whose inbox has the entry. Ids of the systems are unique within one kind of record only, so several flows may
 * have it. A record's key need not be in an inbox to be looked at again, but then its flow has to be named.
 */
async function deskOfEntry(desks: readonly FlowDesk[], id: string, order: 'retry' | 'approve'): Promise<FlowDesk> {
  const [only, ...others] = desks
  const isNamed = only !== undefined && others.length === 0
  if (isNamed && order === 'retry' && /^(erp|shop):./.test(id)) return only
  const having: FlowDesk[] = []
  let shown = 0
  for (const desk of desks) {
    const entries = await inboxOrNone(desk, { isNamed })
    shown += entries.length
    if (entries.some((entry) => entry.id === id)) having.push(desk)
  }
  const [found, ...more] = having
  if (found === undefined) {
    throw new CommandFailure(
      `There is no inbox entry "${id}": \`kobling inbox\` lists the ${shown} ${shown === 1 ? 'entry' : 'entries'} there are.`,
    )
  }
  if (more.length > 0) {
    const names = listed(having.map(({ definition }) => definition.name))
    throw usageFailure(
      `"${id}" is in the inboxes of ${names}: name the flow, such as \`kobling inbox ${found.definition.name} --${order} ${id}\`.`,
    )
  }
  return found
}

/** While the right flow is looked for, one that does not run has no entry. */
async function inboxOrNone(desk: FlowDesk, { isNamed }: { readonly isNamed: boolean }): Promise<readonly InboxEntry[]> {
  try {
    return await desk.inbox()
  } catch (error) {
    if (isNamed || !(error instanceof CommandFailure)) throw error
    return []
  }
}
