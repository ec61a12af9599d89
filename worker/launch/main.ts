/** `npm start`: everything on one machine, until Ctrl-C. */
import { loadEnvironment } from '../environment.ts'
import { loadSettings } from '../load-settings.ts'
import { startEverything } from './start-everything.ts'
import { Supervisor } from './supervisor.ts'

const say = (sentence: string) => console.log(sentence)

try {
  const environment = loadEnvironment()
  const settings = loadSettings(environment)
  process.exitCode = await new Supervisor(say).run((supervisor) =>
    startEverything({ settings, environment, supervisor, say }),
  )
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
// Whatever still holds the event loop (a connection that was being opened) is of no use any more.
process.exit()
