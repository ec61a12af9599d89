import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandContext, commandContext } from '../client/command-context.ts'
import { runCommandLine } from '../client/command-line.ts'
import { defaultWebhookSecret } from '../sandbox/webshop/sandbox-keys.ts'
import { startWebshopSandbox, type WebshopSandbox } from '../sandbox/webshop/server.ts'
import { findFreePort } from '../worker/processes/busy-port.ts'

const key = 'very-secret-key'
/** Some 700 requests, on a machine that runs other tests beside them. */
const timeoutMs = 300_000

let sandbox: WebshopSandbox
let listen: string
beforeAll(async () => {
  listen = String(await findFreePort())
  sandbox = await startWebshopSandbox({
    apiKey: key,
    webhookUrl: `http://127.0.0.1:${listen}/webhooks/default`,
    settings: { webhookDelayMs: 1, webhookRetryDelaysMs: [100, 100] },
  })
})
afterAll(() => sandbox.close())

async function run(args: readonly string[], env: Record<string, string> = {}, signal = new AbortController().signal) {
  const said: string[] = []
  const complaints: string[] = []
  const context: CommandContext = {
    ...commandContext(env, signal),
    say: (line) => said.push(line),
    paint: (_style, text) => text,
  }
  const code = await runCommandLine(['conformance', ...args], context, (sentence) => complaints.push(sentence))
  return { code, said: said.join('\n'), complaints: complaints.join('\n') }
}

describe('over the network, with webhooks', () => {
  test('the sandbox is at level 4: exit code 0, one line a rule, no secret printed', {
    timeout: timeoutMs,
  }, async () => {
    const hooks = ['--webhook-secret', defaultWebhookSecret, '--listen', listen]
    const { code, said, complaints } = await run(['--url', sandbox.baseUrl, '--key', key, ...hooks])
    expect([code, complaints]).toEqual([0, ''])
    const lines = said.split('\n')
    expect(lines[0]).toBe(`${sandbox.baseUrl}, against the webshop contract 1.0`)
    expect(lines.at(-1)).toBe('Level 4 reached; the shop declares level 4.')
    expect(lines).toContain(
      'holds       2  versions.stale                  A PATCH at a version that has passed is answered 412, and changes nothing',
    )
    expect(said).toContain('because    give --reader-key, a key without the right to write')
    expect(said).not.toMatch(/BROKEN|BLOCKED|left in the shop/)
    expect(said).not.toContain(key)
    expect(said).not.toContain(defaultWebhookSecret.slice('whsec_'.length))
  })

  test('a rule that does not hold is told with what was sent, what came back and why: exit code 1', async () => {
    const planned = await fetch(`${sandbox.baseUrl}/sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        kind: 'status',
        method: 'GET',
        path: '-unknown',
        status: 200,
        body: { items: [], next: 'c', hasMore: false, epoch: 'e' },
      }),
    })
    expect(planned.ok).toBe(true)
    const { code, said, complaints } = await run(['--url', sandbox.baseUrl, '--read-only'], { WEBSHOP_API_KEY: key })
    expect([code, complaints]).toEqual([1, '1 rule does not hold: lists.unknown-cursor.'])
    const lines = said.split('\n')
    const from = lines.findIndex((line) => line.startsWith('BROKEN'))
    expect(lines.slice(from, from + 7).map((line) => line.replace(/-[0-9a-f]{6}-/, '-123456-'))).toEqual([
      'BROKEN      1  lists.unknown-cursor            A cursor that the shop does not know is answered 410',
      '            sent       GET /api/customers?changedSince=kobling-conformance-123456-unknown',
      '            came back  200',
      '                       content-type: application/json',
      '                       {"items":[],"next":"c","hasMore":false,"epoch":"e"}',
      '            expected   status 410: nobody knows this cursor',
      '            why        Any other answer hides that the cursor is lost: the sync would go on from nowhere and miss what lies between.',
    ])
    expect(said).toContain(
      'Level 0 reached; the shop declares level 4.\nFor level 1:\n  lists.unknown-cursor does not hold:',
    )
  })

  test('--json gives programs the whole report, without a word about the shop’s own customers', async () => {
    const { customers } = sandbox
    customers.create({ kind: 'person', firstName: 'Kari', lastName: 'Nordmann', email: 'kari@nordmann.example' })
    const { said, code } = await run(['--url', sandbox.baseUrl, '--read-only', '--json'], { WEBSHOP_API_KEY: key })
    const report = JSON.parse(said)
    expect(code).toBe(0)
    expect(report).toMatchObject({ url: sandbox.baseUrl, shop: 'Sandbox webshop', left: [], stopped: null })
    expect(report.results.length).toBeGreaterThan(80)
    expect(report.verdict).toMatchObject({ reached: 1, declared: 4, conforms: true })
    expect(said).not.toContain('Nordmann')
    expect(said).not.toContain(key)
  })
})

describe('what cannot be run is exit code 2 and one sentence', () => {
  test.each([
    ['no key', [], "The shop needs a key: give --key the sync's key, or set WEBSHOP_API_KEY."],
    ['a wrong key', ['--key', 'wrong'], 'The shop refuses the key (401): give --key the key that the sync is to have.'],
    [
      'a port that is none',
      ['--key', key, '--listen', 'x'],
      '--listen is "x": write a port, such as 4030, or <host>:<port>.',
    ],
    [
      'a port without a secret',
      ['--key', key, '--listen', '1'],
      '--listen needs --webhook-secret, or WEBSHOP_WEBHOOK_SECRET, to check signatures with.',
    ],
    [
      'a secret that is none',
      ['--key', key, '--listen', '1', '--webhook-secret', 'abc'],
      'The webhook secret is none: it begins with whsec_, then base64.',
    ],
  ])('%s', async (_what, args, sentence) => {
    expect(await run(['--url', sandbox.baseUrl, ...args])).toMatchObject({ code: 2, complaints: sentence })
  })

  test('an address that is none, or where nothing answers, or where something else does', async () => {
    expect((await run(['--key', key])).code).toBe(2)
    expect(await run(['--url', 'shop', '--key', key])).toMatchObject({
      code: 2,
      complaints: '--url is "shop": write the address of the shop, such as https://shop.example.',
    })
    expect(await run(['--url', 'http://127.0.0.1:1', '--key', key])).toMatchObject({
      code: 2,
      complaints:
        'The shop broke off or could not be reached at GET /api/capabilities: is it running at http://127.0.0.1:1?',
    })
    expect((await run(['--url', `${sandbox.baseUrl}/elsewhere`, '--key', key])).complaints).toBe(
      'GET /api/capabilities is answered 404: check --url (without /api), or begin with the capabilities.',
    )
  })

  test('Ctrl-C before it has begun', async () => {
    const interruption = new AbortController()
    interruption.abort()
    expect(await run(['--url', sandbox.baseUrl, '--key', key], {}, interruption.signal)).toMatchObject({
      code: 2,
      complaints: 'The check was interrupted before it began.',
    })
  })

  test('the port is taken', async () => {
    const port = new URL(sandbox.baseUrl).port
    const hooks = ['--webhook-secret', defaultWebhookSecret, '--listen', port]
    expect((await run(['--url', sandbox.baseUrl, '--key', key, ...hooks])).complaints).toBe(
      `Port ${port} cannot be listened on (EADDRINUSE): give --listen another one, and let the shop send there.`,
    )
  })
})
