import type { Command } from 'commander'
import type { By, FlowPhase } from '../../workflows/messages.ts'
import { type ByOptions, type CommandContext, orderedBy, withDesks } from '../command-context.ts'
import { eachFlow } from '../each-flow.ts'
import type { FlowDesk } from '../flow-desk.ts'
import { addByOptions } from './by-options.ts'

/** The orders that change a flow's phase and nothing else. */
const orders: readonly {
  readonly name: string
  readonly description: string
  readonly give: (desk: FlowDesk, by: By) => Promise<FlowPhase>
}[] = [
  {
    name: 'stop',
    description: 'stop the flows: nothing is read or written until `start`; what they know is kept',
    give: (desk, by) => desk.stop(by),
  },
  {
    name: 'pause',
    description: 'pause the flows: what is in hand is finished, then nothing is written',
    give: (desk, by) => desk.pause(by),
  },
  {
    name: 'resume',
    description: 'take back pauses by people and breakers',
    give: (desk, by) => desk.resume(by),
  },
  {
    name: 'approve',
    description: 'allow the first write to systems that are not on this machine',
    give: (desk, by) => desk.approve(by),
  },
]

export function addOrders(program: Command, context: CommandContext): void {
  for (const { name, description, give } of orders) {
    const command = program
      .command(name)
      .description(description)
      .argument('[flow]', 'one flow; all when none is named')
    addByOptions(command).action(async (flow: string | undefined, options: ByOptions) => {
      await withDesks(context, flow, async (desks) => {
        await eachFlow(desks, async (desk) => {
          const phase = await give(desk, orderedBy(options))
          context.say(`${desk.definition.name}: ${phase}`)
        })
      })
    })
  }
}
