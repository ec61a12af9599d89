import { converges, type SwitchGroup } from './switch-facts.ts'

const invoice = { event: 'invoice' } as const
const lostReply = { event: 'lostReply' } as const

export const orderSwitches: SwitchGroup = {
  title: 'Orders and invoices',
  switches: {
    orderCustomerRequired: {
      standsFor: 'whether an order may stand without a customer',
      evidence: 'INF',
      positions: { accepted: converges('an order waits for its customer in either position') },
    },
    amountRounding: {
      standsFor: 'how sums are rounded is not described',
      evidence: 'INF',
      positions: {
        eachLineHalfToEven: converges('totals may differ by what rounding explains'),
        sum: converges('totals may differ by what rounding explains'),
        none: converges('totals may differ by what rounding explains'),
      },
    },
    lineWriteMovesOrder: {
      standsFor: 'whether an edit of a line moves the order’s change time',
      evidence: 'INF',
      positions: {
        no: converges('count and sums are compared by every sweep, and each open order is read whole in turn'),
      },
    },
    confirmedOrderEdit: {
      standsFor: 'how a write on a confirmed order is refused',
      evidence: 'INF',
      positions: {
        '409': converges('the status is written last, so that nothing is written on a confirmed order', invoice),
        accepted: converges('the status is written last, and a confirmed order is left alone all the same', invoice),
      },
    },
    confirmedOrderDelete: {
      standsFor: 'one integrator saw 409',
      evidence: 'LIVE',
      positions: {
        '400': converges('only drafts are deleted'),
        accepted: converges('only drafts are deleted'),
      },
    },
    duplicateOrderReference: {
      standsFor: 'how a reference that is taken is refused',
      evidence: 'INF',
      positions: {
        '400WithoutId': converges('an order whose answer was lost is looked up by its reference', lostReply),
        '409': converges('an order whose answer was lost is looked up by its reference', lostReply),
        accepted: converges(
          'an order whose answer was lost is looked up by its reference, and not made again',
          lostReply,
        ),
      },
    },
    orderReferenceAfterInvoicing: {
      standsFor: 'whether an invoice keeps the reference to itself',
      evidence: 'OPEN',
      positions: { freed: converges('a reference is used once', invoice) },
    },
    orderReferenceAfterDelete: {
      standsFor: 'whether a deleted order’s reference may be used again',
      evidence: 'OPEN',
      positions: { reserved: converges('an order that is made anew gets another reference') },
    },
    orderReferenceMaxLength: {
      standsFor: 'no limit is described',
      evidence: 'OPEN',
      positions: { '50': converges('ours are shorter', { set: { orderReferenceMaxLength: 50 } }) },
    },
    getOrderAfterInvoicing: {
      standsFor: 'the moment between order and invoice',
      evidence: 'INF',
      positions: {
        orderLingers: converges('the order is read until it is gone, then the invoice', {
          event: 'invoice',
          set: { getOrderAfterInvoicing: 'orderLingers', afterInvoicingMs: 1_500 },
        }),
        both404: converges('sentState tells that it was sent; it is looked at again', {
          event: 'invoice',
          set: { getOrderAfterInvoicing: 'both404', afterInvoicingMs: 1_500 },
        }),
        both200: converges('an order that is also an invoice is invoiced', {
          event: 'invoice',
          set: { getOrderAfterInvoicing: 'both200', afterInvoicingMs: 1_500 },
        }),
      },
    },
    afterInvoicingMs: {
      standsFor: 'how long that moment lasts',
      evidence: 'OPEN',
      positions: {
        '0': converges('it is over at once', {
          event: 'invoice',
          set: { getOrderAfterInvoicing: 'both404', afterInvoicingMs: 0 },
        }),
      },
    },
    invoiceKeepsOrderId: {
      standsFor: 'the vendor’s own remark of doubt',
      evidence: 'SPEC',
      positions: { no: converges('the invoice is known by its order’s number', invoice) },
    },
    invoicingDelay: {
      standsFor: 'sending is asynchronous',
      evidence: 'SPEC',
      positions: {
        '800': converges('the order is an order until it is an invoice', {
          event: 'invoice',
          set: { invoicingDelay: 800 },
        }),
      },
    },
    invoicingOutcome: {
      standsFor: 'sending may end in an error message',
      evidence: 'SPEC',
      positions: {
        error: converges(
          'the order stays an order on both sides, and sending it again is PowerOffice’s matter',
          invoice,
        ),
      },
    },
  },
}
