import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { addressLines } from '../client/addresses.ts'
import type { CommandContext } from '../client/command-context.ts'
import { commandContext, orderedBy } from '../client/command-context.ts'
import { runCommandLine } from '../client/command-line.ts'
import { replayTarget } from '../client/commands/replay.ts'
import { loadEnvironment } from '../client/environment.ts'
import { flowInput } from '../client/start-flow.ts'
import { customers } from '../flows/customers.ts'
import type { FlowDefinition } from '../flows/flow-definition.ts'
import { defaultOptions } from '../flows/flow-options.ts'
import { listOptions } from '../flows/list-options.ts'
import { products } from '../flows/products.ts'
import { readSettings } from '../flows/settings.ts'
import { definitionOptions } from '../flows/with-options.ts'

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const said: string[] = []
  const complaints: string[] = []
  const context: CommandContext = {
    ...commandContext({ TEMPORAL_PORT: '1', ...env }, new AbortController().signal),
    say: (line) => said.push(line),
  }
  const code = await runCommandLine(args, context, (sentence) => complaints.push(sentence))
  return { code, said: said.join('\n'), complaints: complaints.join('\n') }
}

describe('exit codes', () => {
  test('help and version are 0, and help lists every command', async () => {
    const help = await run(['--help'])
    expect(help.code).toBe(0)
    const commands = [
      'status',
      'inbox',
      'open',
      'tour',
      'start',
      'stop',
      'pause',
      'resume',
      'approve',
      'link',
      'unlink',
      'create',
      'links',
      'options',
      'replay',
      'check',
      'conformance',
    ]
    expect(commands.filter((name) => !new RegExp(`^  ${name}\\b`, 'm').test(help.said))).toEqual([])
    expect(await run(['--version'])).toMatchObject({ code: 0, said: '0.1.0' })
  })

  test('wrong use is 2: an unknown command, a missing argument, an unknown flow with the list of flows', async () => {
    expect((await run(['dance'])).code).toBe(2)
    expect((await run(['link', 'customers', '1'])).code).toBe(2)
    expect(await run(['pause', 'invoices'])).toEqual({
      code: 2,
      said: '',
      complaints:
        'There is no flow "invoices": the flows are departments, customers, products, salesOrders, salesOrderLines.',
    })
    expect(await run(['create', 'customers', 'c-17'])).toMatchObject({
      code: 2,
      complaints: '"c-17" names no record: write erp: or shop: and its id, such as shop:c-17.',
    })
    expect((await run(['inbox', '--retry', 'a', '--approve', 'b'])).complaints).toBe(
      'One thing at a time: give --retry or --approve, not both.',
    )
  })

  test('a server that does not answer is 1 and one sentence that says what to do', async () => {
    expect(await run(['status'])).toEqual({
      code: 1,
      said: '',
      complaints:
        'No Temporal server answers at 127.0.0.1:1: start everything with `npm start`, or set TEMPORAL_ADDRESS.',
    })
    expect((await run(['status'], { TEMPORAL_ADDRESS: 'localhost:1' })).complaints).toBe(
      'No Temporal server answers at localhost:1 (TEMPORAL_ADDRESS): start it, or unset TEMPORAL_ADDRESS and use `npm start`.',
    )
  })

  test('a wrong setting is 1 and its sentence, without a secret', async () => {
    const { code, complaints } = await run(['status'], { KOBLING_PORT: 'x', WEBSHOP_API_KEY: 'very-secret' })
    expect([code, complaints]).toEqual([1, 'KOBLING_PORT is "x": write a port from 1 to 65535, such as 4030.'])
  })
})

test('`open` prints where to look', async () => {
  expect((await run(['open'])).said.split('\n')).toEqual(addressLines(readSettings({ TEMPORAL_PORT: '1' })))
})

test('replay takes a flow, a workflow id or a file, and refuses anything else', () => {
  expect(replayTarget('customers', 'default')).toBe('default.customers')
  expect(replayTarget('default.customers.links.3', 'default')).toBe('default.customers.links.3')
  expect(replayTarget('a.json', 'default', () => true)).toBe('a.json')
  expect(() => replayTarget('a.json', 'default', () => false)).toThrow(
    '"a.json" is no flow (departments, customers, products, salesOrders, salesOrderLines), no workflow id (default.…) and no file that exists.',
  )
})

test('what the shell sets wins over .env', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kobling-env-'))
  const file = join(folder, '.env')
  writeFileSync(file, 'KOBLING_PORT=1234\nPATH=nowhere\n')
  const environment = loadEnvironment(file)
  rmSync(folder, { recursive: true })
  expect([environment['KOBLING_PORT'], environment['PATH']]).toEqual(['1234', process.env['PATH']])
})

test('an order is by the user of this machine unless somebody else is named', () => {
  expect(orderedBy({}).by).not.toBe('')
  expect(orderedBy({ by: 'kari', why: 'stocktaking' })).toEqual({ by: 'kari', why: 'stocktaking' })
})

test('a flow is started read-only exactly when a system is not on this machine, or always or never when told so', () => {
  const real = {
    WEBSHOP_BASE_URL: 'https://shop.example',
    WEBSHOP_API_KEY: 'k',
  }
  const asks = (env: Record<string, string>) => flowInput(readSettings(env), customers, false).options.approveFirst
  expect([asks({}), asks(real), asks({ ...real, KOBLING_APPROVE: 'yes' }), asks({ KOBLING_APPROVE: 'ask' })]).toEqual([
    false,
    true,
    false,
    true,
  ])
})

test('a flow is started with what the company chose for it', () => {
  const chosen = { ...defaultOptions, firstAgreement: 'shop', creation: { customers: { erp: 'never' } } } as const
  const companyOf = (definition: FlowDefinition) =>
    flowInput(readSettings({}, chosen), definition, false).options.company
  expect(companyOf(customers)).toEqual({
    firstAgreement: 'shop',
    createInactive: false,
    creation: { erp: 'never' },
    cancelDrafts: 'approve',
    editConfirmed: 'list',
    definition: definitionOptions(chosen),
  })
  expect(companyOf(products)?.creation).toEqual({})
})

describe('options', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kobling-options-'))
  const file = join(folder, 'company.json')
  afterAll(() => rmSync(folder, { recursive: true }))
  const runWith = (text: string, ...args: string[]) => {
    writeFileSync(file, text)
    return run(['options', ...args], { KOBLING_OPTIONS: file })
  }

  test('are all shown with what holds, and with the default where that is something else', async () => {
    const { said } = await runWith('{"salesOrders":{"push":"paid"}}')
    const lines = said.split('\n').map((line) => line.split(/ {2,}/))
    expect(lines).toHaveLength(listOptions(defaultOptions).length)
    expect(lines).toContainEqual(['salesOrders.push', '"paid"', 'by default "placed"'])
    expect(lines).toContainEqual(['firstAgreement', '"erp"'])
    expect(JSON.parse((await runWith('{"salesOrders":{"push":"paid"}}', '--json')).said).salesOrders.push).toBe('paid')
  })

  test('that are wrong stop every command with one sentence; so does a file that is not there', async () => {
    expect(await runWith('{"salesOrders":{"push":"later"}}')).toMatchObject({
      code: 1,
      complaints: `${file}: salesOrders.push is "later": write placed, paid or confirmed.`,
    })
    const missing = join(folder, 'none.json')
    expect((await run(['options'], { KOBLING_OPTIONS: missing })).complaints).toBe(
      `KOBLING_OPTIONS is "${missing}", which cannot be read: write the path of a JSON file with options, or take it away.`,
    )
  })
})
