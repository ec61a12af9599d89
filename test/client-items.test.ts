import { beforeEach, describe, expect, test } from 'vitest'
import { consoleApp } from '../client/console/app.ts'
import type { FlowWatch } from '../client/console/flow-watch.ts'
import { type ItemsWatch, pairItems } from '../client/console/items-watch.ts'
import { pairRecords } from '../client/console/pairs.ts'
import type { JsonObject, SystemItems, SystemRecord } from '../client/console/systems/system-records.ts'
import { noReferences } from '../client/console/values/references.ts'
import type { FlowDesk } from '../client/flow-desk.ts'
import type { FlowDefinition } from '../flows/flow-definition.ts'
import { decodeRow } from '../flows/row-codec.ts'
import { salesOrderLines } from '../flows/sales-order-lines.ts'
import { salesOrders } from '../flows/sales-orders.ts'
import { readSettings } from '../flows/settings.ts'
import type { Side } from '../flows/side.ts'
import { cannedStatus } from './fixtures/fake-flow/canned-status.ts'

const record = (id: string, json: JsonObject = {}): SystemRecord => ({ id, json })
const link = (erpId: string, shopId: string) => ({ erpId, shopId, base: '', shopBase: '' })

describe('the lines of two orders', () => {
  const idsOf = (items: ReturnType<typeof pairItems>) =>
    items.map(({ linked, erp, shop }) => [linked, erp?.id ?? null, shop?.id ?? null])

  test('stand beside each other where they are linked, in the order of PowerOffice; what only the webshop has comes last', () => {
    const lists = {
      erp: [record('e3'), record('e1'), record('e2')],
      shop: [record('s1'), record('s9'), record('s2'), record('s3')],
    }
    expect(idsOf(pairItems(lists, [link('e1', 's1'), link('e2', 's2'), link('e3', 's3')]))).toEqual([
      [true, 'e3', 's3'],
      [true, 'e1', 's1'],
      [true, 'e2', 's2'],
      [false, null, 's9'],
    ])
  })

  test('each stand once, whatever the memory still says of lines that are gone', () => {
    const lists = { erp: [record('e1')], shop: [record('s2')] }
    expect(idsOf(pairItems(lists, [link('e1', 's1'), link('e2', 's2'), link('e3', 's3')]))).toEqual([
      [true, 'e1', null],
      [true, null, 's2'],
    ])
  })
})

const erpOrder = record('o-1', { Id: 'o-1', SalesOrderNo: 10_001, SalesOrderStatus: 'Draft', CurrencyCode: 'NOK' })
const shopOrder = record('100', { id: '100', status: 'open', currency: 'NOK', erpOrderNumber: '10001' })
const lists: Readonly<Record<Side, readonly SystemRecord[]>> = {
  erp: [record('l-1', { Id: 'l-1', Description: 'Kopp', Quantity: 2, ProductUnitPrice: 99.5 })],
  shop: [record('s-1', { id: 's-1', description: 'Kopp', quantity: '3', unitPriceExVat: '99.50', unit: 'stk' })],
}
const items = { linked: true, erp: lists.erp[0], shop: lists.shop[0] }

let edits: string[]
beforeEach(() => {
  edits = []
})

function systemItems(side: Side): SystemItems {
  return {
    read: async () => lists[side],
    edit: async (recordId, itemId, edit) => {
      edits.push(`${side} ${recordId} ${itemId} ${JSON.stringify(edit)}`)
    },
  }
}

function watch(definition: FlowDefinition): FlowWatch {
  const records = { erp: new Map([['o-1', erpOrder]]), shop: new Map([['100', shopOrder]]) }
  const systemOf = (side: Side) => ({
    readAll: async () => records[side],
    find: async (id: string) => records[side].get(id),
    edit: async (id: string) => record(id),
  })
  const itemsWatch: ItemsWatch = {
    definition: salesOrderLines,
    systems: { erp: systemItems('erp'), shop: systemItems('shop') },
    of: async () => [],
    expire: () => {},
  }
  return {
    definition,
    desk: { definition } as unknown as FlowDesk,
    systems: { erp: systemOf('erp'), shop: systemOf('shop') },
    report: async () => ({
      flow: definition.name,
      title: definition.title,
      existence: 'running',
      linked: 1,
      created: 0,
      needsPerson: 0,
      waits: 0,
      problem: null,
      failing: null,
      status: cannedStatus('default', definition.name),
    }),
    inbox: async () => [],
    pairs: async () => pairRecords(salesOrders, [decodeRow(JSON.stringify(['l', 'o-1', '100', '', '']))], records),
    references: async () => ({ ...noReferences, label: (_flow, _side, id) => (id === '' ? '' : `name of ${id}`) }),
    items: itemsWatch,
    itemsOf: async (pairs) => pairs.map(() => [items]),
    expire: () => {},
  }
}

function site() {
  const watches = [watch(salesOrders), watch(salesOrderLines)]
  const app = consoleApp({ settings: readSettings({}), watches, now: () => 0 })
  const headers = { host: '127.0.0.1:4040', origin: 'http://127.0.0.1:4040', 'x-quiet': '1' }
  return {
    get: async (path: string) => (await app.request(`http://127.0.0.1:4040${path}`, { headers })).text(),
    post: async (path: string, fields: Record<string, string>) =>
      (
        await app.request(`http://127.0.0.1:4040${path}`, {
          method: 'POST',
          body: new URLSearchParams(fields),
          headers,
        })
      ).text(),
  }
}

describe('the page of orders', () => {
  test('shows the lines of each order within both sides, and marks where they differ', async () => {
    const page = await site().get('/flows/salesOrders')
    expect(page.match(/id="item-(erp-o-1-l-1|shop-100-s-1)"/g)).toHaveLength(2)
    // The quantity, on both sides; 99.5 and 99.50 are one price.
    expect(page.match(/<td[^>]* data-differs>/g)).toHaveLength(2)
    expect(page).toContain('title="1 fields differ"')
    expect(page).toContain('Sales order lines')
  })

  test('leads from each value of a line to its form, which saves that line', async () => {
    const page = await site().get('/flows/salesOrders')
    const path = '/flows/salesOrderLines/edit?side=erp&amp;id=o-1&amp;item=l-1&amp;field=quantity'
    expect(page).toContain(`href="${path}"`)
    const form = await site().get(path.replaceAll('&amp;', '&'))
    expect(form).toContain('name="item" value="l-1"')
    expect(form).toContain('name="part." value="2"')
    const fields = { side: 'erp', id: 'o-1', item: 'l-1', field: 'quantity', 'part.': '3,5' }
    expect(await site().post('/flows/salesOrderLines/edit', fields)).toBe('saved in PowerOffice')
    expect(edits).toEqual(['erp o-1 l-1 [{"path":"Quantity","value":3.5}]'])
  })

  test('edits a line by its order only, and an order without one only', async () => {
    const line = { side: 'shop', id: '100', field: 'quantity', 'part.': '1' }
    expect(await site().post('/flows/salesOrderLines/edit', line)).toBe('The console has no such field.')
    const order = { side: 'shop', id: '100', item: 's-1', field: 'status', 'part.': 'open' }
    expect(await site().post('/flows/salesOrders/edit', order)).toBe('The console has no such field.')
    expect(edits).toEqual([])
  })

  test('of lines alone shows each order by its number, without the fields of its header', async () => {
    const page = await site().get('/flows/salesOrderLines')
    expect(page).toContain('<strong>10001</strong>')
    expect(page).toContain('id="item-erp-o-1-l-1"')
    expect(page).not.toContain('field=currency')
  })
})
