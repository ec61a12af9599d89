/** `npm run conformance`: the kit on a webshop sandbox of its own, with webhooks, in a process and a folder of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultWebhookSecret, readerKey } from '../../sandbox/webshop/sandbox-keys.ts'
import { findFreePort } from '../../worker/processes/busy-port.ts'
import { startProcess } from './processes.ts'

const key = 'conformance-key'
const folder = mkdtempSync(join(tmpdir(), 'kobling-conformance-'))
const logFile = join(folder, 'sandbox.log')
const listen = String(await findFreePort())
const sandbox = startProcess({
  entry: 'sandbox/webshop/main.ts',
  folder,
  logFile,
  environment: {
    WEBSHOP_SANDBOX_PORT: '0',
    KOBLING_DATA_DIR: folder,
    WEBSHOP_API_KEY: key,
    WEBSHOP_WEBHOOK_URL: `http://127.0.0.1:${listen}/webhooks/conformance`,
  },
})
try {
  await sandbox.said('listening on')
  const url = /listening on (\S+)/.exec(readFileSync(logFile, 'utf8'))?.[1] ?? ''
  const hooks = ['--webhook-secret', defaultWebhookSecret, '--listen', listen]
  const args = ['conformance', '--url', url, '--key', key, '--reader-key', readerKey, ...hooks, '--invoice']
  const kobling = fileURLToPath(new URL('../../client/kobling.js', import.meta.url))
  const kit = spawn(process.execPath, [kobling, ...args, ...process.argv.slice(2)], { stdio: 'inherit' })
  // Ctrl-C reaches the kit too, which ends by itself once it has cleaned up.
  process.on('SIGINT', () => undefined)
  process.exitCode = await new Promise<number>((resolve) => kit.once('close', (code) => resolve(code ?? 1)))
} finally {
  await sandbox.kill()
  rmSync(folder, { recursive: true })
}
