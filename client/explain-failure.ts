import {
  QueryNotRegisteredError,
  QueryRejectedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { isKeyTrouble } from '../flows/codec-keys.ts'
import type { Settings } from '../flows/settings.ts'
import { CommandFailure } from './command-failure.ts'
import { grpcCode, noServerSentence } from './connect.ts'

const grpc = { cancelled: 1, deadline: 4, exhausted: 8, precondition: 9, unavailable: 14 } as const

/** The server's word for a workflow that can be neither asked nor told anything at this moment. */
export function isNotReady(error: unknown): boolean {
  return grpcCode(error) === grpc.precondition
}

/**
 * What went wrong with a flow, as one sentence with the next step.
 * @param what how the sentence names the workflow: `flow customers`
 */
export function explainFailure(error: unknown, settings: Settings, what: string, flow?: string): CommandFailure {
  if (error instanceof CommandFailure) return error
  return new CommandFailure(sentenceOf(error, settings, what, flow))
}

function sentenceOf(error: unknown, settings: Settings, what: string, flow: string | undefined): string {
  const start = flow === undefined ? '`kobling start`' : `\`kobling start ${flow}\``
  if (error instanceof WorkflowNotFoundError) return `The ${what} has not been started: run ${start}.`
  if (error instanceof QueryRejectedError) {
    return `The ${what} has ended and does nothing any more: \`kobling check --repair\` puts it back with its memory, ${start} starts it anew.`
  }
  // Wherever the key is missing, here or in the worker: the sentence is the same, and names it.
  if (isKeyTrouble(innermost(error))) return innermost(error)
  if (error instanceof WorkflowUpdateFailedError) return withFullStop(innermost(error))
  if (error instanceof QueryNotRegisteredError) {
    return `The ${what} does not know this question: worker and command line are of different versions, so update both.`
  }
  const code = grpcCode(error)
  if (code === grpc.unavailable) return noServerSentence(settings)
  if (
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    code === grpc.deadline ||
    code === grpc.cancelled ||
    code === grpc.precondition
  ) {
    return `No worker answers for the ${what}: start everything with \`npm start\`, or look into the worker's log.`
  }
  if (code === grpc.exhausted) return `The ${what} is too busy to answer: try again in some seconds.`
  return withFullStop(innermost(error))
}

function innermost(error: unknown): string {
  let current = error
  while (current instanceof Error && current.cause instanceof Error) current = current.cause
  const text = current instanceof Error ? current.message : String(current)
  return text.split('\n')[0]?.trim() || 'something failed without saying why'
}

function withFullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
