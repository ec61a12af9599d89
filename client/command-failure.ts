/** What a person is told when a command cannot do its work: one sentence with what to do next, never a stack trace. */
export class CommandFailure extends Error {
  readonly exitCode: number

  constructor(sentence: string, exitCode: ExitCode = exitCodes.failed) {
    super(sentence)
    this.exitCode = exitCode
  }
}

export const exitCodes = { done: 0, failed: 1, usage: 2 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export function usageFailure(sentence: string): CommandFailure {
  return new CommandFailure(sentence, exitCodes.usage)
}
