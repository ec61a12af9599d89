import { beforeAll, expect, test } from 'vitest'
import { startWebshopSandbox } from '../../sandbox/webshop/server.ts'
import { type LintRules, lintOpenApi } from './openapi-lint.ts'

/** Rules that need to be told what is right here. */
const told: LintRules = {
  'request-mime-type': { severity: 'error', allowedValues: ['application/json', 'application/merge-patch+json'] },
  'response-mime-type': { severity: 'error', allowedValues: ['application/json', 'application/problem+json'] },
  'response-contains-header': {
    severity: 'error',
    names: {
      201: ['Location', 'ETag'],
      401: ['WWW-Authenticate'],
      412: ['ETag'],
      429: ['Retry-After'],
      503: ['Retry-After'],
    },
  },
  'path-segment-plural': { severity: 'error', ignoreLastPathSegment: false, exceptions: ['api', 'openapi.json'] },
}

/** Rules that are off, and why. Everything else that the linter knows is an error. */
const off: Readonly<Record<string, string>> = {
  'info-contact': 'The contract has no person to write to: whoever reads it has the project at hand.',
  'info-license': 'The project is unlicensed so far, and a document cannot say more than that.',
  'scalar-property-missing-example':
    'Whole records stand as examples of every request and answer; a value alone shows less.',
  'required-string-property-missing-min-length':
    'Patterns, formats and enumerations say more of these texts; the JSON Pointer of an error may be empty.',
  'tags-alphabetical': 'The order is that in which a shop is built: the shop, customers, products, orders, lines.',
}

const rulesOff = Object.fromEntries(Object.keys(off).map((rule) => [rule, 'off'] as const))

let text: string
beforeAll(async () => {
  const sandbox = await startWebshopSandbox()
  text = await (await fetch(`${sandbox.baseUrl}/api/openapi.json`)).text()
  await sandbox.close()
})

test('the description of the webshop passes every rule of the linter but those that are off for a reason', async () => {
  expect(await lintOpenApi(text, { ...told, ...rulesOff })).toEqual([])
})

test('each rule that is off would find something: none is off without need', async () => {
  const found = await lintOpenApi(text, told)
  const rules = new Set(found.map((problem) => problem.slice(0, problem.indexOf(':'))))
  expect([...rules].toSorted()).toEqual(Object.keys(off).toSorted())
})

// The linter must be able to fail, or its silence says nothing.
test.each([
  [
    'an operation without a summary',
    '"summary":"Creates a product"',
    '"x-summary":"Creates a product"',
    'operation-summary',
  ],
  [
    'an example that does not fit its schema',
    '"priceExVat":"549.00"',
    '"priceExVat":"549,00"',
    'no-invalid-media-type-examples',
  ],
  [
    'an error that is plain JSON',
    'application/problem+json',
    'application/json',
    'operation-4xx-problem-details-rfc7807',
  ],
  [
    'an answer without its Retry-After',
    '{"Retry-After":{"$ref":"#/components/headers/Retry-After"}}',
    '{}',
    'response-contains-header',
  ],
])('%s is found', async (_title, right, wrong, rule) => {
  expect(text).toContain(right)
  const found = await lintOpenApi(text.replaceAll(right, wrong), { ...told, ...rulesOff })
  expect(found.map((problem) => problem.slice(0, problem.indexOf(':')))).toContain(rule)
})
