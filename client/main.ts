/** `kobling`: what people can ask the product and tell it. */
import { commandContext } from './command-context.ts'
import { runCommandLine } from './command-line.ts'
import { loadEnvironment } from './environment.ts'

const interrupted = new AbortController()
process.on('SIGINT', () => {
  // A second Ctrl-C does not wait for what the first one asked to end.
  if (interrupted.signal.aborted) process.exit(130)
  interrupted.abort()
})

const context = commandContext(loadEnvironment(), interrupted.signal)
process.exitCode = await runCommandLine(process.argv.slice(2), context, (sentence) => console.error(sentence))
