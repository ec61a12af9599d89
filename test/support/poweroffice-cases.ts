import type { SwitchChanges } from '../../sandbox/poweroffice/settings.ts'
import { jsonHeaders, orderBody, type PowerOfficeWorld, patchHeaders, uploadedFile } from './poweroffice-world.ts'

/** One way in which an operation answers, and how to bring it about. The first of each operation is a request that works. */
export interface Case {
  readonly status: number
  readonly switches?: SwitchChanges
  ask(world: PowerOfficeWorld): Ask | Promise<Ask>
}

export interface Ask {
  /** Below /v2, with the query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

type Used = keyof PowerOfficeWorld['used']
type Path = (world: PowerOfficeWorld) => string

const nobody = '7d9f1a0e-3c52-4b7a-9a55-0c1f2e7a1099'
let made = 0
/** Codes and numbers that nobody has yet. */
const next = () => (made += 1)

const at = (path: string | Path, world: PowerOfficeWorld) => (typeof path === 'string' ? path : path(world))

function list(path: string | Path, matching = '', unknown?: string): Case[] {
  const asked = (query: string) => (world: PowerOfficeWorld) => ({ path: `${at(path, world)}?${query}` })
  const isBelow = typeof path !== 'string'
  return [
    { status: 200, ask: asked(matching) },
    { status: 204, ask: asked(`${matching}&PageNumber=99`) },
    { status: 400, ask: asked(`${matching}&PageNumber=0`) },
    ...(unknown === undefined ? [] : [{ status: 404, ask: asked(unknown) }]),
    ...(isBelow
      ? [{ status: 404, ask: () => ({ path: path({ draft: { id: nobody }, invoiceId: nobody } as never) }) }]
      : []),
  ]
}

function read(path: Path, unknown: string): Case[] {
  return [
    { status: 200, ask: (world) => ({ path: path(world) }) },
    { status: 404, ask: () => ({ path: unknown }) },
  ]
}

/** @param unknown properties that name something nobody has */
function create(
  path: string | Path,
  body: (world: PowerOfficeWorld) => Record<string, unknown>,
  { created = 201, unknown }: { created?: number; unknown?: Record<string, unknown> } = {},
): Case[] {
  const sent = (more: object) => (world: PowerOfficeWorld) => ({
    path: at(path, world),
    headers: jsonHeaders,
    body: { ...body(world), ...more },
  })
  return [
    { status: created, ask: sent({}) },
    { status: 400, ask: sent({ NoSuchProperty: 1 }) },
    ...(unknown === undefined ? [] : [{ status: 404, ask: sent(unknown) }]),
  ]
}

function patch(path: Path, property: string, value: unknown, unknown: string): Case[] {
  const sent = (where: string | Path, name: string) => (world: PowerOfficeWorld) => ({
    path: at(where, world),
    headers: patchHeaders,
    body: [{ op: 'replace', path: `/${name}`, value }],
  })
  return [
    { status: 200, ask: sent(path, property) },
    { status: 400, ask: sent(path, 'NoSuchProperty') },
    { status: 404, ask: sent(unknown, property) },
  ]
}

/** @param fresh makes a record that nothing points to and says where it is */
function remove(
  fresh: (world: PowerOfficeWorld) => Promise<string>,
  used: Path,
  unknown: string,
  deleted = 200,
): Case[] {
  return [
    { status: deleted, ask: async (world) => ({ path: await fresh(world) }) },
    { status: 409, ask: (world) => ({ path: used(world) }) },
    { status: 404, ask: () => ({ path: unknown }) },
  ]
}

/** The five operations of an entity whose records have whole-number ids. */
function entity(
  path: string,
  used: Used,
  body: (world: PowerOfficeWorld) => Record<string, unknown>,
  options: { created?: number; deleted?: number; unknown?: Record<string, unknown>; listUnknown?: string } = {},
): Record<string, readonly Case[]> {
  const one: Path = (world) => `${path}/${world.used[used]}`
  const unknown = `${path}/99999999`
  const fresh = async (world: PowerOfficeWorld) => `${path}/${await world.post(path, body(world))}`
  return {
    [`GET ${path}`]: list(path, '', options.listUnknown),
    [`POST ${path}`]: create(path, body, options),
    [`GET ${path}/{id}`]: read(one, unknown),
    [`PATCH ${path}/{id}`]: patch(one, 'Name', 'Et annet navn', unknown),
    [`DELETE ${path}/{id}`]: remove(fresh, one, unknown, options.deleted),
  }
}

const draft: Path = (world) => `/SalesOrders/${world.draft.id}`
const freshOrder = async (world: PowerOfficeWorld) => world.post('/SalesOrders/Complete', orderBody(world.used))
const addresses: Path = ({ used }) => `/ContactDeliveryAddresses/${used.customer}`
const address = { City: 'Ås', ZipCode: '1430' }
const line: Path = (world) => `${draft(world)}/Lines/${world.draft.line}`
const invoice: Path = (world) => `/OutgoingInvoices/${world.invoiceId}`
const allInvoices = 'fromDate=2000-01-01&toDate=2999-12-31'
const upload = (path: Path) => (world: PowerOfficeWorld) => ({ path: path(world), ...uploadedFile })
const attachments: Path = (world) => `${draft(world)}/attachments`
const attachment: Path = (world) => `${attachments(world)}/${world.draft.attachment}`

/** By operation of the description. */
export const cases: Readonly<Record<string, readonly Case[]>> = {
  'GET /ClientIntegrationInformation': [{ status: 200, ask: () => ({ path: '/ClientIntegrationInformation' }) }],
  'GET /Currencies': list('/Currencies'),
  'GET /VatCodes': list('/VatCodes'),
  'GET /SubLedgerNumberSeries': list('/SubLedgerNumberSeries'),
  'GET /SubLedgerNumberSeries/{id}': read(
    () => '/SubLedgerNumberSeries/0f3c1a52-7c1e-4a55-9f0e-5f3b60d0a001',
    `/SubLedgerNumberSeries/${nobody}`,
  ),
  ...entity('/Departments', 'department', () => ({ Name: 'Lager', Code: `L${next()}` }), {
    unknown: { ManagerEmployeeNo: 1 },
  }),
  ...entity('/Customers', 'customer', () => ({ Name: 'Fjell AS', InvoiceDeliveryType: 'Print' }), {
    unknown: { DepartmentCode: 'nobody' },
    listUnknown: 'contactGroupIds=77',
  }),
  ...entity('/Products', 'product', () => ({ Name: 'Te', Code: `T${next()}` }), { created: 200 }),
  ...entity('/ProductGroups', 'productGroup', () => ({ Name: 'Te', Code: `G${next()}` }), {
    unknown: { StandardSalesAccount: 9999 },
  }),
  ...entity(
    '/GeneralLedgerAccounts',
    'account',
    () => ({ AccountNo: 6000 + next(), Name: 'Diverse', IsActive: true }),
    {
      unknown: { DepartmentCode: 'nobody' },
    },
  ),
  ...entity('/PaymentTerms', 'paymentTerm', () => ({ Name: '7 dager', CreditDays: 7, IsActive: true }), {
    deleted: 201,
  }),
  ...entity('/DeliveryTerms', 'deliveryTerm', () => ({ Name: 'DAP' })),
  'GET /ContactDeliveryAddresses': list('/ContactDeliveryAddresses', '', 'contactIds=1'),
  'POST /ContactDeliveryAddresses/{contactId}': [
    ...create(addresses, () => address),
    { status: 404, ask: () => ({ path: '/ContactDeliveryAddresses/1', headers: jsonHeaders, body: address }) },
  ],
  'GET /ContactDeliveryAddresses/{contactId}/{id}': read(
    (world) => `${addresses(world)}/${world.used.address}`,
    '/ContactDeliveryAddresses/1/1',
  ),
  'PATCH /ContactDeliveryAddresses/{contactId}/{id}': patch(
    (world) => `${addresses(world)}/${world.used.address}`,
    'City',
    'Bodø',
    '/ContactDeliveryAddresses/1/1',
  ),
  'DELETE /ContactDeliveryAddresses/{contactId}/{id}': remove(
    async (world) => `${addresses(world)}/${await world.post(addresses(world), address)}`,
    (world) => `${addresses(world)}/${world.used.address}`,
    '/ContactDeliveryAddresses/1/1',
  ),
  'GET /SalesOrders': list('/SalesOrders'),
  'POST /SalesOrders/Complete': create('/SalesOrders/Complete', ({ used }) => orderBody(used), {
    unknown: { DepartmentId: 99999999 },
  }),
  'GET /SalesOrders/sentState': [
    { status: 200, ask: ({ invoiceId }) => ({ path: `/SalesOrders/sentState?id=${invoiceId}` }) },
    { status: 204, ask: () => ({ path: '/SalesOrders/sentState' }) },
    { status: 404, ask: () => ({ path: `/SalesOrders/sentState?id=${nobody}` }) },
  ],
  'GET /SalesOrders/{id}': read(draft, `/SalesOrders/${nobody}`),
  'GET /SalesOrders/{id}/Complete': read((world) => `${draft(world)}/Complete`, `/SalesOrders/${nobody}/Complete`),
  'PATCH /SalesOrders/{id}': patch(draft, 'CustomerReference', 'Ola', `/SalesOrders/${nobody}`),
  'DELETE /SalesOrders/{id}': remove(
    async (world) => `/SalesOrders/${await freshOrder(world)}`,
    ({ confirmed }) => `/SalesOrders/${confirmed.id}`,
    `/SalesOrders/${nobody}`,
  ),
  'GET /SalesOrders/{id}/Lines': list((world) => `${draft(world)}/Lines`),
  'POST /SalesOrders/{id}/Lines': create(
    (world) => `${draft(world)}/Lines`,
    () => ({ LineType: 'Text', Description: 'Hei' }),
    {
      unknown: { ProductCode: 'nobody' },
    },
  ),
  'GET /SalesOrders/{id}/Lines/{lineId}': read(line, `/SalesOrders/${nobody}/Lines/${nobody}`),
  'PATCH /SalesOrders/{id}/Lines/{lineId}': patch(
    line,
    'Description',
    'Mørkbrent',
    `/SalesOrders/${nobody}/Lines/${nobody}`,
  ),
  'DELETE /SalesOrders/{id}/Lines/{lineId}': remove(
    async (world) => `${draft(world)}/Lines/${await world.post(`${draft(world)}/Lines`, { Description: 'Bort' })}`,
    ({ confirmed }) => `/SalesOrders/${confirmed.id}/Lines/${confirmed.line}`,
    `/SalesOrders/${nobody}/Lines/${nobody}`,
  ).map((one) => (one.status === 409 ? { ...one, switches: { confirmedOrderEdit: '409' as const } } : one)),
  'POST /SalesOrders/{id}/createAndSendInvoice': [
    {
      status: 202,
      ask: async (world) => ({
        path: `/SalesOrders/${await freshOrder(world)}/createAndSendInvoice`,
        headers: jsonHeaders,
        body: { DeliveryType: 'Auto', VoucherDate: '2026-11-03' },
      }),
    },
    {
      status: 400,
      switches: { allowSendInvoice: 'missing' },
      ask: (world) => ({ path: `${draft(world)}/createAndSendInvoice`, headers: jsonHeaders, body: {} }),
    },
    {
      status: 404,
      ask: () => ({ path: `/SalesOrders/${nobody}/createAndSendInvoice`, headers: jsonHeaders, body: {} }),
    },
  ],
  'GET /SalesOrders/{salesOrderId}/attachments': list(attachments),
  'POST /SalesOrders/{salesOrderId}/attachments': [
    { status: 201, ask: upload(attachments) },
    { status: 400, ask: (world) => ({ ...upload(attachments)(world), body: Buffer.from('no form') }) },
    { status: 404, ask: upload(() => `/SalesOrders/${nobody}/attachments`) },
  ],
  'GET /SalesOrders/{salesOrderId}/attachments/{id}': [
    ...read(attachment, `/SalesOrders/${nobody}/attachments/1`),
    { status: 400, ask: (world) => ({ path: `${attachments(world)}/one` }) },
  ],
  'DELETE /SalesOrders/{salesOrderId}/attachments/{id}': remove(
    async (world) => {
      const order = await freshOrder(world)
      return `/SalesOrders/${order}/attachments/${await world.post(`/SalesOrders/${order}/attachments`, uploadedFile.body)}`
    },
    ({ confirmed }) => `/SalesOrders/${confirmed.id}/attachments/${confirmed.attachment}`,
    `/SalesOrders/${nobody}/attachments/1`,
  ),
  'GET /OutgoingInvoices': list('/OutgoingInvoices', allInvoices),
  'GET /OutgoingInvoices/{id}': read(invoice, `/OutgoingInvoices/${nobody}`),
  'GET /OutgoingInvoices/{id}/Lines': list((world) => `${invoice(world)}/Lines`),
}
