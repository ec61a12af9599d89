import { type CommandContext, commandContext } from '../../client/command-context.ts'
import { runCommandLine } from '../../client/command-line.ts'
import type { Settings } from '../../flows/settings.ts'

/** The command line under these settings, in this process: its exit code and everything that it said. */
export function koblingOf(settings: Settings) {
  return async (...args: string[]): Promise<{ code: number; said: string }> => {
    const said: string[] = []
    const context: CommandContext = {
      ...commandContext({}, new AbortController().signal),
      say: (line) => said.push(line),
      settings: () => settings,
    }
    const code = await runCommandLine(args, context, (sentence) => said.push(sentence))
    return { code, said: said.join('\n') }
  }
}
