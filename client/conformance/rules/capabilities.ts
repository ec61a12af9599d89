import { check, checkStatus } from '../checks.ts'
import { isJson, pathOf } from '../collections.ts'
import { declaredSchema } from '../declared.ts'
import type { Rule } from '../rule.ts'
import { isProblem } from './problems.ts'

export const capabilityRules: readonly Rule[] = [
  {
    id: 'capabilities.document',
    level: 1,
    title: 'GET /api/capabilities answers the document of the contract, version 1.0',
    why: 'The sync reads there what the shop offers, and attempts nothing else.',
    hint: 'Compare the document with section 4 of docs/webshop-contract.md: the member that is named is missing or of another type.',
    needs: [],
    run: async ({ shop }) => {
      const answer = await shop.get('/api/capabilities')
      checkStatus(answer, 200, 'the capabilities')
      const parsed = declaredSchema.safeParse(answer.json)
      const issue = parsed.error?.issues[0]
      check(issue === undefined, `${issue?.path.join('.')}: ${issue?.message}`, answer)
      check(parsed.data?.contract === '1.0', '"contract": "1.0"', answer)
    },
  },
  {
    id: 'access.key',
    level: 1,
    title: 'A request without a known key is answered 401',
    why: 'Anybody who finds the address could read every customer, and the sync would never learn that its key is wrong.',
    hint: 'Check `Authorization: Bearer <key>` before anything else, on every route under /api.',
    needs: [],
    run: async ({ shop }) => {
      const path = pathOf('customers')
      checkStatus(await shop.get(path, [['limit', '1']], null), 401, 'the request has no key')
      const unknown = 'kobling-conformance-unknown-key'
      checkStatus(await shop.get(path, [['limit', '1']], unknown), 401, 'nobody has this key')
    },
  },
  {
    id: 'access.right',
    level: 'any',
    title: 'A write with a key that lacks the right is answered 403',
    why: 'With 401 the sync would look for a wrong key, where the right is missing.',
    hint: 'Tell apart who asks (401) and what they may do (403).',
    needs: ['creates', 'readerKey'],
    run: async ({ shop, readerKey, creatable }) => {
      const [collection = 'customers'] = creatable()
      const headers = { 'content-type': 'application/json' }
      const answer = await shop.send({ method: 'POST', path: pathOf(collection), headers, body: '{}' }, readerKey)
      checkStatus(answer, 403, 'this key may not write')
    },
  },
  {
    id: 'errors.problem',
    level: 1,
    title: 'Errors are application/problem+json with type, title, status and detail',
    why: 'People who run the sync are shown the detail; without it they see a number.',
    hint: 'RFC 9457; the table of section 2 of docs/webshop-contract.md has the types.',
    needs: [],
    run: async ({ shop }) => {
      const paths = [pathOf('customers', 'kobling-conformance-none'), pathOf('orders', 'kobling-conformance-none')]
      for (const path of paths) {
        const answer = await shop.get(path)
        check(
          isProblem(answer),
          'application/problem+json with type, title, status (as the answer’s) and detail',
          answer,
        )
      }
    },
  },
  {
    id: 'openapi.document',
    level: 'any',
    title: 'GET /api/openapi.json is an OpenAPI 3.1 document',
    why: 'Whoever works on the shop and the sync later reads there what it really takes.',
    hint: 'Best generated from the schemas that validate; leave the route away (404) where there is none.',
    needs: [],
    run: async ({ shop, notOffered }) => {
      const answer = await shop.get('/api/openapi.json')
      if (answer.status === 404) return notOffered('the shop publishes no /api/openapi.json')
      checkStatus(answer, 200, 'the description')
      const version = isJson(answer.json) ? String(answer.json['openapi']) : ''
      check(/^3\.1\./.test(version), '"openapi": "3.1.…"', answer)
    },
  },
]
