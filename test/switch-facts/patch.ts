import { converges, lists, type SwitchGroup } from './switch-facts.ts'

const notCleared = (reason: 'refused' | 'field', says: string) => [
  { what: 'a phone cleared in the webshop', reason, says },
  { what: 'a description cleared in the webshop', reason, says },
  { what: 'a reference cleared in the webshop', reason, says },
]

export const patchSwitches: SwitchGroup = {
  title: 'Edits (JSON Patch)',
  switches: {
    patchContentType: {
      standsFor: 'application/json was seen to work',
      evidence: 'SPEC',
      positions: { jsonAccepted: converges('the described content type is sent') },
    },
    patchOps: {
      standsFor: 'which operations work is not described',
      evidence: 'INF',
      positions: {
        replaceOnly: converges('nothing but replace is needed; tests are given up once they are refused', {
          event: 'clearing',
        }),
      },
    },
    patchTestOp: {
      standsFor: 'whether a test is held to',
      evidence: 'INF',
      positions: {
        ignored: converges('records are read just before they are written'),
        refused: converges('tests are given up once they are refused'),
      },
    },
    patchNestedPaths: {
      standsFor: 'paths into an address are not described',
      evidence: 'INF',
      positions: { '400': converges('an address is written whole') },
    },
    patchPathCasing: {
      standsFor: 'camelCase paths were ignored in silence',
      evidence: 'LIVE',
      positions: {
        insensitive: converges('described spellings are sent'),
        '400': converges('described spellings are sent'),
      },
    },
    patchNullClears: {
      standsFor: 'clearing by null is not described',
      evidence: 'INF',
      positions: {
        '400': lists(
          'a value that cannot be cleared is listed; both stand; of an order’s line as well (`test/server/uncertain-corners.test.ts`)',
          notCleared('refused', 'is invalid for target location'),
          {
            event: 'clearing',
          },
        ),
        ignored: lists(
          'what the answer shows is held against what was sent: a value that stands although it was cleared is listed, of an order’s line as well (`test/server/uncertain-corners.test.ts`)',
          notCleared('field', 'keeps its value all the same'),
          { event: 'clearing' },
        ),
      },
    },
    stockOpOrder: {
      standsFor: 'one integrator sends IsStockItem first',
      evidence: 'LIVE',
      positions: { any: converges('stock is never written') },
    },
  },
}
