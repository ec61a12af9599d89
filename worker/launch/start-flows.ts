import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startScript } from '../processes/start-script.ts'

const clientMain = fileURLToPath(new URL('../../client/main.ts', import.meta.url))

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Starts every flow, or finds them running, as `npx kobling start` does; returns once all of them run.
 * @throws one sentence with the command's last words
 */
export async function startFlows(environment: Environment, signal: AbortSignal): Promise<void> {
  const { code, errors, output } = await runClient(['start'], environment, signal)
  if (code === 0) return
  const lastWords = (errors.trim() || output.trim()).split('\n').at(-1)
  throw new Error(`The flows do not start: ${lastWords || `kobling start ended with exit code ${code}`}`)
}

/**
 * Puts back what ended or fails since the last start, as `npx kobling check --repair --workflows` does (E25). What cannot be put back
 * is said and stops nothing: the flow itself says what it waits for.
 */
export async function repairFlows(
  environment: Environment,
  signal: AbortSignal,
  say: (sentence: string) => void,
): Promise<void> {
  const { code, errors, output } = await runClient(['check', '--repair', '--workflows'], environment, signal)
  if (code === 0 && !output.includes('was put back')) return
  for (const line of `${output}\n${errors}`.split('\n')) if (line.trim() !== '') say(line)
}

/**
 * Has the flows go on with the version of the worker that serves, as `npx kobling upgrade --move` does: here no earlier worker is left
 * to end what it began. What stays behind is said and stops nothing: repairing comes next.
 */
export async function upgradeFlows(
  environment: Environment,
  signal: AbortSignal,
  say: (sentence: string) => void,
): Promise<void> {
  const { output, errors } = await runClient(['upgrade', '--move'], environment, signal)
  for (const line of `${output}\n${errors}`.split('\n')) if (line.trim() !== '') say(line)
}

/** What `npx kobling status --json` answers, parsed but not judged. */
export async function readStatus(environment: Environment, signal: AbortSignal): Promise<unknown> {
  const { code, output } = await runClient(['status', '--json'], environment, signal)
  return code === 0 ? (JSON.parse(output) as unknown) : undefined
}

/**
 * The command line runs as a process of its own: worker/ does not import client/. Its own group keeps Ctrl-C away from it, so
 * that stopping has one order.
 */
function runClient(args: readonly string[], environment: Environment, signal: AbortSignal) {
  return new Promise<{ code: number | null; output: string; errors: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [startScript, clientMain, ...args], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment },
      signal,
    })
    const kill = () => void child.kill('SIGKILL')
    process.once('exit', kill)
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    child.once('error', reject)
    child.once('close', (code) => {
      process.off('exit', kill)
      resolve({ code, output, errors })
    })
  })
}
