import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordPageUrl } from '../client/addresses.ts'
import type { FlowName } from '../flows/flow-definition.ts'
import { allFlows } from '../flows/registry.ts'
import { readSettings } from '../flows/settings.ts'
import type { Side } from '../flows/side.ts'
import { type PowerOfficeSandbox, startPowerOfficeSandbox } from '../sandbox/poweroffice/server.ts'
import { startWebshopSandbox, type WebshopSandbox } from '../sandbox/webshop/server.ts'

describe('the page of a record', () => {
  let erp: PowerOfficeSandbox
  let shop: WebshopSandbox
  let ids: Readonly<Record<FlowName, Readonly<Record<Side, string>>>>

  beforeAll(async () => {
    erp = await startPowerOfficeSandbox({ port: 0, dataFile: ':memory:', seed: 'none' })
    shop = await startWebshopSandbox()
    const erpCustomer = Number(erp.insertCustomers([{ Name: 'Fjord' }])[0]?.Id)
    const [customer = '', department = ''] = shop.insertCustomers([
      { kind: 'company', name: 'Fjord' },
      { kind: 'department', name: 'Salg' },
    ])
    const order = {
      erp: erp.salesOrders.create({ CustomerId: erpCustomer }).order.Id,
      shop: shop.insertOrders([{ customerId: customer }])[0] ?? '',
    }
    ids = {
      customers: { erp: String(erpCustomer), shop: customer },
      departments: { erp: String(erp.departments.insert([{ Name: 'Salg' }])[0]?.Id), shop: department },
      products: {
        erp: String(erp.products.insert([{ Name: 'Te' }])[0]?.Id),
        shop: shop.insertProducts([{ sku: 'TE' }])[0] ?? '',
      },
      salesOrders: order,
      salesOrderLines: order,
    }
  })

  afterAll(async () => {
    await shop.close()
    await erp.close()
  })

  test.each(allFlows.flatMap(({ name }) => [[name, 'erp'] as const, [name, 'shop'] as const]))(
    'of %s is there in the sandbox of %s',
    async (name, side) => {
      const settings = readSettings({
        POWEROFFICE_SANDBOX_PORT: String(erp.port),
        WEBSHOP_SANDBOX_PORT: String(shop.port),
      })
      const definition = allFlows.find((flow) => flow.name === name)
      const collection = (side === 'erp' ? definition?.erpCollection : definition?.shopCollection) ?? ''
      const answer = await fetch(String(recordPageUrl(settings, side, { collection, id: ids[name][side] })))
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain(ids[name][side])
    },
  )

  test('of a real system is not known', () => {
    const settings = readSettings({ WEBSHOP_BASE_URL: 'https://shop.example', WEBSHOP_API_KEY: 'x' })
    expect(recordPageUrl(settings, 'shop', { collection: 'customers', id: 'c-1' })).toBeNull()
    expect(recordPageUrl(settings, 'erp', { collection: 'SalesOrders', id: 'a/b' })).toBe(
      'http://127.0.0.1:4010/sales-orders/a%2Fb',
    )
  })
})
