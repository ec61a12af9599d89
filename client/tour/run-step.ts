import { CommandFailure } from '../command-failure.ts'
import { SystemRefusal } from '../console/systems/system-records.ts'
import type { TourStep, TourWorld } from './tour-step.ts'

/** @throws CommandFailure that names the step, when something that it claims did not happen */
export async function runStep(step: TourStep, world: TourWorld): Promise<void> {
  try {
    await step.run(world)
  } catch (error) {
    if (error instanceof CommandFailure || error instanceof SystemRefusal) {
      throw new CommandFailure(`The tour failed at "${step.name}": ${error.message}`)
    }
    throw error
  }
}
