import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type CommandContext, commandContext } from '../../client/command-context.ts'
import { runCommandLine } from '../../client/command-line.ts'
import { waitFor } from '../../client/tour/wait-for.ts'
import { flowNames } from '../../flows/flow-definition.ts'
import { readSettings, type Settings } from '../../flows/settings.ts'
import type { InboxEntry } from '../../workflows/messages.ts'
import { type FakeFlow, startFakeFlow } from '../fixtures/fake-flow/start-fake-flow.ts'

const refused: InboxEntry = {
  id: 'shop:c-17',
  pile: 'needsYou',
  reason: 'refused',
  erpId: null,
  shopId: 'c-17',
  label: 'Fjord AS',
  detail: 'The organization number is wrong.',
  wayOut: 'Correct it in the webshop.',
  field: null,
  others: [],
  since: 0,
  attempts: 1,
}
const links = (ids: readonly number[]) => ids.map((id) => JSON.stringify(['l', String(id), `c-${id}`, '', '']))

function uniqueSettings(): Settings {
  const connection = `cli-${randomUUID().slice(0, 8)}`
  return { ...readSettings({ TEMPORAL_ADDRESS: inject('temporalAddress') }), connection, taskQueue: connection }
}

function commandLine(settings: Settings) {
  return async (...args: string[]) => {
    const said: string[] = []
    const complaints: string[] = []
    const context: CommandContext = {
      ...commandContext({}, new AbortController().signal),
      say: (line) => said.push(line),
      settings: () => settings,
    }
    const code = await runCommandLine(args, context, (sentence) => complaints.push(sentence))
    return { code, said: said.join('\n'), complaints: complaints.join('\n') }
  }
}

describe('a flow', () => {
  const settings = uniqueSettings()
  const run = commandLine(settings)
  const id = `${settings.connection}.customers`
  let fake: FakeFlow

  beforeAll(async () => {
    fake = await startFakeFlow({ address: inject('temporalAddress'), ...settings })
  })
  afterAll(() => fake.close())

  test('that was never started is told so with the command that starts it', async () => {
    expect((await run('status')).said).toContain('Not started: run `kobling start customers`.')
    expect(await run('pause', 'customers')).toEqual({
      code: 1,
      said: '',
      complaints: 'The flow customers has not been started: run `kobling start customers`.',
    })
    expect((await run('pause')).complaints.split('\n')).toHaveLength(flowNames.length)
  })

  test('is started once, under its title and promise, and found by its search attributes', async () => {
    expect((await run('start', 'customers')).said).toBe('customers: started')
    expect((await run('start')).said.split('\n')).toEqual(
      flowNames.map((name) => (name === 'customers' ? 'customers: runs already (live)' : `${name}: started`)),
    )
    const description = await fake.client.workflow.getHandle(id).describe()
    expect(description.type).toBe('customers')
    expect(await description.staticSummary()).toBe('Customers <-> Customer')
    expect(await description.staticDetails()).toContain('Every customer of PowerOffice')
    const attributes = description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])
    expect(Object.fromEntries(attributes)).toMatchObject({
      KoblingFlow: 'customers',
      KoblingPhase: 'initial',
      KoblingInbox: 0,
    })
  })

  test('keeps who paused it and why, and goes on after a resume', async () => {
    expect((await run('pause', 'customers', '--by', 'kari', '--why', 'stocktaking')).said).toBe('customers: paused')
    expect((await run('status')).said).toMatch(/^customers +paused by kari (just now|\d+ s ago): stocktaking/m)
    expect((await run('resume')).said).toBe(flowNames.map((name) => `${name}: live`).join('\n'))
    expect((await run('stop', 'products')).said).toBe('products: stopped')
    expect((await run('status', 'products')).said).toMatch(/^products {2}Products <-> Product {2}stopped/)
    expect((await run('start', 'products')).said).toBe('products: runs already (live)')
  })

  test('tells scripts its sums and all that it knows', async () => {
    await fake.pretend({
      status: { links: 7, counters: { outcomes: { created: 3 }, notes: {}, dropped: 0, writes: { erp: 0, shop: 0 } } },
    })
    const { flows } = JSON.parse((await run('status', '--json')).said)
    expect(flows.map(({ flow }: { flow: string }) => flow)).toEqual(flowNames)
    expect(flows[1]).toMatchObject({ flow: 'customers', existence: 'running', linked: 7, created: 3, needsPerson: 0 })
    expect(flows[1].status.phase).toBe('live')
  })

  test('has an inbox whose entries can be tried again, and an unknown id is refused', async () => {
    await fake.pretend({ inbox: [refused] })
    expect((await run('inbox')).said).toContain('-> Correct it in the webshop.')
    expect(JSON.parse((await run('inbox', '--json')).said)).toEqual(
      flowNames.map((flow) => ({ flow, entries: flow === 'customers' ? [refused] : [] })),
    )
    expect((await run('inbox', '--retry', 'nonsense')).complaints).toBe(
      'There is no inbox entry "nonsense": `kobling inbox` lists the 1 entry there are.',
    )
    expect((await run('inbox', '--retry', 'shop:c-17')).said).toBe('customers: shop:c-17 is looked at again (1 record)')
    expect((await run('inbox')).said).toContain('nothing needs you')
  })

  test('has to be named for an entry that several inboxes have: ids are of one kind of record only', async () => {
    await fake.pretend({ inbox: [refused] })
    await fake.pretend({ inbox: [refused] }, 'products')
    expect(await run('inbox', '--retry', 'shop:c-17')).toEqual({
      code: 2,
      said: '',
      complaints:
        '"shop:c-17" is in the inboxes of customers and products: name the flow, such as `kobling inbox customers --retry shop:c-17`.',
    })
    expect((await run('inbox', 'products', '--retry', 'shop:c-17')).said).toContain('products: shop:c-17 is looked at')
    expect((await run('inbox', '--approve', 'shop:c-17')).said).toBe(
      'customers: shop:c-17: its counterpart will be archived',
    )
  })

  test('is told to link, to unlink and to create by hand, with who asked', async () => {
    expect((await run('link', 'customers', '1', 'c-1', '--by', 'kari')).said).toBe(
      'customers: 1 = c-1 will be linked, as kari asked',
    )
    expect((await run('unlink', 'customers', '1', 'c-1', '--by', 'ola')).said).toContain('as ola asked')
    expect((await run('create', 'products', 'erp:7', '--by', 'ola')).said).toBe(
      'products: erp:7 gets a counterpart, as ola asked',
    )
  })

  test('gives out its memory leaf by leaf, each row once, as text and as an export that says what it is of', async () => {
    const directory = {
      generation: 4,
      shards: [
        { side: 'erp', low: '', number: 0 },
        { side: 'erp', low: '3000', number: 2 },
        { side: 'shop', low: '', number: 1 },
      ],
    } as const
    const ids = Array.from({ length: 4500 }, (_, index) => index + 1)
    await fake.startLeaf(0, links(ids.slice(0, 3000)))
    // A split under way: rows 2990 to 3000 stand in both leaves.
    await fake.startLeaf(2, links(ids.slice(2990)))
    await fake.startLeaf(1, [JSON.stringify(['s', 's', 'c-9000', 'x', 'refused', 1, 1])])
    await fake.pretend({ directory })

    const text = await run('links', 'customers')
    expect(text.said.split('\n').at(-1)).toBe('4500 linked, 1 seen.')
  })
})

describe('the tour', () => {
  test('says what is missing before it edits anything: a live flow, answering sandboxes', async () => {
    const settings = uniqueSettings()
    const nobody = {
      ...settings.powerOffice,
      baseUrl: 'http://127.0.0.1:1/v2',
      tokenUrl: 'http://127.0.0.1:1/OAuth/Token',
    }
    const run = commandLine({ ...settings, powerOffice: nobody })
    expect((await run('tour', '--no-pause')).complaints).toContain('has not been started')
    const fake = await startFakeFlow({ address: inject('temporalAddress'), ...settings })
    await run('start')
    expect(await run('tour', '--no-pause')).toEqual({
      code: 1,
      said: '',
      complaints: 'PowerOffice does not answer at http://127.0.0.1:1: is it running?',
    })
    await run('pause')
    expect((await run('tour', '--no-pause')).complaints).toBe(
      'The flow customers is paused: `kobling resume customers` first.',
    )
    await fake.close()
  })
})

describe('repair', () => {
  test('E6 names a leaf whose run has ended, and puts it back with every update it had', async () => {
    const settings = uniqueSettings()
    const run = commandLine(settings)
    const fake = await startFakeFlow({ address: inject('temporalAddress'), ...settings })
    await run('start')
    await fake.startLeaf(0, links([1, 2]))
    await fake.pretend({ directory: { generation: 1, shards: [{ side: 'erp', low: '', number: 0 }] } })
    const leaf = fake.client.workflow.getHandle(`${settings.connection}.customers.links.0`)
    for (const id of [3, 4, 5]) await leaf.executeUpdate('add', { args: [links([id])[0]] })
    expect(await run('check', '--workflows')).toMatchObject({
      code: 0,
      said: expect.stringContaining('customers: the flow and 1 leaves of its memory are well'),
    })

    await leaf.terminate('somebody clicked')
    const ill = await run('check', '--workflows')
    expect(ill).toMatchObject({ code: 1, complaints: '1 needs repair: run `kobling check --repair`.' })
    expect(ill.said).toContain(`${leaf.workflowId} has ended (terminated)`)
    expect((await run('links', 'customers')).complaints).toContain('has ended')

    expect((await run('check', '--repair', '--workflows')).code).toBe(0)
    expect((await run('links', 'customers')).said.split('\n').at(-1)).toBe('5 linked.')
    expect((await run('check', '--workflows')).code).toBe(0)
    await fake.close()
  })

  test('E25 names a flow whose code does not fit its history, and begins its run anew', async () => {
    const settings = uniqueSettings()
    const run = commandLine(settings)
    const old = await startFakeFlow({ address: inject('temporalAddress'), ...settings })
    await run('start')
    await run('pause', '--by', 'kari')
    await old.close()

    const fake = await startFakeFlow({
      address: inject('temporalAddress'),
      ...settings,
      workflows: 'changed-workflows.ts',
    })
    await fake.pretend({})
    const { signal } = new AbortController()
    const { found } = await waitFor(
      'The failure being seen',
      async () => {
        const answer = await run('check', '--workflows')
        return answer.said.includes('fails again and again') ? answer : undefined
      },
      { withinMs: 60_000, signal },
    )
    expect(found.code).toBe(1)
    expect(found.said).toContain('non deterministic error')

    expect((await run('check', '--repair', '--workflows')).code).toBe(0)
    await waitFor('The flow answering', async () => (await run('status')).said.includes('paused'), {
      withinMs: 60_000,
      signal,
    })
    expect((await run('check', '--workflows')).code).toBe(0)
    await fake.close()
  })
})
