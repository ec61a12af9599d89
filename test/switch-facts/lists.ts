import { converges, type SwitchGroup } from './switch-facts.ts'

export const listSwitches: SwitchGroup = {
  title: 'Lists, paging and filters',
  switches: {
    pagePastEnd: {
      standsFor: 'what follows the last page is not described',
      evidence: 'INF',
      positions: {
        '200': converges('an empty page ends the list, whatever its status', {
          set: { pagePastEnd: '200', xPaginationContent: 'absent' },
        }),
      },
    },
    xPaginationContent: {
      standsFor: 'only nextPageLink is attested',
      evidence: 'LIVE',
      positions: {
        full: converges('the next page is asked for while one is announced'),
        absent: converges('the next page is asked for until one brings nothing new'),
      },
    },
    xPaginationLastPage: {
      standsFor: 'how the last page says so',
      evidence: 'LIVE',
      positions: {
        absent: converges('the next page is asked for, and brings nothing new'),
        null: converges('as empty'),
      },
    },
    listOrder: {
      standsFor: 'the default order is not described',
      evidence: 'OPEN',
      positions: {
        lastChanged: converges('lists are sorted by us; a list of several pages is asked for by id'),
        id: converges('lists are sorted by us'),
        shuffled: converges('lists are sorted by us; a list of several pages is asked for by id'),
      },
    },
    orderBySyntax: {
      standsFor: 'which OrderBy is taken is not described',
      evidence: 'OPEN',
      positions: { ignored: converges('an order is asked for only where there are several pages') },
    },
    unknownQueryKey: {
      standsFor: 'whether other keys are refused',
      evidence: 'OPEN',
      positions: { '400': converges('only described keys are sent') },
    },
    pageSizeOverMax: {
      standsFor: 'more than 20000 is not allowed; how that is said is not described',
      evidence: 'INF',
      positions: { clamped: converges('never more than the maximum is asked for') },
    },
    laterFilters: {
      standsFor: 'filters that are younger than the description',
      evidence: 'LIVE',
      positions: {
        ignored: converges('what a filter answers is checked; an order whose answer was lost is found all the same', {
          event: 'lostReply',
        }),
        '400': converges('our own orders are looked through instead', { event: 'lostReply' }),
      },
    },
    invoiceListDates: {
      standsFor: 'seen live as required, described as optional',
      evidence: 'LIVE',
      positions: { optional: converges('dates are always sent', { event: 'invoice' }) },
    },
    watermarkBoundary: {
      standsFor: '“after” for departments and products, “not inclusive” for the rest',
      evidence: 'SPEC',
      positions: { inclusive: converges('what was seen already is dropped by its content') },
    },
    lateVisibility: {
      standsFor: 'no order of commits is promised',
      evidence: 'INF',
      positions: {
        '1500': converges('every poll asks for the last minute again', { set: { lateVisibility: 1_500 } }),
      },
    },
    equalTimestamps: {
      standsFor: 'an import may give many records one time',
      evidence: 'INF',
      positions: { on: converges('every poll asks for the last minute again') },
    },
  },
}
