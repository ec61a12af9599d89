import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@temporalio/client'
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { examineWorkflow } from '../../activities/upkeep/examine-workflow.ts'
import { type CommandContext, commandContext } from '../../client/command-context.ts'
import { runCommandLine } from '../../client/command-line.ts'
import { type CodecKey, readCodecKeys } from '../../flows/codec-keys.ts'
import { dataConverterOf } from '../../worker/codec.ts'
import {
  editInErp,
  erpCompany,
  erpRecord,
  expectEqualSystems,
  type Ids,
  insertPair,
  quiet,
  shopCompany,
} from '../support/customers.ts'
import { startWorld, until, type World } from '../support/world.ts'

const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [march, june] = [newKey('2026-03'), newKey('2026-06')]
const keysOf = (...texts: string[]): readonly CodecKey[] => readCodecKeys({ KOBLING_CODEC_KEYS: texts.join(',') })

let world: World
let pair: Ids
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kobling-encrypted-'))
  world = await startWorld({ environment: { KOBLING_CODEC_KEYS: march } })
  pair = insertPair(world, erpCompany(1), shopCompany(1))
  await world.startWorker()
  await world.startFlow()
  await until('the pair to be linked', async () => (await world.status()).links === 1)
  await quiet(world)
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

/** All histories of the world, undecoded, as the server has them. */
async function histories(): Promise<{ workflowId: string; json: string }[]> {
  const found = []
  const query = `WorkflowId STARTS_WITH "${world.settings.connection}."`
  for await (const { workflowId, history } of world.client.workflow.list({ query }).intoHistories()) {
    found.push({ workflowId, json: historyToJSON(history as Parameters<typeof historyToJSON>[0]) })
  }
  return found
}

function encodingsOf(json: string): Set<string> {
  const names = [...json.matchAll(/"encoding": ?"([^"]+)"/g)].map(([, text]) =>
    Buffer.from(text ?? '', 'base64').toString(),
  )
  return new Set(names)
}

async function command(keys: readonly CodecKey[], ...args: string[]) {
  const said: string[] = []
  const settings = { ...world.settings, codecKeys: keys }
  const context: CommandContext = {
    ...commandContext({}, new AbortController().signal),
    say: (line) => said.push(line),
    settings: () => settings,
  }
  const code = await runCommandLine(args, context, (sentence) => said.push(sentence))
  return { code, said: said.join('\n') }
}

test('a flow with a key runs as every other, and the server holds no payload that it can read', async () => {
  editInErp(world, pair.erpId, { PhoneNumber: '41414141' })
  await until('the webshop to follow', async () => (await world.shopCustomer(pair.shopId))['phone'] === '41414141')
  const all = await histories()
  expect(all.map(({ workflowId }) => workflowId).sort()).toContain(`${world.settings.connection}.customers.links.0`)
  for (const { json } of all) {
    // Search attributes are what the server itself searches by: phase, flow and a count.
    expect(['binary/encrypted', 'json/plain']).toEqual(expect.arrayContaining([...encodingsOf(json)]))
    expect([...encodingsOf(json)]).toContain('binary/encrypted')
    const texts = [...json.matchAll(/"data": ?"([^"]+)"/g)].map(([, text]) =>
      Buffer.from(text ?? '', 'base64').toString(),
    )
    expect(texts.join()).not.toMatch(/Bedrift|Storgata|41414141|erpId|shopId/)
  }
})

test('recorded histories are replayed with the key, and the command line reads them', async () => {
  const [recorded] = (await histories()).filter(({ workflowId }) => workflowId.endsWith('.customers'))
  const { workflowId, json } = recorded ?? { workflowId: '', json: '{}' }
  const bundle = { codePath: inject('workflowBundlePath') }
  const replayed = []
  const converter = dataConverterOf({ codecKeys: keysOf(march) })
  const input = [{ workflowId, history: historyFromJSON(JSON.parse(json)) }]
  for await (const { error } of Worker.runReplayHistories({ workflowBundle: bundle, dataConverter: converter }, input))
    replayed.push(error)
  expect(replayed).toEqual([undefined])
  expect((await command(keysOf(march), 'status', 'customers')).said).toMatch(/live/)
  writeFileSync(join(folder, 'history.json'), json)
})

test('a command without the key says which one and where to put it', async () => {
  const { code, said } = await command(keysOf(june), 'links', 'customers')
  expect(said).toContain(
    'encrypted with the key "2026-03", which this process does not have: add that key to KOBLING_CODEC_KEYS',
  )
  expect(code).toBe(1)
})

test('a worker without the key stops nothing for good: with the key the flow goes on, and nothing was lost', async () => {
  const { workflowId } = world.handle
  const before = (await world.handle.describe()).runId
  await world.stopWorker()
  await world.startWorker({ codecKeys: keysOf(june) })
  await world.handle.signal('changed', { keys: [`shop:${pair.shopId}`], why: 'webhook' })
  await world.editInShop(pair.shopId, { phone: '42424242' })
  const finding = await until('the flow to fail', async () => {
    const found = await examineWorkflow(world.client, workflowId)
    return found.kind === 'failing' && found
  })
  expect(finding.message).toContain('encrypted with the key "2026-03"')
  const repair = await command(keysOf(march), 'check', '--repair')
  expect(repair.said).toContain('KOBLING_CODEC_KEYS')
  expect(repair.said).not.toContain('put back as run')
  expect((await world.handle.describe()).runId).toBe(before)

  await world.stopWorker()
  await world.startWorker({ codecKeys: keysOf(june, march) })
  await until('PowerOffice to follow', async () => erpRecord(world, pair.erpId)['PhoneNumber'] === '42424242')
  const both = new Client({
    connection: world.client.connection,
    dataConverter: dataConverterOf({ codecKeys: keysOf(march, june) }),
  })
  await until('the flow to rest', async () => {
    const status = await both.workflow.getHandle(workflowId).query<{ phase: string; links: number }>('status')
    return status.phase === 'live' && status.links === 1
  })
  await expectEqualSystems(world)
  const [newest] = (await histories()).filter((one) => one.workflowId === workflowId)
  const ids = [...(newest?.json ?? '').matchAll(/"encryption-key-id": ?"([^"]+)"/g)].map(([, text]) =>
    Buffer.from(text ?? '', 'base64').toString(),
  )
  expect(new Set(ids)).toContain('2026-06')
})
