import { config } from 'dotenv'
import { parseEnvironment } from './environment.ts'
import { startWebshopSandbox } from './server.ts'
import { startupSentence } from './startup-error.ts'

/** The webshop sandbox as a process of its own: `node --import tsx sandbox/webshop/main.ts`. */
config({ quiet: true })

let port = 0
try {
  const options = parseEnvironment(process.env)
  port = options.port
  const sandbox = await startWebshopSandbox(options)
  const stop = () => {
    sandbox.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  console.log(`webshop sandbox listening on ${sandbox.baseUrl}`)
} catch (error) {
  console.error(startupSentence(error, port))
  process.exit(1)
}
