import type { Command } from 'commander'
import { type ByOptions, type CommandContext, orderedBy, withDesks } from '../command-context.ts'
import { eachFlow } from '../each-flow.ts'
import { ensureSchedules } from '../schedules.ts'
import { addByOptions } from './by-options.ts'

export function addStart(program: Command, context: CommandContext): void {
  const command = program
    .command('start')
    .description('start the flows, or let stopped ones go on')
    .argument('[flow]', 'one flow; all when none is named')
  addByOptions(command).action(async (flow: string | undefined, options: ByOptions) => {
    await withDesks(context, flow, async (desks, { client }, settings) => {
      await eachFlow(desks, async (desk) => {
        const { started, phase } = await desk.start(orderedBy(options))
        context.say(`${desk.definition.name}: ${started ? 'started' : `runs already (${phase})`}`)
      })
      const problem = await ensureSchedules(client, settings)
      if (problem !== null) context.say(problem)
    })
  })
}
