import type { FlowName } from '../../flows/flow-definition.ts'

/** One of these roles of PowerOffice is enough; the first is the one to ask for. */
type Role = readonly [string, ...string[]]

interface FlowRoles {
  readonly needed: readonly Role[]
  /** Without it the flow works, but for what is said here. */
  readonly useful?: { readonly role: Role; readonly without: string }
}

const withReading = (area: string): Role => [area, `${area}_Full`]

/** Products take their VAT rate from the sales account's VAT code. */
const forVat = [withReading('GeneralLedgerAccount'), withReading('CommonServices')]

const invoices: FlowRoles['useful'] = {
  role: withReading('OutgoingInvoice'),
  without:
    'an order that was invoiced cannot be told from a deleted one, and no invoice number, due date or balance reaches the webshop',
}

/** sandbox/poweroffice/README.md, access. */
const rolesOf: Readonly<Record<FlowName, FlowRoles>> = {
  departments: { needed: [['Department_Full']] },
  customers: { needed: [['Customer_Full']] },
  products: { needed: [['Product_Full'], ...forVat] },
  salesOrders: {
    needed: [['SalesOrders_Full'], withReading('Product'), ...forVat, ['ContactDeliveryAddress_Full', 'Customer_Full']],
    useful: invoices,
  },
  salesOrderLines: { needed: [['SalesOrders_Full'], withReading('Product'), ...forVat], useful: invoices },
}

/** Names of roles that these flows cannot do without and that are not among `granted`. */
export function missingRoles(flows: readonly FlowName[], granted: readonly string[]): string[] {
  const missing = flows.flatMap((flow) => rolesOf[flow].needed).filter((role) => !isGranted(role, granted))
  return [...new Set(missing.map(([first]) => first))]
}

/** One sentence for each role that these flows would do better with. */
export function adviceOnRoles(flows: readonly FlowName[], granted: readonly string[]): string[] {
  const advice = flows.flatMap((flow) => {
    const { useful } = rolesOf[flow]
    if (!useful || isGranted(useful.role, granted)) return []
    return [
      `PowerOffice has not given our integration the role ${useful.role[0]}: until it is granted in PowerOffice Go (Settings, Integrations), ${useful.without}.`,
    ]
  })
  return [...new Set(advice)]
}

function isGranted(role: Role, granted: readonly string[]): boolean {
  return role.some((name) => granted.includes(name))
}

/** What to grant for a request that was refused with a 403. @param label method and path without ids */
export function roleForRequest(label: string): string {
  const [method = '', path = ''] = label.split(' ')
  const area = areas.find(([start]) => path.toLowerCase().startsWith(start.toLowerCase()))?.[1]
  if (area === undefined) return 'roles that it asks for'
  const isReading = method === 'GET' && !path.endsWith('/sentState')
  return isReading ? `role ${area} or ${area}_Full` : `role ${area}_Full`
}

const areas: readonly (readonly [path: string, role: string])[] = [
  ['/Departments', 'Department'],
  ['/Customers', 'Customer'],
  ['/ProductGroups', 'Product'],
  ['/Products', 'Product'],
  ['/SalesOrders', 'SalesOrders'],
  ['/OutgoingInvoices', 'OutgoingInvoice'],
  ['/GeneralLedgerAccounts', 'GeneralLedgerAccount'],
  ['/VatCodes', 'CommonServices'],
  ['/PaymentTerms', 'CommonServices'],
  ['/SubLedgerNumberSeries', 'CommonServices'],
  ['/ContactDeliveryAddresses', 'ContactDeliveryAddress'],
]
