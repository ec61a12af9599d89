import { describe, expect, test } from 'vitest'
import { defaultOptions } from '../flows/flow-options.ts'
import { listOptions, optionsTable } from '../flows/list-options.ts'
import { optionShapes } from '../flows/option-shapes.ts'
import { readOptions } from '../flows/read-options.ts'
import { portsOf, readSettings, sandboxWebhookSecret, secretsOf, temporalAddressOf } from '../flows/settings.ts'

const realPowerOffice = {
  POWEROFFICE_BASE_URL: 'https://goapi.poweroffice.net/v2',
  POWEROFFICE_APPLICATION_KEY: 'app-key',
  POWEROFFICE_CLIENT_KEY: 'client-key',
  POWEROFFICE_SUBSCRIPTION_KEY: 'subscription-key',
}
const realShop = { WEBSHOP_BASE_URL: 'https://shop.example.no', WEBSHOP_API_KEY: 'shop-key' }

describe('without any setting', () => {
  const settings = readSettings({})

  test('both sandboxes and the embedded Temporal server are used, on the documented ports', () => {
    expect(settings).toEqual({
      temporal: {
        address: null,
        port: 7233,
        uiPort: 8233,
        namespace: 'default',
        cli: null,
        uiUrl: 'http://127.0.0.1:8233',
        apiKey: null,
        tls: null,
        deployment: null,
      },
      powerOffice: {
        baseUrl: 'http://127.0.0.1:4010/v2',
        tokenUrl: 'http://127.0.0.1:4010/OAuth/Token',
        sandbox: true,
        sandboxPort: 4010,
        applicationKey: 'sandbox-application',
        clientKey: 'sandbox-client',
        subscriptionKey: 'sandbox-subscription',
        pollSeconds: 2,
        pollSecondsByFlow: { departments: 2, customers: 2, products: 2, salesOrders: 2, salesOrderLines: 2 },
        sweepSeconds: 60,
        requestsPerSecond: 10,
      },
      webshop: {
        baseUrl: 'http://127.0.0.1:4020',
        sandbox: true,
        sandboxPort: 4020,
        apiKey: 'sandbox-webshop',
        webhookSecret: sandboxWebhookSecret,
        pollSeconds: 2,
        pollSecondsByFlow: { departments: 2, customers: 2, products: 2, salesOrders: 2, salesOrderLines: 2 },
      },
      receiverPort: 4030,
      consolePort: 4040,
      consoleToken: null,
      codecKeys: [],
      codecToken: null,
      dataDir: '.data',
      auditAt: '02:30',
      exportAt: '01:30',
      exportsKept: 14,
      cacheDir: '.cache',
      approve: 'first-contact',
      connection: 'default',
      taskQueue: 'sync',
      watchTaskQueue: 'sync-watch',
      options: defaultOptions,
      loopbackOnly: true,
    })
  })

  test('npm start listens on six ports, each moved by its own setting', () => {
    expect(portsOf(settings).map(({ port, setting }) => `${setting}=${port}`)).toEqual([
      'TEMPORAL_PORT=7233',
      'TEMPORAL_UI_PORT=8233',
      'POWEROFFICE_SANDBOX_PORT=4010',
      'WEBSHOP_SANDBOX_PORT=4020',
      'KOBLING_PORT=4030',
      'KOBLING_CONSOLE_PORT=4040',
    ])
  })

  test('the webhook secret of the sandbox pair is one that a webhook library accepts', () => {
    const text = Buffer.from(sandboxWebhookSecret.slice('whsec_'.length), 'base64').toString()
    expect(text).toBe('kobling-sandbox-webhook-secret-24')
    expect(readSettings({ WEBSHOP_WEBHOOK_SECRET: sandboxWebhookSecret }).webshop.webhookSecret).toBe(
      sandboxWebhookSecret,
    )
  })
})

test('a moved sandbox port moves the addresses that lead to it', () => {
  const settings = readSettings({
    POWEROFFICE_SANDBOX_PORT: '5010',
    WEBSHOP_SANDBOX_PORT: '5020',
    TEMPORAL_PORT: '5233',
  })
  expect([settings.powerOffice.baseUrl, settings.powerOffice.tokenUrl, settings.webshop.baseUrl]).toEqual([
    'http://127.0.0.1:5010/v2',
    'http://127.0.0.1:5010/OAuth/Token',
    'http://127.0.0.1:5020',
  ])
  expect(temporalAddressOf(settings)).toBe('127.0.0.1:5233')
})

test('an empty or blank value counts as unset', () => {
  expect(readSettings({ POWEROFFICE_BASE_URL: '', TEMPORAL_PORT: ' ', KOBLING_APPROVE: '' })).toEqual(readSettings({}))
})

describe('the real PowerOffice', () => {
  test.each([
    ['https://goapi.poweroffice.net/v2', 'https://goapi.poweroffice.net/OAuth/Token'],
    ['https://goapi.poweroffice.net/v2/', 'https://goapi.poweroffice.net/OAuth/Token'],
    ['https://goapi.poweroffice.net/Demo/v2', 'https://goapi.poweroffice.net/Demo/OAuth/Token'],
  ])('at %s gives out tokens at %s', (POWEROFFICE_BASE_URL, tokenUrl) => {
    const { powerOffice } = readSettings({ ...realPowerOffice, POWEROFFICE_BASE_URL })
    expect(powerOffice).toMatchObject({ tokenUrl, sandbox: false })
  })

  test('is asked seldom for what seldom changes, unless an interval is set', () => {
    expect(readSettings(realPowerOffice).powerOffice).toMatchObject({
      pollSeconds: 30,
      pollSecondsByFlow: { departments: 900, customers: 30, products: 60, salesOrders: 30, salesOrderLines: 30 },
      sweepSeconds: 3600,
    })
    expect(readSettings({ ...realPowerOffice, POWEROFFICE_POLL_SECONDS: '5' }).powerOffice.pollSecondsByFlow).toEqual({
      departments: 5,
      customers: 5,
      products: 5,
      salesOrders: 5,
      salesOrderLines: 5,
    })
  })

  test('is no loopback system, and neither is a real shop', () => {
    expect(readSettings(realPowerOffice).loopbackOnly).toBe(false)
    expect(readSettings(realShop).loopbackOnly).toBe(false)
  })
})

test.each(['http://localhost:4010/v2', 'http://127.1.2.3:4010/v2', 'http://[::1]:4010/v2', 'http://127.1:4010/v2'])(
  'a PowerOffice at %s is a loopback system, whose keys have defaults',
  (POWEROFFICE_BASE_URL) => {
    const settings = readSettings({ POWEROFFICE_BASE_URL, POWEROFFICE_TOKEN_URL: 'http://localhost:4010/OAuth/Token' })
    expect(settings.loopbackOnly).toBe(true)
    expect(settings.powerOffice).toMatchObject({ sandbox: false, clientKey: 'sandbox-client', pollSeconds: 2 })
  },
)

test.each(['https://127.0.0.1.example.com/v2', 'https://localhost.example.com/v2', 'http://10.0.0.1/v2'])(
  'a PowerOffice at %s is no loopback system',
  (POWEROFFICE_BASE_URL) => {
    const POWEROFFICE_TOKEN_URL = 'https://example.com/token'
    expect(readSettings({ ...realPowerOffice, POWEROFFICE_BASE_URL, POWEROFFICE_TOKEN_URL }).loopbackOnly).toBe(false)
  },
)

test('a real shop never gets the public secret of the sandbox: without its own, no webhook is accepted', () => {
  expect(readSettings(realShop).webshop.webhookSecret).toBeNull()
})

test('a shop address may be written with or without /api', () => {
  const { webshop } = readSettings({ ...realShop, WEBSHOP_BASE_URL: 'https://shop.example.no/store/api/' })
  expect(webshop.baseUrl).toBe('https://shop.example.no/store')
})

test('a configured Temporal listens on none of our ports, and its Web UI is known only when told', () => {
  const settings = readSettings({ TEMPORAL_ADDRESS: 'temporal.example.com:7233' })
  expect(settings.temporal).toMatchObject({ address: 'temporal.example.com:7233', uiUrl: null, tls: null })
  expect(portsOf(settings).map(({ setting }) => setting)).not.toContain('TEMPORAL_PORT')
  expect(temporalAddressOf(settings)).toBe('temporal.example.com:7233')
})

test('an API key for Temporal implies TLS, unless TLS is switched off', () => {
  const cloud = { TEMPORAL_ADDRESS: 'eu.api.temporal.io:7233', TEMPORAL_API_KEY: 'temporal-key' }
  const plainTls = { clientCertificatePath: null, clientKeyPath: null, serverCaPath: null, serverName: null }
  expect(readSettings(cloud).temporal.tls).toEqual(plainTls)
  expect(readSettings({ ...cloud, TEMPORAL_TLS: 'false' }).temporal.tls).toBeNull()
})

test('every secret is listed for redaction, once, and nothing else', () => {
  const settings = readSettings({
    ...realPowerOffice,
    ...realShop,
    WEBSHOP_WEBHOOK_SECRET: 'whsec_c2VjcmV0',
    KOBLING_CONSOLE_TOKEN: 'shop-key',
    TEMPORAL_ADDRESS: 'temporal:7233',
    TEMPORAL_API_KEY: 'temporal-key',
  })
  expect(secretsOf(settings)).toEqual([
    'temporal-key',
    'app-key',
    'client-key',
    'subscription-key',
    'shop-key',
    'whsec_c2VjcmV0',
  ])
})

describe('a wrong value is answered by one sentence that names it and what to write', () => {
  test.each<[Record<string, string>, string]>([
    [{ TEMPORAL_PORT: 'abc' }, 'TEMPORAL_PORT is "abc": write a port from 1 to 65535, such as 7233.'],
    [{ KOBLING_PORT: '0' }, 'KOBLING_PORT is "0": write a port from 1 to 65535, such as 4030.'],
    [{ KOBLING_CONSOLE_PORT: '70000' }, 'KOBLING_CONSOLE_PORT is "70000": write a port from 1 to 65535, such as 4040.'],
    [{ WEBSHOP_POLL_SECONDS: '-1' }, 'WEBSHOP_POLL_SECONDS is "-1": write a number above 0, such as 30.'],
    [
      { KOBLING_APPROVE: 'no' },
      'KOBLING_APPROVE is "no": write ask (before every first write) or yes (never ask), or leave it unset.',
    ],
    [
      { TEMPORAL_ADDRESS: 'http://temporal' },
      'TEMPORAL_ADDRESS is "http://temporal": write a host and a port, such as temporal.example.com:7233.',
    ],
    [
      { WEBSHOP_BASE_URL: 'shop.example.no' },
      'WEBSHOP_BASE_URL is "shop.example.no": write an address that begins with http:// or https://.',
    ],
    [
      { POWEROFFICE_BASE_URL: 'https://goapi.poweroffice.net' },
      'POWEROFFICE_BASE_URL is "https://goapi.poweroffice.net": write an address that ends in /v2, such as https://goapi.poweroffice.net/v2.',
    ],
    [{ TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_TLS: 'ja' }, 'TEMPORAL_TLS is "ja": write true or false.'],
    [
      { TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_TLS_CLIENT_CERT_PATH: 'a.pem' },
      'TEMPORAL_TLS_CLIENT_KEY_PATH is not set: a client certificate needs both its file and the file of its key.',
    ],
    [
      { KOBLING_PORT: '4010' },
      'KOBLING_PORT is 4010, which POWEROFFICE_SANDBOX_PORT uses for the PowerOffice sandbox already: write another port in one of them.',
    ],
  ])('%j', (env, sentence) => {
    expect(() => readSettings(env)).toThrow(new Error(sentence))
  })

  test('a password in an address is not repeated', () => {
    expect(() => readSettings({ WEBSHOP_BASE_URL: 'https://me:hemmelig@shop.example.no' })).toThrow(
      new Error(
        'WEBSHOP_BASE_URL has more than a host and a path: write it without user, password, question mark or hash.',
      ),
    )
  })

  test('neither is a webhook secret that is none', () => {
    expect(() => readSettings({ WEBSHOP_WEBHOOK_SECRET: 'hemmelig' })).toThrow(
      new Error(
        'WEBSHOP_WEBHOOK_SECRET is not a webhook secret: write whsec_ followed by base64 text, as Standard Webhooks has it.',
      ),
    )
  })
})

describe('what a real system needs and was not given is named', () => {
  test('all missing keys of PowerOffice at once', () => {
    const { POWEROFFICE_APPLICATION_KEY: _application, ...withoutOne } = realPowerOffice
    expect(() => readSettings({ POWEROFFICE_BASE_URL: realPowerOffice.POWEROFFICE_BASE_URL })).toThrow(
      /^POWEROFFICE_APPLICATION_KEY, POWEROFFICE_CLIENT_KEY and POWEROFFICE_SUBSCRIPTION_KEY are not set: /,
    )
    expect(() => readSettings(withoutOne)).toThrow(/^POWEROFFICE_APPLICATION_KEY is not set: /)
  })

  test('the token address, where it cannot be derived', () => {
    const POWEROFFICE_BASE_URL = 'https://proxy.example.com/v2'
    expect(() => readSettings({ ...realPowerOffice, POWEROFFICE_BASE_URL })).toThrow(
      /^POWEROFFICE_TOKEN_URL is not set/,
    )
  })

  test("the shop's key", () => {
    expect(() => readSettings({ WEBSHOP_BASE_URL: 'https://shop.example.no' })).toThrow(/^WEBSHOP_API_KEY is not set: /)
  })
})

describe('the options of a company', () => {
  const read = (options: unknown) => readOptions({ path: 'options.json', text: JSON.stringify(options) })

  test('are the defaults where there is no file, and where it says nothing', () => {
    expect(readOptions(null)).toBe(defaultOptions)
    expect(read({})).toEqual(defaultOptions)
    expect(read({ customers: {}, products: { vatAccounts: {} } })).toEqual(defaultOptions)
  })

  test('may all be written out: the defaults are a file that changes nothing', () => {
    expect(read(defaultOptions)).toEqual(defaultOptions)
  })

  test('have a shape each, and no shape is without its option', () => {
    const membersOf = (value: object) => Object.keys(value).sort()
    expect(membersOf(optionShapes.members)).toEqual(membersOf(defaultOptions))
    for (const name of ['customers', 'products', 'salesOrders', 'scope'] as const) {
      const shape = optionShapes.members[name]
      expect(shape?.kind === 'group' && membersOf(shape.members)).toEqual(membersOf(defaultOptions[name]))
    }
  })

  test('that are written stand over the defaults, entry by entry in tables', () => {
    const options = read({
      scope: { erp: { contactGroupIds: [501] } },
      firstAgreement: 'latest',
      creation: { customers: { erp: 'never' } },
      customers: { guests: 'collective:c-17' },
      products: { vatAccounts: { '25': 3001, '11.11': 3040 } },
      salesOrders: { since: '2026-02-28', lineProducts: { 'shipping:15': 'FRAKT15' }, paymentTerms: { invoice: 14 } },
      createWith: { customers: { PaymentTermId: 3, UseInvoiceFee: false, ContactGroupIds: [501] } },
    })
    expect(options).toEqual({
      ...defaultOptions,
      scope: { ...defaultOptions.scope, erp: { ...defaultOptions.scope.erp, contactGroupIds: [501] } },
      firstAgreement: 'latest',
      creation: { customers: { erp: 'never' } },
      customers: { ...defaultOptions.customers, guests: 'collective:c-17' },
      products: {
        ...defaultOptions.products,
        vatAccounts: { ...defaultOptions.products.vatAccounts, '25': 3001, '11.11': 3040 },
      },
      salesOrders: {
        ...defaultOptions.salesOrders,
        since: '2026-02-28',
        lineProducts: { ...defaultOptions.salesOrders.lineProducts, 'shipping:15': 'FRAKT15' },
        paymentTerms: { invoice: 14 },
      },
      createWith: { customers: { PaymentTermId: 3, UseInvoiceFee: false, ContactGroupIds: [501] } },
    })
  })

  test.each<[unknown, string]>([
    [
      { firstAgrement: 'erp' },
      'firstAgrement is no option: in place of "firstAgrement" write firstAgreement, createInactive, creation, customers, products, salesOrders, createWith or scope.',
    ],
    [
      { salesOrders: { sinse: null } },
      'salesOrders.sinse is no option: in place of "sinse" write push, since, lineProducts, paymentTerms, cancelDrafts, editConfirmed or roundingLine.',
    ],
    [{ firstAgreement: 'both' }, 'firstAgreement is "both": write erp, shop, latest or ask.'],
    [{ createInactive: 'yes' }, 'createInactive is "yes": write true or false.'],
    [{ customers: 'all' }, 'customers is "all": write an object in braces.'],
    [
      { customers: { guests: 'collective:' } },
      'customers.guests is "collective:": write create, leave-out or collective:<webshop id>, such as collective:c-17.',
    ],
    [
      { salesOrders: { since: '2026-02-30' } },
      'salesOrders.since is "2026-02-30": write a day such as 2026-01-31, or null for all orders.',
    ],
    [
      { products: { vatAccounts: { '25.0': 3000 } } },
      'products.vatAccounts.25.0 is no option: in place of "25.0" write a VAT rate in percent without closing zeros, such as 25 or 11.11.',
    ],
    [
      { products: { vatAccounts: { '25': '3000' } } },
      'products.vatAccounts.25 is "3000": write a whole number above 0, such as 3000.',
    ],
    [
      { salesOrders: { lineProducts: { product: 'X' } } },
      'salesOrders.lineProducts.product is no option: in place of "product" write shipping, payment, discount, giftcard or rounding, with a VAT rate where articles differ: shipping:15.',
    ],
    [
      { creation: { salesOrderLines: {} } },
      'creation.salesOrderLines is no option: in place of "salesOrderLines" write departments, customers, products or salesOrders.',
    ],
    [
      { creation: { customers: { erp: 'sometimes' } } },
      'creation.customers.erp is "sometimes": write always, when-referenced or never.',
    ],
    [
      { createWith: { products: { IsStockItem: null } } },
      'createWith.products.IsStockItem is null: write a text, a number, true, false or a list of ids such as [501].',
    ],
    [
      { createWith: { customers: { ContactGroupIds: ['501'] } } },
      'createWith.customers.ContactGroupIds is ["501"]: write a text, a number, true, false or a list of ids such as [501].',
    ],
    [
      { scope: { erp: { contactGroupIds: 501 } } },
      'scope.erp.contactGroupIds is 501: write a list of ids, such as [501, 502].',
    ],
    [
      { scope: { shop: { kinds: ['guest'] } } },
      'scope.shop.kinds is ["guest"]: write a list of company, person or department.',
    ],
    [{ products: { stock: 'shop' } }, 'products.stock is "shop": write erp or off.'],
    [
      { constructor: 1 },
      'constructor is no option: in place of "constructor" write firstAgreement, createInactive, creation, customers, products, salesOrders, createWith or scope.',
    ],
  ])(
    'that are wrong are answered by one sentence with the place, the value and what to write: %j',
    (options, sentence) => {
      expect(() => read(options)).toThrow(new Error(`options.json: ${sentence}`))
    },
  )

  test('have to be one object of JSON', () => {
    expect(() => readOptions({ path: 'o.json', text: '{' })).toThrow(
      /^o\.json is not JSON \(.+\): write one object, such as /,
    )
    expect(() => read([1])).toThrow(new Error('options.json is [1]: write an object in braces.'))
  })

  test('stand in the table of the documentation, each once', () => {
    const paths = listOptions(defaultOptions).map(({ path }) => path)
    expect(new Set(paths).size).toBe(paths.length)
    expect(paths.filter((path) => !optionsTable().includes(`| \`${path}\` |`))).toEqual([])
  })
})

test('the nightly audit and export run at a time of day, or not at all', () => {
  const { auditAt, exportAt, exportsKept } = readSettings({
    KOBLING_AUDIT_AT: 'off',
    KOBLING_EXPORT_AT: '23:05',
    KOBLING_EXPORTS_KEPT: '3',
  })
  expect([auditAt, exportAt, exportsKept]).toEqual([null, '23:05', 3])
  expect(() => readSettings({ KOBLING_AUDIT_AT: '25:00' })).toThrow(
    /KOBLING_AUDIT_AT.*25:00.*a time of day such as 02:30, or off/,
  )
})
