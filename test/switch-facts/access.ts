import { converges, lists, type SwitchGroup, waits } from './switch-facts.ts'

const throttled = { rateLimit: 30 } as const
const orderFlows = ['salesOrders', 'salesOrderLines'] as const

export const accessSwitches: SwitchGroup = {
  title: 'Access and throttling',
  switches: {
    rateLimit: {
      standsFor: 'described as 10 a second',
      evidence: 'DOC',
      positions: {
        '30': converges('requests are spaced; a 429 holds all of them back', { set: throttled }),
        off: converges('no answer asks to wait'),
      },
    },
    retryAfter: {
      standsFor: 'whether the header is sent',
      evidence: 'INF',
      positions: {
        notSent: converges('the seconds in the message are waited, else two', {
          set: { ...throttled, retryAfter: 'notSent' },
        }),
      },
    },
    throttleBody: {
      standsFor: 'described for the token call only',
      evidence: 'SPEC',
      positions: {
        numericStatusCode: converges('the status is what counts', {
          set: { ...throttled, throttleBody: 'numericStatusCode' },
        }),
        problem: converges('the status is what counts', { set: { ...throttled, throttleBody: 'problem' } }),
        empty: converges('the status is what counts', { set: { ...throttled, throttleBody: 'empty' } }),
      },
    },
    throttledWriteExecuted: {
      standsFor: 'the gateway answers before the system, one would think',
      evidence: 'INF',
      positions: {
        yes: converges('what was made is found by its reference or code', {
          set: { ...throttled, throttledWriteExecuted: 'yes' },
        }),
      },
    },
    tokenCallsCounted: {
      standsFor: 'whether token calls use up the rate',
      evidence: 'OPEN',
      positions: {
        no: converges('token calls wait their turn in either position', {
          set: { ...throttled, tokenCallsCounted: 'no' },
        }),
      },
    },
    tokenLifetime: {
      standsFor: 'described as 1200 s',
      evidence: 'LIVE',
      positions: {
        '600': converges('a token is renewed at four fifths of what its answer promised', {
          set: { tokenLifetime: 600 },
        }),
        '1': converges('a token is renewed at four fifths of what its answer promised', { set: { tokenLifetime: 1 } }),
      },
    },
    tokenRevokedEarly: {
      standsFor: 'a token that is refused before its time',
      evidence: 'INF',
      positions: {
        '1': converges('a refused token is renewed and the request sent again', { set: { tokenRevokedEarly: 1 } }),
      },
    },
    body401: {
      standsFor: 'what an expired token is told',
      evidence: 'OPEN',
      positions: {
        gateway: converges('the status is what counts', { set: { body401: 'gateway', tokenRevokedEarly: 1 } }),
        problem: converges('the status is what counts', { set: { body401: 'problem', tokenRevokedEarly: 1 } }),
      },
    },
    body401Subscription: {
      standsFor: 'what a wrong subscription key is told',
      evidence: 'INF',
      positions: { empty: converges('the keys are right') },
    },
    body403: {
      standsFor: 'what a missing role is told',
      evidence: 'OPEN',
      positions: {
        problem: waits(
          'the flow names the role that is missing, and goes on once it is granted',
          ['products'],
          'Product',
          {
            set: { body403: 'problem', missingPrivileges: ['Product', 'Product_Full'] },
          },
        ),
      },
    },
    allowSendInvoice: {
      standsFor: 'a grant of its own',
      evidence: 'SPEC',
      positions: { missing: converges('invoices are never sent by the sync', { event: 'invoice' }) },
    },
    outgoingInvoiceRole: {
      standsFor: 'invoices are read with a role of their own',
      evidence: 'SPEC',
      positions: {
        missing: lists(
          'an order that is gone cannot be told from a deleted one, so nothing is concluded; `kobling check`, with `--repair` too, finds nothing that is not listed and hands nothing over (`test/server/uncertain-corners.test.ts`)',
          [{ what: 'an order invoiced in PowerOffice', reason: 'unreadable', says: 'OutgoingInvoice' }],
          { event: 'invoice' },
        ),
      },
    },
    missingPrivileges: {
      standsFor: 'roles that the integration was not given',
      evidence: 'SPEC',
      positions: {
        SalesOrders: waits(
          'the flow names the role that is missing, and goes on once it is granted',
          orderFlows,
          'SalesOrders',
          {
            set: { missingPrivileges: ['SalesOrders', 'SalesOrders_Full'] },
          },
        ),
      },
    },
    clockSkewMs: {
      standsFor: 'clocks that do not agree',
      evidence: 'OPEN',
      positions: {
        '-3600000': converges('times are corrected by the Date header', { set: { clockSkewMs: -3_600_000 } }),
        '3600000': converges('times are corrected by the Date header', { set: { clockSkewMs: 3_600_000 } }),
      },
    },
    latencyMs: {
      standsFor: 'real round trips',
      evidence: 'OPEN',
      positions: { '30': converges('only slower', { set: { latencyMs: 30 } }) },
    },
    latencyJitterMs: {
      standsFor: 'real round trips',
      evidence: 'OPEN',
      positions: { '60': converges('only slower', { set: { latencyJitterMs: 60 } }) },
    },
  },
}
