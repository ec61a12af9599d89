/** `kobling`: what people can ask the product and tell it. */
import { commandContext } from './command-context.ts'
import { runCommandLine } from './command-line.ts'
import { loadEnvironment } from './environment.ts'

/** What a command has begun (a pause that the tour takes back) may end in this time after Ctrl-C. */
let graceMs = 3000
const interruptedCode = 130

const interrupted = new AbortController()
process.on('SIGINT', () => {
  // A second Ctrl-C does not wait for what the first one asked to end.
  if (interrupted.signal.aborted) process.exit(interruptedCode)
  interrupted.abort()
  setTimeout(() => process.exit(interruptedCode), graceMs).unref()
})

const context = commandContext(loadEnvironment(), interrupted.signal, (ms) => {
  graceMs = ms
})
process.exitCode = await runCommandLine(process.argv.slice(2), context, (sentence) => console.error(sentence))
