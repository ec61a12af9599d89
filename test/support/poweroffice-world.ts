import { type PowerOfficeSandbox, startPowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import { fetchToken } from '../sandbox-poweroffice-support.ts'
import { type SampleRequest, unspoiled } from './mutate-request.ts'
import { createRawClient, type RawClient } from './send-mutated.ts'

/** A company with something of everything that the description has operations for. */
export interface PowerOfficeWorld {
  readonly sandbox: PowerOfficeSandbox
  readonly client: RawClient
  /** Of a well-behaved client: token, subscription key. */
  readonly headers: Readonly<Record<string, string>>
  /** Each is pointed to by something, so that its DELETE is a 409. */
  readonly used: Readonly<
    Record<
      'department' | 'customer' | 'product' | 'productGroup' | 'account' | 'paymentTerm' | 'deliveryTerm' | 'address',
      number
    >
  >
  readonly draft: { readonly id: string; readonly line: string; readonly attachment: number }
  readonly confirmed: { readonly id: string; readonly line: string; readonly attachment: number }
  readonly invoiceId: string
  /** @param body JSON, or the bytes of `uploadedFile`. @returns the id of what a POST made */
  post(path: string, body: unknown): Promise<string | number>
  close(): Promise<void>
}

export const jsonHeaders = { 'Content-Type': 'application/json' }
export const patchHeaders = { 'Content-Type': 'application/json-patch+json' }

/** In memory, without a rate limit. */
export async function startPowerOfficeWorld(): Promise<PowerOfficeWorld> {
  const sandbox = await startPowerOfficeSandbox({
    port: 0,
    dataFile: ':memory:',
    seed: 'none',
    switches: { rateLimit: 'off' },
  })
  const client = createRawClient(sandbox.origin)
  const headers = {
    Authorization: `Bearer ${await fetchToken(sandbox)}`,
    'Ocp-Apim-Subscription-Key': sandbox.keys.subscriptionKey,
  }
  const send = async (request: SampleRequest): Promise<{ readonly Id: string | number } & Record<string, unknown>> => {
    const answer = await client.send(unspoiled({ ...request, headers: { ...headers, ...request.headers } }))
    if (answer.status >= 300) throw new Error(`${request.method} ${request.path}: ${answer.status} ${answer.text}`)
    return JSON.parse(answer.text) as { Id: string | number }
  }
  const post = async (path: string, body: unknown) => {
    const type = Buffer.isBuffer(body) ? uploadedFile.headers : jsonHeaders
    return (await send({ method: 'POST', path: `/v2${path}`, headers: type, body })).Id
  }

  const used = await makeRecords(async (path, body) => Number(await post(path, body)))
  const attach = async (orderId: string) => Number(await post(`/SalesOrders/${orderId}/attachments`, uploadedFile.body))
  const order = async (status: 'Draft' | 'Confirmed') => {
    const body = { ...orderBody(used), SalesOrderStatus: status }
    const made = await send({ method: 'POST', path: '/v2/SalesOrders/Complete', headers: jsonHeaders, body })
    const [line] = made.SalesOrderLines as { Id: string }[]
    return { id: String(made.Id), line: line?.Id ?? '', attachment: await attach(String(made.Id)) }
  }
  const [draft, confirmed, sold] = [await order('Draft'), await order('Confirmed'), await order('Draft')]
  return {
    sandbox,
    client,
    headers,
    used,
    draft,
    confirmed,
    invoiceId: String(sandbox.salesOrders.invoice(sold.id).Id),
    post,
    async close() {
      client.close()
      await sandbox.close()
    },
  }
}

type Post = (path: string, body: unknown) => Promise<number>

async function makeRecords(post: Post): Promise<PowerOfficeWorld['used']> {
  const department = await post('/Departments', { Name: 'Butikk', Code: '10', IsActive: true })
  const paymentTerm = await post('/PaymentTerms', { Name: '20 dager', CreditDays: 20, IsActive: true })
  const deliveryTerm = await post('/DeliveryTerms', { Name: 'FCA' })
  const account = await post('/GeneralLedgerAccounts', {
    ...{ AccountNo: 3005, Name: 'Salg av kaffe', IsActive: true, VatCode: '3', DepartmentId: department },
  })
  const productGroup = await post('/ProductGroups', { Name: 'Kaffe', Code: 'K', StandardSalesAccountId: account })
  const product = await post('/Products', {
    ...{ Name: 'Filterkaffe', Code: 'KAF-1', ProductGroupId: productGroup, UnitPrice: 100, IsStockItem: true },
    ...{ StockOnHand: 50, StandardSalesAccountId: account },
  })
  const customer = await post('/Customers', {
    ...{ Name: 'Bakeriet AS', EmailAddress: 'post@bakeriet.example', DepartmentId: department },
    ...{ PaymentTermId: paymentTerm, DeliveryTermId: deliveryTerm, ExternalImportReference: 'bakeriet' },
    MailAddress: { AddressLine1: 'Storgata 1', City: 'Tromsø', ZipCode: '9008' },
  })
  const address = await post(`/ContactDeliveryAddresses/${customer}`, { City: 'Bergen', ZipCode: '5003' })
  return { department, customer, product, productGroup, account, paymentTerm, deliveryTerm, address }
}

export function orderBody(used: PowerOfficeWorld['used']): Record<string, unknown> {
  return {
    CustomerId: used.customer,
    DepartmentId: used.department,
    ContactDeliveryAddressId: used.address,
    CustomerReference: 'Kari',
    SalesOrderDate: '2026-11-02',
    SalesOrderLines: [
      { ProductId: used.product, Quantity: 3, ProductUnitPrice: 99.9, Allowance: 10 },
      { LineType: 'Text', Description: 'Leveres bak.' },
    ],
  }
}

const boundary = 'kobling-test'

/** Headers and body of a multipart/form-data upload of one small file. */
export const uploadedFile = {
  headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
  body: Buffer.from(
    [
      `--${boundary}`,
      'Content-Disposition: form-data; name="file"; filename="følgeseddel.pdf"',
      'Content-Type: application/pdf',
      '',
      '%PDF-1.4',
      `--${boundary}--`,
      '',
    ].join('\r\n'),
  ),
}
