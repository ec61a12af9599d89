import { flowNames } from './flow-definition.ts'

/** What a place in the options file may hold, for reading it strictly and for the table in docs/connect-your-systems.md. */
export type OptionShape =
  | {
      readonly kind: 'value'
      /** Completes "write …" and stands in the table. */
      readonly values: string
      readonly isValid: (value: unknown) => boolean
      readonly meaning: string
    }
  /** Entries that people name: added to the default ones, or in their place. */
  | {
      readonly kind: 'table'
      /** How the table shows a key: `<rate>`. */
      readonly key: string
      /** Completes "write …" about a key that is none. */
      readonly keys: string
      readonly isKey: (key: string) => boolean
      readonly of: OptionShape
    }
  | { readonly kind: 'group'; readonly members: Readonly<Record<string, OptionShape>> }

const ruleFour = '([rule 4](rules.md#rule-4-what-takes-part))'

/** Every option there is; a name that does not stand here is refused. */
export const optionShapes: OptionShape & { readonly kind: 'group' } = {
  kind: 'group',
  members: {
    firstAgreement: oneOf(
      ['erp', 'shop', 'latest', 'ask'],
      'At linking: both sides filled and different ([rule 2](rules.md#rule-2-first-agreement)).',
    ),
    createInactive: flag(
      'Records that are inactive, archived, invoiced or cancelled when first seen are created on the other side, too ([rule 4](rules.md#rule-4-what-takes-part)).',
    ),
    creation: {
      kind: 'table',
      key: '<flow>',
      keys: 'departments, customers, products or salesOrders',
      isKey: (key) => flowNames.some((name) => name === key) && key !== 'salesOrderLines',
      of: {
        kind: 'table',
        key: '<erp or shop>',
        keys: 'erp or shop, the side where records are created',
        isKey: (key) => key === 'erp' || key === 'shop',
        of: oneOf(
          ['always', 'never'],
          'Whether a flow creates records on that side, where that differs from the flow’s own rule. Lines are created with their order.',
        ),
      },
    },
    customers: {
      kind: 'group',
      members: {
        singleName: oneOf(
          ['dash', 'refuse'],
          'A person with one name only: PowerOffice gets "-" as first name, or the record is listed.',
        ),
        guests: {
          kind: 'value',
          values: 'create, leave-out or collective:<webshop id>, such as collective:c-17',
          isValid: (value) =>
            value === 'create' ||
            value === 'leave-out' ||
            (typeof value === 'string' && /^collective:[A-Za-z0-9._-]{1,40}$/.test(value)),
          meaning: 'Guest checkouts: customers like others, left out, or all on the one customer with that id.',
        },
        activeBothWays: flag('`active` travels both ways instead of from PowerOffice only.'),
      },
    },
    products: {
      kind: 'group',
      members: {
        vatAccounts: {
          kind: 'table',
          key: '<rate>',
          keys: 'a VAT rate in percent without closing zeros, such as 25 or 11.11',
          isKey: (key) => /^(?:0|[1-9]\d?)(?:\.\d?[1-9])?$/.test(key),
          of: wholeNumber('3000', 'The sales account of new products in PowerOffice, by VAT rate.'),
        },
        stock: oneOf(['erp', 'off'], 'PowerOffice states the stock, or stock is left alone.'),
      },
    },
    salesOrders: {
      kind: 'group',
      members: {
        push: oneOf(['placed', 'paid', 'confirmed'], 'When a webshop order takes part.'),
        since: {
          kind: 'value',
          values: 'a day such as 2026-01-31, or null for all orders',
          isValid: (value) => value === null || isDay(value),
          meaning:
            'Orders dated earlier are not created on the other side ([rule 4](rules.md#rule-4-what-takes-part)).',
        },
        lineProducts: {
          kind: 'table',
          key: '<kind or kind:rate>',
          keys: 'shipping, payment, discount, giftcard or rounding, with a VAT rate where articles differ: shipping:15',
          isKey: (key) =>
            /^(?:shipping|payment|discount|giftcard|rounding)(?::(?:0|[1-9]\d?)(?:\.\d?[1-9])?)?$/.test(key),
          of: {
            kind: 'value',
            values: 'an article\'s code in PowerOffice, such as "FRAKT"',
            isValid: (value) => typeof value === 'string' && value.trim() !== '',
            meaning: 'The article in PowerOffice on which lines of that kind stand.',
          },
        },
        paymentTerms: {
          kind: 'table',
          key: '<method>',
          keys: 'a payment.method of the webshop',
          isKey: (key) => key.trim() !== '',
          of: wholeNumber('14', "The id of PowerOffice's payment term for orders that are paid in that way."),
        },
        cancelDrafts: oneOf(
          ['approve', 'atOnce'],
          'An order cancelled in the webshop: its draft in PowerOffice is deleted after a person said yes, or at once.',
        ),
        editConfirmed: oneOf(
          ['list', 'reopen'],
          'The webshop’s edit of an order that PowerOffice has confirmed: listed, or carried over, for which the order is set back to draft and confirmed again.',
        ),
        roundingLine: oneOf(
          ['off', 'on'],
          'A new order whose totals differ by rounding only gets a line without VAT in PowerOffice, on the article of kind `rounding`, that closes the rest.',
        ),
      },
    },
    createWith: {
      kind: 'table',
      key: '<flow>',
      keys: 'departments, customers, products or salesOrders',
      isKey: (key) => flowNames.some((name) => name === key) && key !== 'salesOrderLines',
      of: {
        kind: 'table',
        key: '<property>',
        keys: "a property of PowerOffice's record, such as PaymentTermId",
        isKey: (key) => /^[A-Z][A-Za-z0-9]*$/.test(key),
        of: {
          kind: 'value',
          values: 'a text, a number, true, false or a list of ids such as [501]',
          isValid: (value) =>
            typeof value === 'string' ||
            typeof value === 'boolean' ||
            (typeof value === 'number' && Number.isFinite(value)) ||
            isListOf(value, isId),
          meaning:
            'Given to new records in PowerOffice and never touched again ([rule 11](rules.md#rule-11-set-once-at-creation)).',
        },
      },
    },
    scope: {
      kind: 'group',
      members: {
        erp: {
          kind: 'group',
          members: {
            contactGroupIds: {
              kind: 'value',
              values: 'a list of ids, such as [501, 502]',
              isValid: (value) => isListOf(value, isId),
              meaning: `Only PowerOffice's customers of these contact groups take part ${ruleFour}. Give the group to new ones with createWith.customers.ContactGroupIds.`,
            },
            productGroupCodes: texts(
              '["10", "20"]',
              `Only PowerOffice's products of these product groups take part ${ruleFour}. Give the group to new ones with createWith.products.ProductGroupId.`,
            ),
            departmentCodes: texts(
              '["010"]',
              `Only PowerOffice's departments with these codes and orders of these departments take part ${ruleFour}.`,
            ),
            onlyCreatedByCurrentIntegration: flag(
              `Of PowerOffice's orders only those take part that came from the webshop ${ruleFour}.`,
            ),
          },
        },
        shop: {
          kind: 'group',
          members: {
            kinds: words(
              ['company', 'person', 'department'],
              `Only the webshop's customers of these kinds take part ${ruleFour}.`,
            ),
            categories: texts('["Tools"]', `Only the webshop's products of these categories take part ${ruleFour}.`),
            statuses: words(
              ['open', 'confirmed', 'invoiced', 'cancelled'],
              `Only the webshop's orders with these statuses take part ${ruleFour}.`,
            ),
            paymentStatuses: texts(
              '["paid", "refunded"]',
              `Only the webshop's orders with these payment statuses take part ${ruleFour}.`,
            ),
          },
        },
      },
    },
  },
}

function oneOf(words: readonly string[], meaning: string): OptionShape {
  return {
    kind: 'value',
    values: `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
    isValid: (value) => words.some((word) => word === value),
    meaning,
  }
}

function flag(meaning: string): OptionShape {
  return { kind: 'value', values: 'true or false', isValid: (value) => typeof value === 'boolean', meaning }
}

function wholeNumber(example: string, meaning: string): OptionShape {
  return {
    kind: 'value',
    values: `a whole number above 0, such as ${example}`,
    isValid: (value) => typeof value === 'number' && Number.isSafeInteger(value) && value > 0,
    meaning,
  }
}

function texts(example: string, meaning: string): OptionShape {
  return {
    kind: 'value',
    values: `a list of texts, such as ${example}`,
    isValid: (value) => isListOf(value, (entry) => typeof entry === 'string' && entry.trim() !== ''),
    meaning,
  }
}

function words(known: readonly string[], meaning: string): OptionShape {
  return {
    kind: 'value',
    values: `a list of ${known.slice(0, -1).join(', ')} or ${known.at(-1)}`,
    isValid: (value) => isListOf(value, (entry) => known.some((word) => word === entry)),
    meaning,
  }
}

function isListOf(value: unknown, isEntry: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isEntry)
}

function isId(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}

/** A day that the calendar has. */
function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const day = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value)
}
