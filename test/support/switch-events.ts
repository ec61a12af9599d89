import type { SwitchChanges } from '../../sandbox/poweroffice/settings.ts'
import type { SwitchEvent } from '../switch-facts/switch-facts.ts'
import { text } from './compare-systems.ts'
import type { Intent, Round } from './switch-round.ts'
import { until, type World } from './world.ts'

/** What has to happen beside the round for a position to matter; clearing and invoicing come after it. @returns what both systems must show of it */
export function startEvent(world: World, event: SwitchEvent | undefined, before: Round): readonly Intent[] {
  const { number } = before
  switch (event) {
    case 'lostReply':
      for (const path of ['/Customers', '/Products', '/SalesOrders/Complete'])
        world.erp.faults.plan({ kind: 'reset', method: 'POST', path, when: 'after' })
      return []
    case 'refusal': {
      const name = `Feil nummer ${number} AS`
      const { id } = world.shop.customers.create({
        kind: 'company',
        name,
        email: `feil${number}@nummer.example`,
        organizationNumber: '923609017',
      })
      return [madeInShop('a customer that PowerOffice refuses', 'customers', id, name)]
    }
    case 'shortGtin': {
      const product = { name: `Kort strekkode ${number}`, gtin: '96385074', priceExVat: '5', vatRate: '25', unit: 'EA' }
      const { id } = world.shop.products.create({ sku: `G${number}`, type: 'product', ...product })
      return [madeInShop('a product with a short barcode', 'products', id, product.name)]
    }
    case 'clearing':
    case 'invoice':
    case undefined:
      return []
  }
}

function madeInShop(name: string, flow: 'customers' | 'products', id: string, want: string): Intent {
  const shown: Intent['shown'] = (now) => {
    const record = now.shop[flow].get(id)
    const erpId = text(record?.['erpId']).split(':')[1] ?? ''
    return [text(now.erp[flow].get(erpId)?.['Name']), text(record?.['name'])]
  }
  return { name, flow, ids: ['', id], want, before: ['', want], shown }
}

/**
 * The order is invoiced in PowerOffice: by its API where a switch makes that take time or fail, else by a person.
 * @returns whether there will be an invoice
 */
export async function invoiceOrder(world: World, erpId: string, { invoicingDelay, invoicingOutcome }: SwitchChanges) {
  if (invoicingDelay === undefined && invoicingOutcome === undefined) {
    world.erp.salesOrders.invoice(erpId)
    return true
  }
  // The sync uses the key's rate as well, and a switch may end tokens early: whoever comes too early, or too late, asks again.
  const sent = await until('PowerOffice to take the request', async () => {
    const answer = await askToInvoice(world, erpId)
    return answer.status === 429 || answer.status === 401 ? undefined : answer
  })
  if (sent.status !== 202) throw new Error(`PowerOffice does not invoice: ${await sent.text()}`)
  return invoicingOutcome !== 'error'
}

/** With a token of its own. */
async function askToInvoice({ erp }: World, erpId: string): Promise<Response> {
  const subscription = { 'Ocp-Apim-Subscription-Key': erp.keys.subscriptionKey }
  const basic = Buffer.from(`${erp.keys.applicationKey}:${erp.keys.clientKey}`).toString('base64')
  const token = await fetch(erp.tokenUrl, {
    method: 'POST',
    headers: { ...subscription, Authorization: `Basic ${basic}`, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  })
  if (!token.ok) return token
  const { access_token: bearer } = (await token.json()) as { access_token: string }
  return fetch(`${erp.baseUrl}/SalesOrders/${erpId}/createAndSendInvoice`, {
    method: 'POST',
    headers: { ...subscription, Authorization: `Bearer ${bearer}` },
  })
}
