import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createExchanger } from '../activities/http/exchange.ts'
import { readSettings, secretsOf } from '../flows/settings.ts'
import { hideSecrets } from '../worker/hide-secrets.ts'
import { loadSettings } from '../worker/load-settings.ts'
import { secretSettings } from '../worker/secret-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kobling-secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const keys = Buffer.alloc(32, 7).toString('base64')
const values: Record<(typeof secretSettings)[number], string> = {
  POWEROFFICE_APPLICATION_KEY: 'secret-application',
  POWEROFFICE_CLIENT_KEY: 'secret-client',
  POWEROFFICE_SUBSCRIPTION_KEY: 'secret-subscription',
  WEBSHOP_API_KEY: 'secret-shop',
  WEBSHOP_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 3).toString('base64')}`,
  TEMPORAL_API_KEY: 'secret-temporal',
  KOBLING_CONSOLE_TOKEN: 'secret-console',
  KOBLING_CODEC_KEYS: `k:${keys}`,
  KOBLING_CODEC_TOKEN: 'secret-codec',
}

test('every secret may stand in a file that its setting with _FILE names', () => {
  const environment = Object.fromEntries(
    secretSettings.map((name) => {
      const path = join(folder, name)
      writeFileSync(path, `${values[name]}\n`)
      return [`${name}_FILE`, path]
    }),
  )
  expect(loadSettings(environment)).toEqual(readSettings(values))
})

test('a file that is not there, an empty one and a secret that is given twice are refused by name', () => {
  const path = join(folder, 'empty')
  writeFileSync(path, '\n')
  expect(() => loadSettings({ WEBSHOP_API_KEY_FILE: join(folder, 'none') })).toThrow(
    /^WEBSHOP_API_KEY_FILE is ".*none", which cannot be read: write the path of a file that holds the secret\.$/,
  )
  expect(() => loadSettings({ WEBSHOP_API_KEY_FILE: path })).toThrow(
    /WEBSHOP_API_KEY_FILE is ".*empty", which is empty/,
  )
  expect(() => loadSettings({ WEBSHOP_API_KEY_FILE: path, WEBSHOP_API_KEY: 'x' })).toThrow(
    'WEBSHOP_API_KEY and WEBSHOP_API_KEY_FILE are both set: unset one of them.',
  )
})

test('what is written down hides every secret, in plain text, in JSON and in an address', () => {
  const settings = readSettings({ ...values, WEBSHOP_API_KEY: 'a "quoted" & odd/key' })
  const line = JSON.stringify({
    all: secretsOf(settings),
    url: `http://h/?k=${encodeURIComponent('a "quoted" & odd/key')}`,
  })
  const safe = hideSecrets(settings)(line)
  expect(secretsOf(settings)).toHaveLength(secretSettings.length)
  for (const secret of secretsOf(settings)) expect(safe).not.toContain(secret)
  expect(safe).not.toMatch(/secret-|quoted|whsec/)
})

test('a refusal that quotes the request comes without the keys that the request carried', async () => {
  const server = createServer((request, response) => {
    const { authorization, 'ocp-apim-subscription-key': subscription } = request.headers
    const inside = Buffer.from(authorization?.split(' ')[1] ?? '', 'base64').toString()
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ title: `Not with ${authorization}`, detail: `${subscription} ${inside}` }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const send = (authorization: string) =>
    createExchanger().send(
      {
        method: 'GET',
        url,
        headers: { authorization, 'Ocp-Apim-Subscription-Key': 'sub-1' },
        body: null,
        timeoutMs: 9_000,
      },
      new AbortController().signal,
    )
  const basic = await send(`Basic ${Buffer.from('app-1:client-1').toString('base64')}`)
  expect(basic).toMatchObject({ status: 400, json: { title: 'Not with Basic ***', detail: '*** ***:***' } })
  expect(await send('Bearer token-1')).toMatchObject({ json: { title: 'Not with Bearer ***' } })
  server.closeAllConnections()
  server.close()
})
