import { expect, test } from 'vitest'
import { shopDefects } from './support/shop-defects.ts'
import { openShopInProcess, type ShopInProcess } from './support/shop-in-process.ts'

/** The rules that do not hold, with what could not be tried for it. */
async function failuresOf(shop: ShopInProcess): Promise<string[]> {
  try {
    const { results } = await shop.check()
    return results.flatMap(({ id, outcome }) => (outcome.kind === 'broken' || outcome.kind === 'blocked' ? [id] : []))
  } finally {
    await shop.close()
  }
}

test('a shop without a defect breaks no rule', async () => {
  expect(await failuresOf(await openShopInProcess())).toEqual([])
})

for (const [rule, defect] of Object.entries(shopDefects)) {
  test(`one defect breaks one rule: ${rule}`, async () => {
    expect(await failuresOf(await openShopInProcess({ defect: defect() }))).toEqual([rule])
  })
}

test('a wrong webhook secret breaks one rule: webhooks.signature', async () => {
  const webhookSecret = `whsec_${Buffer.from('another secret than the shop has').toString('base64')}`
  expect(await failuresOf(await openShopInProcess({ webhookSecret }))).toEqual(['webhooks.signature'])
})

test('a webhook that is sent only once breaks one rule: webhooks.retried', async () => {
  expect(await failuresOf(await openShopInProcess({ settings: { webhookRetryDelaysMs: [] } }))).toEqual([
    'webhooks.retried',
  ])
})
