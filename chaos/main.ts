import { type ChaosArguments, readArguments, usage } from './arguments.ts'
import { isClean, reportText } from './report.ts'
import { runChaos } from './run-chaos.ts'

/** `npm run chaos`. Exits with 0 when nothing was lost, doubled or different, with 1 when something was, with 2 for wrong arguments. */
async function main(words: readonly string[]): Promise<number> {
  let chosen: ChaosArguments
  try {
    chosen = readArguments(words)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 2
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  const report = await runChaos(chosen, (text) => void process.stderr.write(`${text}\n`))
  process.stdout.write(`${chosen.json ? JSON.stringify(report, null, 2) : reportText(report)}\n`)
  return isClean(report) ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
process.exit()
