import { describe, expect, test } from 'vitest'
import type { FlowReport } from '../client/status-report.ts'
import { fieldLabel } from '../client/text/field-label.ts'
import { inboxText } from '../client/text/inbox-text.ts'
import { linkColumns } from '../client/text/link-line.ts'
import { paintFor } from '../client/text/paint.ts'
import { plainText } from '../client/text/plain-text.ts'
import { duration, timeAgo } from '../client/text/relative-time.ts'
import { statusTable } from '../client/text/status-table.ts'
import { statusText } from '../client/text/status-text.ts'
import { alignColumns } from '../client/text/table.ts'
import type { FlowStatus, InboxEntry } from '../workflows/messages.ts'
import { cannedStatus } from './fixtures/fake-flow/canned-status.ts'

const now = 1_800_000_000_000

describe('times', () => {
  test('are told in the largest unit that fits, rounded down', () => {
    expect([0, 999, 12_000, 119_000, 5_400_000, 200_000_000].map(duration)).toEqual([
      '0 s',
      '0 s',
      '12 s',
      '1 min',
      '1 h',
      '2 d',
    ])
  })

  test('of a clock that is ahead count as now', () => {
    expect(timeAgo(now + 5000, now)).toBe('just now')
    expect(timeAgo(now - 12_000, now)).toBe('12 s ago')
  })
})

describe('tables', () => {
  test('line up, with Norwegian letters counted once and no blanks at the end', () => {
    expect(
      alignColumns([
        ['Å', 'x', ''],
        ['Bård', 'y', ''],
        ['A\u030a', 'z'],
      ]),
    ).toEqual(['Å     x', 'Bård  y', 'A\u030a     z'])
  })

  test('have no colours where nobody sees them', () => {
    expect(paintFor({}, {})('red', 'x')).toBe('x')
    expect(paintFor({ isTTY: true }, { NO_COLOR: '1' })('red', 'x')).toBe('x')
    expect(paintFor({ isTTY: true }, {})('red', 'x')).toContain('\u001b[31m')
  })

  test('cannot be broken by control characters in what systems hold', () => {
    expect(plainText('Evil\u001b[2J\nAS\t ')).toBe('Evil [2J AS')
  })
})

test('fields are called by their names in the definition, in words', () => {
  expect(['organizationNumber', 'name', 'invoiceEmail'].map(fieldLabel)).toEqual([
    'Organization number',
    'Name',
    'Invoice email',
  ])
})

function report(status: Partial<FlowStatus> | null, more: Partial<FlowReport> = {}): FlowReport {
  return {
    flow: 'customers',
    title: 'Customers <-> Customer',
    existence: 'running',
    linked: 0,
    created: 0,
    needsPerson: 0,
    waits: 0,
    problem: null,
    failing: null,
    status: status === null ? null : { ...cannedStatus('default'), ...status },
    ...more,
  }
}

describe('status', () => {
  test('tells phase, links, last change each way, both piles and the lag', () => {
    const lines = statusText(
      report({
        links: 205,
        lastChangeTo: { erp: now - 12_000, shop: null },
        inboxCount: { needsYou: 3, waitsByItself: 2 },
        inboxByReason: { refused: 3, waiting: 2 },
        lookAgain: { count: 4, oldestSince: now - 61_000 },
        inHand: 2,
      }),
      now,
    )
    expect(lines).toEqual([
      'customers  Customers <-> Customer  live',
      '  links            205',
      '  last change      to PowerOffice 12 s ago, to the webshop never',
      '  needs you        3 (`kobling inbox customers`; refused 3, waiting 2)',
      '  waits by itself  2',
      '  lag              4 to look at, the oldest for 1 min, 2 in hand',
    ])
  })

  test('E23: tells within what time every open list was read in full', () => {
    const lines = statusText(report({ oldestCheck: now - 5 * 3_600_000 - 1 }), now)
    expect(lines.at(-1)).toBe('  oldest check     every open list was read in full in the last 5 h')
  })

  test('gives every reason of a pause with its way out, and the sentence of a trouble', () => {
    const lines = statusText(
      report({
        phase: 'paused',
        trouble: { type: 'Unreachable', where: 'shop', message: 'The webshop does not answer.' },
        pauseReasons: [
          { kind: 'person', by: 'kari', why: 'stocktaking', at: now - 60_000 },
          { kind: 'breaker', by: 'kobling', why: '30 vanished', at: now },
          { kind: 'firstContact', by: 'kobling', why: '', at: now },
        ],
      }),
      now,
    )
    expect(lines.slice(1, 5)).toEqual([
      '  trouble          The webshop does not answer.',
      '  paused           by kari 1 min ago: stocktaking (`kobling resume customers`)',
      '  paused           by its breaker just now: 30 vanished (`kobling resume customers` when that is right)',
      '  paused           before the first write just now (`kobling approve customers` lets it write)',
    ])
  })

  test('of a flow that does not run says what to do', () => {
    const problem = 'Not started: run `kobling start customers`.'
    expect(statusText(report(null, { existence: 'notStarted', problem }), now)).toEqual([
      'customers  Customers <-> Customer  not started',
      `  ${problem}`,
    ])
  })

  test('says what a system does not offer', () => {
    const limits = 'The webshop does not offer to edit customers: edits in PowerOffice stay there.'
    expect(statusText(report({ limits }), now)).toContain(`  not offered      ${limits}`)
  })

  test('names work that is repeated in vain, whatever the phase says', () => {
    const lines = statusText(report({}, { failing: 'upsertRecords fails again and again (attempt 6): no' }), now)
    expect(lines[1]).toBe('  trouble          upsertRecords fails again and again (attempt 6): no')
  })
})

describe('the table of all flows', () => {
  const live = report({ links: 205, lastChangeTo: { erp: now - 12_000, shop: null } }, { linked: 205, needsPerson: 3 })

  test('has a line for each: phase, links, last change each way, both piles, lag', () => {
    const waiting = report(
      { phase: 'initial', waitsFor: 'its first load begins when that of products has ended' },
      { flow: 'salesOrders', waits: 2 },
    )
    expect(statusTable([live, waiting], now)).toEqual([
      'flow         phase       links  to webshop  to PowerOffice  needs you  waits  lag',
      'customers    live        205    never       12 s ago        3          0      none',
      'salesOrders  first load  0      never       never           0          2      none',
      '',
      'salesOrders  its first load begins when that of products has ended',
      '',
      '3 need you: `kobling inbox`',
    ])
  })

  test('says below it why a flow does not do its work, and where it would be told what a first start would write', () => {
    const pauseReasons = [{ kind: 'firstContact', by: 'kobling', why: '', at: now }] as const
    const lines = statusTable(
      [
        report({ phase: 'paused', pauseReasons }),
        report(null, {
          flow: 'products',
          existence: 'notStarted',
          problem: 'Not started: run `kobling start products`.',
        }),
      ],
      now,
    )
    expect(lines.slice(3)).toEqual([
      '',
      'customers  paused before the first write just now (`kobling approve customers` lets it write)',
      'products   Not started: run `kobling start products`.',
      '',
      'What would be written: `kobling status customers`',
    ])
  })

  test('lines up in colours as well', () => {
    const paint = paintFor({ isTTY: true }, {})
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
    const bare = statusTable([live], now, paint).map((line) => line.replace(/\u001b\[\d+m/g, ''))
    expect(bare).toEqual(statusTable([live], now))
  })
})

const refused: InboxEntry = {
  id: 'shop:c-17',
  pile: 'needsYou',
  reason: 'refused',
  erpId: null,
  shopId: 'c-17',
  label: 'Fjord AS',
  detail: 'The organization number is wrong.',
  wayOut: 'Correct it in the webshop.',
  field: null,
  others: [],
  since: now - 5000,
  attempts: 2,
}

describe('the inbox', () => {
  test('has two piles over all flows, each entry with its flow, its ids, its matter and its way out', () => {
    const waiting = {
      ...refused,
      id: 'erp:1',
      pile: 'waitsByItself',
      reason: 'waiting',
      erpId: '1',
      attempts: 1,
    } as const
    const inboxes = [
      { flow: 'customers', entries: [waiting, refused] },
      { flow: 'products', entries: [{ ...refused, id: 'shop:p-4', shopId: 'p-4', label: 'Kopp' }] },
    ] as const
    expect(inboxText(inboxes, now)).toEqual([
      'needs you: 2',
      '  customers  shop:c-17  Fjord AS  webshop c-17, 5 s ago, tried 2 times',
      '    refused: The organization number is wrong.',
      '    -> Correct it in the webshop.',
      '  products   shop:p-4  Kopp  webshop p-4, 5 s ago, tried 2 times',
      '    refused: The organization number is wrong.',
      '    -> Correct it in the webshop.',
      'waits by itself: 1',
      '  customers  erp:1  Fjord AS  PowerOffice 1 = webshop c-17, 5 s ago',
      '    waiting: The organization number is wrong.',
      '    -> Correct it in the webshop.',
    ])
  })

  test('that is empty says so', () => {
    expect(inboxText([{ flow: 'customers', entries: [] }], now)).toEqual(['nothing needs you, nothing waits'])
  })

  test('names the field where the matter is of one field', () => {
    const lines = inboxText(
      [{ flow: 'customers', entries: [{ ...refused, reason: 'field', field: 'invoiceEmail' }] }],
      now,
    )
    expect(lines[2]).toBe('    field (invoice email): The organization number is wrong.')
  })
})

test('a row of every kind is one line of four columns', () => {
  const seen = { seen: 's', reason: 'ambiguous', attempts: 1, definition: 1, pointer: '' } as const
  expect([
    linkColumns({ kind: 'seen', side: 'shop', id: 'c-1', others: ['erp:1', 'erp:2'], ...seen }),
    linkColumns({ kind: 'creating', side: 'erp', id: '5', reference: 'default:5', creation: 1, since: 0 }),
    linkColumns({ kind: 'gone', erpId: '5', shopId: null, seen: '', at: 0 }),
    linkColumns({ kind: 'apart', erpId: '5', shopId: 'c-2', by: 'kari', at: 0 }),
  ]).toEqual([
    ['seen', '-', 'c-1', 'ambiguous: erp:1, erp:2'],
    ['creating', '5', '-', 'default:5'],
    ['gone', '5', '-', '1970-01-01T00:00:00.000Z'],
    ['apart', '5', 'c-2', 'by kari, 1970-01-01T00:00:00.000Z'],
  ])
})
