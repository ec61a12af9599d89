import { expect } from 'vitest'
import type { Shop } from '../sandbox-poweroffice-orders-fixtures.ts'
import { ask, fresh, get, newCustomer, type PositionChecks, replace } from './position-checks.ts'

type ListSwitch =
  | 'pagePastEnd'
  | 'xPaginationContent'
  | 'xPaginationLastPage'
  | 'listOrder'
  | 'orderBySyntax'
  | 'unknownQueryKey'
  | 'pageSizeOverMax'
  | 'laterFilters'
  | 'invoiceListDates'
  | 'watermarkBoundary'
  | 'lateVisibility'
  | 'equalTimestamps'

/** The header's keys on a page that others follow, and what it says on the last. */
const paginations = async (shop: Shop) => {
  const pages = await Promise.all(['PageSize=1&', ''].map((query) => shop.api.get(`/Customers?${query}PageNumber=1`)))
  return pages.map(({ headers }) => JSON.parse(headers.get('x-pagination') ?? 'null') as Record<string, unknown> | null)
}

const lastPage = async (shop: Shop) => (await paginations(shop))[1]

/** Enough records that two orders are not alike by chance, the first of them changed last. */
const orderOf = async (shop: Shop) => {
  const list = Array.from({ length: 12 }, () => ({ Name: fresh('Rekke'), EmailAddress: 'r@rekke.example' }))
  const ids = shop.api.sandbox.insertCustomers(list).map(({ Id }) => Id)
  shop.api.sandbox.customers.edit(ids[0] ?? 0, { LegalName: 'Sist' })
  const listed = async () =>
    ((await shop.api.get('/Customers?Fields=Id')).json as { Id: number }[])
      .map(({ Id }) => Id)
      .filter((id) => ids.includes(id))
  return { ids, listed }
}

const afterWatermark = async (shop: Shop) => {
  const { json } = await ask(shop, 'POST', '/Departments', { Name: fresh('Kant') })
  const since = encodeURIComponent(String(json['LastChangedDateTimeOffset']))
  return (await shop.api.get(`/Departments?lastChangedDateTimeOffsetGreaterThan=${since}`)).status
}

const byEmail = (shop: Shop) => get(shop, '/Customers?emailAddresses=nobody@x.example')

const distinctTimes = (shop: Shop) => {
  const list = ['A', 'B', 'C'].map((name) => ({ Name: fresh(name), EmailAddress: 'x@x.example' }))
  const inserted = shop.api.sandbox.insertCustomers(list)
  return new Set(inserted.map(({ Id }) => shop.api.sandbox.customers.get(Id)?.LastChangedDateTimeOffset)).size
}

export const lists: PositionChecks<ListSwitch> = {
  pagePastEnd: {
    '204': async (shop) => expect((await shop.api.get('/Customers?PageNumber=99')).status).toBe(204),
    '200': async (shop) => {
      expect(await shop.api.get('/Customers?PageNumber=99')).toMatchObject({ status: 200, json: [] })
      // Nothing matches at all, which is another matter.
      expect((await shop.api.get('/Customers?PageNumber=99&externalImportReference=none')).status).toBe(204)
    },
  },
  xPaginationContent: {
    nextPageLink: async (shop) =>
      expect(await paginations(shop)).toEqual([
        { nextPageLink: expect.stringContaining('PageNumber=2') },
        { nextPageLink: '' },
      ]),
    full: async (shop) => {
      const total = shop.api.sandbox.customers.count()
      expect((await paginations(shop))[0]).toEqual({
        totalCount: total,
        pageSize: 1,
        currentPage: 1,
        totalPages: total,
        previousPageLink: '',
        nextPageLink: expect.stringContaining('PageNumber=2'),
      })
    },
    absent: async (shop) => expect(await paginations(shop)).toEqual([null, null]),
  },
  xPaginationLastPage: {
    empty: async (shop) => expect(await lastPage(shop)).toEqual({ nextPageLink: '' }),
    absent: async (shop) => expect(await lastPage(shop)).toEqual({}),
    null: async (shop) => expect(await lastPage(shop)).toEqual({ nextPageLink: null }),
  },
  listOrder: {
    creation: async (shop) => {
      const { ids, listed } = await orderOf(shop)
      expect(await listed()).toEqual(ids)
    },
    lastChanged: async (shop) => {
      const { ids, listed } = await orderOf(shop)
      expect(await listed()).toEqual([...ids.slice(1), ids[0]])
    },
    id: async (shop) => {
      const { ids, listed } = await orderOf(shop)
      expect(await listed()).toEqual(ids.toSorted((one, other) => one - other))
    },
    shuffled: async (shop) => {
      const { ids, listed } = await orderOf(shop)
      const [one, other] = [await listed(), await listed()]
      expect(one).not.toEqual(other)
      expect([one.toSorted(), other.toSorted()]).toEqual([ids.toSorted(), ids.toSorted()])
    },
  },
  orderBySyntax: {
    accepted: async (shop) => {
      expect((await shop.api.get('/Customers?OrderBy=Name desc, Id')).status).toBe(200)
      expect((await shop.api.get('/Customers?OrderBy=Nonsense')).status).toBe(400)
    },
    ignored: async (shop) => expect((await shop.api.get('/Customers?OrderBy=Nonsense')).status).toBe(200),
  },
  unknownQueryKey: {
    ignored: async (shop) => expect((await shop.api.get('/Customers?colour=blue')).status).toBe(200),
    '400': async (shop) => expect((await shop.api.get('/Customers?colour=blue')).status).toBe(400),
  },
  pageSizeOverMax: {
    '400': async (shop) => expect((await shop.api.get('/Customers?PageSize=50000')).status).toBe(400),
    clamped: async (shop) => expect((await shop.api.get('/Customers?PageSize=50000')).status).toBe(200),
  },
  laterFilters: {
    on: async (shop) => expect((await byEmail(shop)).status).toBe(204),
    ignored: async (shop) => expect((await byEmail(shop)).json).toHaveLength(shop.api.sandbox.customers.count()),
    '400': async (shop) => {
      expect((await byEmail(shop)).status).toBe(400)
      expect((await get(shop, '/SalesOrders?externalImportReferences=x')).status).toBe(400)
      expect((await get(shop, '/Customers?externalImportReference=nobody')).status).toBe(204)
    },
  },
  invoiceListDates: {
    required: async (shop) => expect((await shop.api.get('/OutgoingInvoices?invoiceNos=1')).status).toBe(400),
    optional: async (shop) => expect((await shop.api.get('/OutgoingInvoices?invoiceNos=1')).status).toBe(204),
  },
  watermarkBoundary: {
    exclusive: async (shop) => expect(await afterWatermark(shop)).toBe(204),
    inclusive: async (shop) => expect(await afterWatermark(shop)).toBe(200),
  },
  lateVisibility: {
    '0': async (shop) => {
      await newCustomer(shop, { ExternalImportReference: 'straks' })
      expect((await shop.api.get('/Customers?externalImportReference=straks')).status).toBe(200)
    },
    '400': async (shop) => {
      const { json: old } = await newCustomer(shop, { ExternalImportReference: 'sein-gammel' })
      shop.set({ lateVisibility: 400 })
      const { json: late } = await newCustomer(shop, { ExternalImportReference: 'sein-ny' })
      await shop.api.patch(`/Customers/${old['Id']}`, [replace('/LegalName', 'Ny')])
      const look = async (word: string) => (await shop.api.get(`/Customers?externalImportReference=${word}`)).json
      expect([await look('sein-ny'), await look('sein-gammel')]).toEqual([undefined, [old]])
      expect((await get(shop, `/Customers/${late['Id']}`)).json).toEqual(late)
      await expect.poll(() => look('sein-ny'), { timeout: 3000 }).toEqual([late])
      await expect.poll(() => look('sein-gammel'), { timeout: 3000 }).toMatchObject([{ LegalName: 'Ny' }])
    },
  },
  equalTimestamps: {
    off: (shop) => expect(distinctTimes(shop)).toBe(3),
    on: (shop) => expect(distinctTimes(shop)).toBe(1),
  },
}
