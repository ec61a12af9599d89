import { temporalUrl } from '../addresses.ts'
import { CommandFailure } from '../command-failure.ts'
import { replayTarget, runReplay } from '../commands/replay.ts'
import type { TourStep } from './tour-step.ts'

export const replayedHistory: TourStep = {
  name: 'All of it runs again from its history, step by step to the same end',
  async run(world) {
    const { name } = world.desk.definition
    world.command(`npx kobling replay ${name}`)
    const lines: string[] = []
    const target = replayTarget(name, world.settings.connection)
    const code = await runReplay({ ...world.context, say: (line) => lines.push(line) }, target)
    for (const line of lines.slice(-4)) world.saw(line)
    if (code !== 0) throw new CommandFailure('The history does not fit the present code.')
    const url = temporalUrl(world.settings, world.desk.workflowId)
    if (url !== null) world.link(url)
  },
}
