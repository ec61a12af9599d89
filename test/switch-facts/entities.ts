import { converges, lists, type SwitchGroup } from './switch-facts.ts'

const refusedCustomer = [
  { what: 'a customer that PowerOffice refuses', reason: 'refused', says: 'OrganizationNumber' },
] as const
const numbersFull = [
  { what: 'a customer made in the webshop', reason: 'room', says: 'no free customer number' },
] as const

export const entitySwitches: SwitchGroup = {
  title: 'Departments, customers and products',
  switches: {
    organizationNumberCheck: {
      standsFor: 'whether PowerOffice checks the number is not described',
      evidence: 'OPEN',
      positions: {
        mod11: lists('a number that PowerOffice refuses is listed in its words', refusedCustomer, { event: 'refusal' }),
        mod11AndUnique: lists('a number that PowerOffice refuses is listed in its words', refusedCustomer, {
          event: 'refusal',
        }),
      },
    },
    numberSeriesEnd: {
      standsFor: 'a small series, to reach its end',
      evidence: 'SPEC',
      positions: {
        '10000': lists('creating customers waits until the series is widened', numbersFull, {
          set: { numberSeriesEnd: 10_000 },
        }),
      },
    },
    numberSeriesFull: {
      standsFor: 'how a full series answers is not described',
      evidence: 'OPEN',
      positions: {
        '409': lists('as with 400: creating customers waits until the series is widened', numbersFull, {
          set: { numberSeriesEnd: 10_000, numberSeriesFull: '409' },
        }),
      },
    },
    defaultInvoiceDelivery: {
      standsFor: 'a customer without e-mail is refused unless another delivery is chosen',
      evidence: 'LIVE',
      positions: { accepted: converges('Print is always sent for a customer without e-mail') },
    },
    enumCasing: {
      standsFor: '“print” was accepted',
      evidence: 'LIVE',
      positions: { exact: converges('described spellings are sent') },
    },
    emptyStringOptional: {
      standsFor: 'an empty text was refused in the interface’s first version',
      evidence: 'OPEN',
      positions: { '400': converges('empty is sent as null, or not at all', { event: 'clearing' }) },
    },
    unknownReferenceOnPost: {
      standsFor: 'described as 404',
      evidence: 'SPEC',
      positions: { '400': converges('only records that exist are named') },
    },
    unknownReferenceOnProductPost: {
      standsFor: 'POST /Products describes no 404',
      evidence: 'INF',
      positions: { '404': converges('only records that exist are named') },
    },
    departmentCodeUnique: {
      standsFor: 'uniqueness is not described',
      evidence: 'OPEN',
      positions: { duplicates: converges('departments are never made in PowerOffice') },
    },
    departmentIsActiveDefault: {
      standsFor: 'described as false',
      evidence: 'SPEC',
      positions: { true: converges('departments are never made in PowerOffice') },
    },
    productCodeUnique: {
      standsFor: 'called unique in the interface’s first version',
      evidence: 'INF',
      positions: {
        duplicates: converges('a product whose answer was lost is looked up by its code first', { event: 'lostReply' }),
      },
    },
    codeAutoAssign: {
      standsFor: 'whether missing codes are filled in',
      evidence: 'OPEN',
      positions: { nextFree: converges('a product is made with its code') },
    },
    gtinLength: {
      standsFor: 'a help page tells of thirteen digits',
      evidence: 'INF',
      positions: {
        '13': lists(
          'a barcode of another length is refused, and the product is listed',
          [{ what: 'a product with a short barcode', reason: 'refused', says: 'Gtin' }],
          { event: 'shortGtin' },
        ),
      },
    },
  },
}
