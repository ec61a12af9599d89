/** The console: what flows between the two systems, for people, in a browser. */
import { createAdaptorServer } from '@hono/node-server'
import { allFlows } from '../../flows/registry.ts'
import { loadSettings } from '../../worker/load-settings.ts'
import { connectClient } from '../connect.ts'
import { loadEnvironment } from '../environment.ts'
import { consoleApp } from './app.ts'
import { watchFlows } from './flow-watch.ts'

try {
  const settings = loadSettings(loadEnvironment())
  // Lazily: the console outlives a Temporal server that is started again, and says so meanwhile.
  const { client, close } = await connectClient(settings, { lazy: true })
  const watches = watchFlows(client, settings, allFlows)
  const app = consoleApp({ settings, watches, now: Date.now })
  const hostname = settings.consoleToken === null ? '127.0.0.1' : '0.0.0.0'
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.consolePort, hostname, resolve)
  })
  console.log(`console listening on http://127.0.0.1:${settings.consolePort}`)
  endOnSignal(async () => {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
    await close()
  })
} catch (error) {
  console.error(startSentence(error))
  process.exitCode = 1
}

function endOnSignal(end: () => Promise<void>): void {
  let ending = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending) return
      ending = true
      void end().finally(() => process.exit(0))
    })
  }
}

function startSentence(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'The port of the console is taken: set KOBLING_CONSOLE_PORT to a free one.'
  }
  return error instanceof Error ? error.message : String(error)
}
