import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { flowWorkflowId } from '../../flows/directory.ts'
import { allFlows, isFlowName } from '../../flows/registry.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'

const startScript = fileURLToPath(new URL('../../worker/processes/start.js', import.meta.url))
/** A process of its own: replaying needs the worker, which people's commands do not load. */
const runner = fileURLToPath(new URL('../../worker/replay.ts', import.meta.url))

export function addReplay(program: Command, context: CommandContext): void {
  program
    .command('replay')
    .description('run recorded histories against the present code; nothing is written anywhere')
    .argument(
      '<what>',
      'a flow (all its runs and those of its memory), a workflow id, or a file with a history as JSON',
    )
    .action(async (what: string) => {
      const code = await runReplay(context, replayTarget(what, context.settings().connection))
      if (code !== 0)
        throw new CommandFailure(`The code does not fit what was recorded in ${what}: see the line above.`)
    })
}

/** A file, or the id of the workflow whose histories the server has. */
export function replayTarget(what: string, connection: string, isFile = existsSync): string {
  if (isFlowName(what)) return flowWorkflowId(connection, what)
  if (isFile(what) || what.startsWith(`${connection}.`)) return what
  throw usageFailure(
    `"${what}" is no flow (${allFlows.map((flow) => flow.name).join(', ')}), no workflow id (${connection}.…) and no file that exists.`,
  )
}

export function runReplay(context: CommandContext, target: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [startScript, runner, target], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...context.environment },
      signal: context.signal,
    })
    for (const stream of [child.stdout, child.stderr]) {
      let rest = ''
      stream.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) context.say(line)
      })
      stream.on('end', () => {
        if (rest !== '') context.say(rest)
      })
    }
    child.once('error', (error) => reject(new CommandFailure(`Replay does not start: ${error.message}.`)))
    child.once('close', (code) => resolve(code ?? 1))
  })
}
