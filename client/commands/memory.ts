import type { Command } from 'commander'
import { examineConnection } from '../../activities/upkeep/examine-connection.ts'
import { MemoryFileError, readMemoryFile, writeMemoryFile } from '../../activities/upkeep/memory-file.ts'
import { readFlowMemory } from '../../activities/upkeep/read-flow-memory.ts'
import type { FlowMemory, MemoryFile } from '../../flows/memory-file.ts'
import type { Settings } from '../../flows/settings.ts'
import { type CommandContext, withDesks } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import type { ConnectedClient } from '../connect.ts'
import { eachFlow } from '../each-flow.ts'
import { explainFailure } from '../explain-failure.ts'
import type { FlowDesk } from '../flow-desk.ts'
import { hasMemory, mergeIntoFlow, rebuildFlow, restoreFlow } from '../memory/restore-flow.ts'

/** The memory as a whole: out to a file, back from one, and anew from both systems. */
export function addMemory(program: Command, context: CommandContext): void {
  program
    .command('export')
    .description('everything that the flows know, in one file with a checksum')
    .argument('[flow]', 'one flow; all that run when none is named')
    .requiredOption('--to <file>', 'the file to write; it names people, so keep it as you keep customer data')
    .action(async (flow: string | undefined, { to }: { readonly to: string }) => {
      await withDesks(context, flow, (desks, connected, settings) => exportTo(context, connected, settings, desks, to))
    })
  program
    .command('import')
    .description('what an export holds, back into the flows: adds what they do not know')
    .argument('<file>')
    .argument('[flow]', 'only this one of the file')
    .option(
      '--replace',
      'give up what the flow knows now for what the file says: newer links, unlinks and deletions are lost',
    )
    .action(async (path: string, flow: string | undefined, { replace }: { readonly replace?: boolean }) => {
      await withDesks(context, flow, async (desks, { client }, settings) => {
        const file = await read(path, settings)
        const chosen = desks.filter(({ definition }) => file.flows.some((memory) => memory.flow === definition.name))
        if (chosen.length === 0)
          throw new CommandFailure(`${path} holds nothing of ${flow}: name another flow or file.`)
        await eachFlow(chosen, async (desk) => {
          const memory = file.flows.find((each) => each.flow === desk.definition.name) as FlowMemory
          const { existence } = await desk.standing()
          const isEmpty = existence !== 'running' && !(await hasMemory(client, settings, desk))
          if (existence !== 'running' && !isEmpty && replace !== true)
            throw new CommandFailure(
              `${memory.flow} has ended, and what it knew can be had back as it was: \`kobling check --repair\`; or add --replace to give it up for the file.`,
            )
          const restore = isEmpty || replace === true ? restoreFlow : mergeIntoFlow
          context.say(`${memory.flow}: ${await restore(client, settings, desk, memory)}`)
        })
      })
    })
  program
    .command('rebuild')
    .description('a memory that is lost, found again by both systems’ references and keys, without duplicates')
    .argument('[flow]', 'one flow; all when none is named')
    .option('--force', 'also where nothing is wrong with it: unlinks, settled deletions and agreed values are lost')
    .action(async (flow: string | undefined, { force }: { readonly force?: boolean }) => {
      await withDesks(context, flow, async (desks, { client }, settings) => {
        await eachFlow(desks, async (desk) => {
          const { name } = desk.definition
          if (force !== true) await assertIll(client, settings, desk)
          const generation = await rebuildFlow(client, settings, desk)
          context.say(`${name}: begins anew (generation ${generation}); \`kobling status ${name}\` shows what it links`)
        })
      })
    })
}

async function exportTo(
  context: CommandContext,
  { client }: ConnectedClient,
  settings: Settings,
  desks: readonly FlowDesk[],
  path: string,
): Promise<void> {
  const exportedAt = new Date(context.now()).toISOString()
  const flows: FlowMemory[] = []
  for (const desk of desks) {
    const { name } = desk.definition
    if (desks.length > 1 && (await desk.standing()).existence !== 'running') {
      context.say(`${name}: does not run, left out`)
      continue
    }
    flows.push(
      await readFlowMemory(client, settings.connection, desk.definition).catch((error: unknown) => {
        throw explainFailure(error, settings, `flow ${name}`, name)
      }),
    )
  }
  if (flows.length === 0) throw new CommandFailure('No flow runs, so there is nothing to export: run `kobling start`.')
  const header = await writeMemoryFile(path, { connection: settings.connection, exportedAt, flows }).catch(() => {
    throw new CommandFailure(`${path} cannot be written: name a file in a folder that exists and may be written.`)
  })
  for (const { flow, rows, kinds } of header.flows) {
    const sums = Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`)
    context.say(`${flow}: ${rows} rows${sums.length === 0 ? '' : ` (${sums.join(', ')})`}`)
  }
  context.say(path)
}

async function read(path: string, settings: Settings): Promise<MemoryFile> {
  const file = await readMemoryFile(path).catch((error: unknown) => {
    throw error instanceof MemoryFileError ? new CommandFailure(error.message) : error
  })
  const { connection } = file.header
  if (connection !== settings.connection)
    throw new CommandFailure(
      `${path} is of the connection ${connection} and this one is ${settings.connection}: their links have nothing to do with each other.`,
    )
  return file
}

/** @throws CommandFailure where the flow and its memory are well */
async function assertIll(client: ConnectedClient['client'], settings: Settings, desk: FlowDesk): Promise<void> {
  const { name } = desk.definition
  const options = { connection: settings.connection, repair: false, reviveFlows: false }
  for await (const { found, notStarted } of examineConnection(client, options, [name])) {
    if (found.length > 0 || notStarted) return
  }
  throw new CommandFailure(
    `The memory of ${name} is well, and a rebuild would forget unlinks, settled deletions and what was agreed: add --force if that is meant.`,
  )
}
