import { z } from '@hono/zod-openapi'
import { webhookEventSchema, webhookTypes } from '../webhook-event.ts'
import { body } from './answers.ts'
import type { Registry } from './operation.ts'

const description =
  'Follows the Standard Webhooks specification; its libraries do the signing. Target (`http://<host>:4030/webhooks/<connection>`) ' +
  'and secret (`whsec_…`) are configured in the shop by hand. Answered with 2xx within ten seconds it counts; otherwise it is ' +
  'sent again with the same `webhook-id`, so that it may arrive twice. Also the sync’s own writes are announced. Webhooks are ' +
  'never needed for correctness, they only make things quick: polling finds the same changes.'

const headers = z.object({
  'webhook-id': z
    .string()
    .min(1)
    .describe('The same however often it is sent: by it the receiver knows what it has seen.')
    .openapi({ example: 'msg_2f9b1c64-50a1-4f0e-9d5e-0c8a51a0b7f2' }),
  'webhook-timestamp': z
    .string()
    .regex(/^\d+$/)
    .describe('Seconds since 1970 of this attempt. The receiver refuses old ones.')
    .openapi({ example: '1795421730' }),
  'webhook-signature': z
    .string()
    .regex(/^v1,[A-Za-z0-9+/]+=*( v1,[A-Za-z0-9+/]+=*)*$/)
    .describe(
      '`v1,` and base64 of HMAC-SHA256 over `webhook-id.webhook-timestamp.body`, keyed with what stands (in base64) after ' +
        '`whsec_` in the secret; several, separated by spaces, while a secret is changed.',
    )
    .openapi({ example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=' }),
})

/** What the shop sends of its own accord. */
export function describeWebhooks(registry: Registry): void {
  for (const type of webhookTypes) {
    const [noun = '', verb = ''] = type.split('.')
    const event = {
      type,
      timestamp: '2026-11-23T08:15:30.123Z',
      data: { id: `${noun[0]}-000123`, version: '3-9f2c11aa' },
    }
    registry.registerWebhook({
      method: 'post',
      path: type,
      operationId: `${noun}${verb === 'changed' ? 'Changed' : 'Deleted'}`,
      summary: verb === 'changed' ? `A ${noun} was created or changed` : `A ${noun} was deleted`,
      description: `**At any level.** ${description}`,
      tags: ['webhooks'],
      security: [],
      'x-level': 'any',
      request: {
        headers,
        body: body(webhookEventSchema.extend({ type: z.literal(type) }), 'application/json', { [type]: event }),
      },
      responses: {
        '2XX': { description: 'It counts.' },
        default: { description: 'It is sent again.' },
      },
    })
  }
}
