/** For scripts: obtains the embedded server's binary and prints its path as the only line on standard output. */
import { readSettings } from '../../flows/settings.ts'
import { loadEnvironment } from '../environment.ts'
import { obtainTemporalServer } from './obtain-server.ts'

try {
  const environment = loadEnvironment()
  const settings = readSettings(environment)
  const say = (sentence: string) => void process.stderr.write(`${sentence}\n`)
  const server = await obtainTemporalServer({
    cli: settings.temporal.cli,
    cacheDir: settings.cacheDir,
    say,
    environment,
  })
  process.stdout.write(`${server.binary}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
