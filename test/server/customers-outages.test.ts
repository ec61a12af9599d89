import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Settings } from '../../flows/settings.ts'
import { startWorker } from '../../worker/run-worker.ts'
import type { FlowStatus } from '../../workflows/messages.ts'
import {
  editInErp,
  erpCompany,
  erpRecord,
  expectEqualSystems,
  type Ids,
  insertPair,
  quiet,
  shopCompany,
  writesSinceReset,
} from '../support/customers.ts'
import { startWorld, until, type World } from '../support/world.ts'

let world: World
let pair: Ids
let edits = 0

beforeAll(async () => {
  world = await startWorld()
  pair = insertPair(world, erpCompany(1), shopCompany(1))
  await world.startWorker()
  await world.startFlow()
  await until('the pair to be linked', async () => (await world.status()).links === 1)
  await quiet(world)
})
afterAll(async () => {
  await world.close()
})

afterEach(async () => {
  world.erp.faults.clear()
  await forgetShopFaults()
  await world.shopSettings({ maintenance: false })
  // Trouble that comes back within minutes is asked after less and less: each test gets a flow without such a past.
  await world.handle.terminate('the next test begins')
  await world.startFlow()
  await quiet(world)
})

async function blocked(): Promise<FlowStatus> {
  return until('the status to say what is wrong', async () => {
    const status = await world.status()
    return status.phase === 'blocked' && status
  })
}

/** Both sides are edited in the midst of the trouble; once it is over each follows with one write. */
async function editBothDuring(over: () => Promise<void>): Promise<void> {
  edits++
  await world.resetCounts()
  await world.editInShop(pair.shopId, { phone: `4000000${edits}` })
  editInErp(world, pair.erpId, { WebsiteUrl: `https://nummer${edits}.example` })
  await over()
  await until('PowerOffice to follow', async () => erpRecord(world, pair.erpId)['PhoneNumber'] === `4000000${edits}`)
  await until(
    'the webshop to follow',
    async () => (await world.shopCustomer(pair.shopId))['website'] === `https://nummer${edits}.example`,
  )
  await quiet(world)
  expect((await world.status()).trouble).toBeNull()
  expect(await writesSinceReset(world)).toEqual({ erp: 1, shop: 1 })
  expect(await world.inbox()).toEqual([])
  await expectEqualSystems(world)
}

async function forgetShopFaults(): Promise<void> {
  await fetch(`${world.shop.baseUrl}/sandbox/faults`, { method: 'DELETE' })
}

describe('PowerOffice in trouble: the status says what to do, nothing is lost, and work goes on when it is over', () => {
  const troubles: [what: string, fault: object, type: string, words: RegExp][] = [
    [
      'asks for fewer requests (429)',
      { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
      'RateLimited',
      /^PowerOffice asks for fewer requests \(429\).*look for other programs that use the same key/,
    ],
    [
      'answers 500',
      { kind: 'status', status: 500 },
      'Unreachable',
      /^PowerOffice answered .* with status 500: check that it is up/,
    ],
    [
      'answers garbage',
      { kind: 'garbage' },
      'ContractChanged',
      /^PowerOffice answered .* with something that is not JSON: check that POWEROFFICE_BASE_URL/,
    ],
    [
      'answers with half a body',
      { kind: 'truncated' },
      'ContractChanged',
      /^PowerOffice answered .* with something that is not JSON/,
    ],
    [
      'answers with a sign-in page',
      { kind: 'html', status: 200 },
      'ContractChanged',
      /^PowerOffice answered .* with something that is not JSON: .*sign-in page/,
    ],
  ]
  test.each(troubles)('PowerOffice %s', async (_what, fault, type, words) => {
    world.erp.faults.plan({ ...fault, count: 100_000 })
    const { trouble } = await blocked()
    expect(trouble?.message).toMatch(words)
    expect(trouble).toMatchObject({ type, where: 'erp' })
    await editBothDuring(async () => world.erp.faults.clear())
  })

  test('PowerOffice answers 204 where it has news: the next look finds them', async () => {
    world.erp.faults.plan({ kind: 'status', status: 204, method: 'GET', path: '/Customers?', count: 2 })
    await editBothDuring(async () => {
      await until('the empty answers', async () => world.erp.faults.list().every((fault) => fault.hits === 2))
      expect((await world.status()).phase).toBe('live')
      world.erp.faults.clear()
    })
  })

  test('PowerOffice loses the answer to a write: read again at once it is found to have landed, and nothing is listed', async () => {
    world.erp.faults.plan({ kind: 'reset', method: 'PATCH', when: 'after' })
    await editBothDuring(async () => {
      await until('the answer to be lost', async () => world.erp.faults.counts().afterCommit.reset === 1)
    })
    expect((await world.status()).counters.outcomes['parked'] ?? 0).toBe(0)
  })

  test('PowerOffice lets a write hang and does not show the record: it is not known whether it landed, so it is looked at again and written once', async () => {
    world.erp.faults.plan({ kind: 'hang', method: 'PATCH', hangMs: 500, when: 'after' })
    await editBothDuring(async () => {
      await until('the write to hang', async () => world.erp.faults.list().every((fault) => fault.hits === 1))
      world.erp.faults.plan({ kind: 'status', status: 500, method: 'GET', path: `/Customers/${pair.erpId}`, count: 3 })
      const [entry] = await until('it to be listed', async () => {
        const entries = await world.inbox()
        return entries.length > 0 && entries
      })
      world.erp.faults.clear()
      expect(entry).toMatchObject({ reason: 'waiting', pile: 'waitsByItself', erpId: pair.erpId })
      await until('the matter to close', async () => (await world.inbox()).length === 0)
    })
  })

  test('tokens that PowerOffice has revoked are renewed without a word', async () => {
    await editBothDuring(async () => {
      world.erp.revokeTokens()
      expect((await world.status()).phase).toBe('live')
    })
  })
})

describe('the webshop in trouble', () => {
  const troubles: [what: string, fault: object, type: string, words: RegExp][] = [
    [
      'answers 500',
      { kind: 'status', status: 500 },
      'Unreachable',
      /^The webshop answered .* with status 500: check that it is up/,
    ],
    [
      'does not take our key (401)',
      { kind: 'status', status: 401 },
      'NotAuthorised',
      /^The webshop does not accept our keys \(401\): check .*WEBSHOP_API_KEY/,
    ],
    [
      'answers garbage',
      { kind: 'garbage' },
      'ContractChanged',
      /^The webshop answered .* with something that is not JSON: check that WEBSHOP_BASE_URL/,
    ],
    [
      'breaks off in the middle',
      { kind: 'truncated' },
      'Unreachable',
      /^The webshop broke off its answer to .*check that it is up/,
    ],
  ]
  test.each(troubles)('the webshop %s', async (_what, fault, type, words) => {
    await world.shopFault({ ...fault, count: 100_000 })
    const { trouble } = await blocked()
    expect(trouble).toMatchObject({ type, where: 'shop' })
    expect(trouble?.message).toMatch(words)
    await editBothDuring(forgetShopFaults)
  })

  test('the webshop is closed for maintenance', async () => {
    await world.shopSettings({ maintenance: true })
    const { trouble } = await blocked()
    expect(trouble).toMatchObject({ type: 'Unreachable', where: 'shop' })
    expect(trouble?.message).toMatch(/^The webshop answered .* with status 503/)
    await editBothDuring(() => world.shopSettings({ maintenance: false }))
  })

  test('its cursors are gone (410): the feed is read from the beginning, and nothing is written for it', async () => {
    await world.resetCounts()
    await world.shopSettings({ cursorGeneration: 2 })
    await quiet(world)
    expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
    await editBothDuring(async () => undefined)
  })
})

describe('wrong keys', () => {
  async function withSettings(change: (settings: Settings) => Settings, during: () => Promise<void>): Promise<void> {
    await world.stopWorker()
    const worker = await startWorker(change(world.settings), {
      workflowBundle: { codePath: inject('workflowBundlePath') },
      timing: () => ({ erpPollMs: 200, shopPollMs: 200, sweepMs: 3_600_000, graceMs: 500 }),
    })
    await during()
    worker.shutdown()
    await worker.ended
    await world.startWorker()
  }

  test('keys that PowerOffice does not take are named in the status; with the right ones everything goes on', async () => {
    await editBothDuring(async () => {
      await withSettings(
        (settings) => ({ ...settings, powerOffice: { ...settings.powerOffice, clientKey: 'someone-else' } }),
        async () => {
          const { trouble } = await blocked()
          expect(trouble).toMatchObject({ type: 'NotAuthorised', where: 'erp' })
          expect(trouble?.message).toMatch(/^PowerOffice .*POWEROFFICE_CLIENT_KEY/)
        },
      )
    })
  })
})
