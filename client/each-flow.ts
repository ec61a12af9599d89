import { CommandFailure } from './command-failure.ts'
import type { FlowDesk } from './flow-desk.ts'

/**
 * Does the same with every flow, one after the other. One that fails keeps no other from it: what failed is told at the
 * end, a line each.
 */
export async function eachFlow(desks: readonly FlowDesk[], use: (desk: FlowDesk) => Promise<void>): Promise<void> {
  const failures: CommandFailure[] = []
  for (const desk of desks) {
    try {
      await use(desk)
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      failures.push(error)
    }
  }
  // A server that does not answer says so for every flow in the same words.
  const sentences = new Set(failures.map((failure) => failure.message))
  if (sentences.size > 0) throw new CommandFailure([...sentences].join('\n'))
}
