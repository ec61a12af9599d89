import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { planActs } from '../chaos/adversary.ts'
import { commandFor, readArguments } from '../chaos/arguments.ts'
import { compare, type Shown } from '../chaos/check/compare.ts'
import { allowedOfRecord, allowedValues, emptyLedger, type Ledger, type LedgerRecord } from '../chaos/load/ledger.ts'
import { mutated, mutations } from '../chaos/mutations.ts'
import { seededRandom } from './support/seeded-random.ts'

const root = new URL('../', import.meta.url)

describe('the ledger of what people wrote', () => {
  test('allows the last value of the side that edited, and of either where both did', () => {
    const writes = {
      phone: [write(1, 'shop', 'A'), write(2, 'shop', 'B')],
      name: [write(3, 'erp', 'C'), write(4, 'shop', 'D'), write(5, 'erp', 'E')],
    }
    const record = { initial: { phone: 'first', name: 'first', email: 'first' }, writes }
    expect(allowedValues(record, 'phone')).toEqual(['B'])
    expect(allowedValues(record, 'name')).toEqual(['E', 'D'])
    expect(allowedValues(record, 'email')).toEqual(['first'])
  })

  test("allows PowerOffice's alone where it was written after everything in the webshop", () => {
    const writes = { phone: [write(1, 'shop', 'A'), write(2, 'erp', 'B')], name: [write(3, 'erp', 'C')] }
    expect(allowedOfRecord({ initial: {}, writes }, 'phone')).toEqual(['B'])
    // The record's change time in the webshop is later then, and times are all that there is.
    const later = { ...writes, name: [...writes.name, write(4, 'shop', 'D')] }
    expect(allowedOfRecord({ initial: {}, writes: later }, 'phone')).toEqual(['B', 'A'])
    expect(allowedOfRecord({ initial: {}, writes: later }, 'name')).toEqual(['C', 'D'])
    // Back where it was, nothing may have changed there since it was agreed on.
    expect(allowedOfRecord({ initial: { phone: 'B' }, writes }, 'phone')).toEqual(['B', 'A'])
  })
})

describe('the checker', () => {
  test('finds nothing where both systems show what was written', () => {
    expect(compare(oneCustomer(), both({}))).toEqual([])
  })

  test('finds a record that is missing on a side', () => {
    const { erp } = both({})
    expect(compare(oneCustomer(), { erp, shop: [] })).toMatchObject([{ kind: 'lost', mark: 'kaos-kunde-0' }])
  })

  test('finds a record that is there twice, and two that name one', () => {
    const { erp, shop } = both({})
    const twin = { ...customer('c-2', {}), names: 'customer:17' }
    const kinds = compare(oneCustomer(), { erp, shop: [...shop, twin] }).map(({ kind }) => kind)
    expect(kinds).toEqual(['duplicated', 'duplicated'])
  })

  test('finds a field in which the two differ', () => {
    const { erp } = both({})
    const { shop } = both({ phone: '41000009' })
    expect(compare(oneCustomer(), { erp, shop })).toMatchObject([
      { kind: 'diverged', what: expect.stringContaining('phone') },
    ])
  })

  test('finds an edit that is lost though both sides agree', () => {
    const ledger = oneCustomer()
    ledger.records[0]?.writes['phone']?.push(write(1, 'erp', '+47 41000002'))
    expect(compare(ledger, both({}))).toMatchObject([
      { kind: 'diverged', what: expect.stringContaining('people last wrote') },
    ])
    expect(compare(ledger, both({ phone: '41000002' }))).toEqual([])
  })

  test('finds an edit that was seen to be lost while people worked, whatever stands there by now', () => {
    const ledger = oneCustomer()
    ledger.lost.push({ mark: 'kaos-kunde-0', what: 'phone: PowerOffice shows "A" again' })
    expect(compare(ledger, both({}))).toMatchObject([{ kind: 'diverged', what: expect.stringContaining('again') }])
  })

  test('finds a wrong link, a record that came back, and one that nobody made', () => {
    const { erp, shop } = both({})
    const wrong = shop.map((record) => ({ ...record, names: 'customer:18' }))
    expect(compare(oneCustomer(), { erp, shop: wrong })).toMatchObject([{ kind: 'diverged' }])
    const deleted = oneCustomer()
    for (const record of deleted.records) record.deleted = true
    expect(compare(deleted, { erp, shop })).toMatchObject([
      { kind: 'diverged', what: expect.stringContaining('again') },
    ])
    expect(compare(deleted, { erp, shop: [] })).toEqual([])
    expect(compare(emptyLedger(), { erp, shop: [] })).toMatchObject([{ kind: 'duplicated' }])
  })

  test('finds lines that are missing, doubled, changed, moved, or there though removed', () => {
    const lines = ['a', 'b'].map((mark) => ({ mark, fields: { quantity: '1' } }))
    const shown = (list: typeof lines) => [{ ...order(list), id: '1', names: 'order:1' }]
    const ledger = oneOrder(['a', 'b'])
    const found = (erp: typeof lines, shop: typeof lines) =>
      compare(ledger, { erp: shown(erp), shop: shown(shop) }).map(({ kind }) => kind)
    expect(found(lines, lines)).toEqual([])
    expect(found(lines, lines.slice(1))).toEqual(['lost'])
    expect(found(lines, [...lines, ...lines.slice(1)])).toEqual(['duplicated'])
    expect(
      found(
        lines,
        lines.map((line) => ({ ...line, fields: { quantity: '2' } })),
      ),
    ).toEqual(['diverged', 'diverged'])
    expect(found(lines, lines.toReversed())).toEqual(['diverged'])
    for (const line of ledger.records[0]?.lines.slice(1) ?? []) line.removed = true
    expect(found(lines, lines)).toEqual(['diverged'])
  })
})

describe('the adversary', () => {
  test('does the same with the same seed, as many kills as asked, and other things between', () => {
    const names = (seed: number) => planActs(20, seededRandom(seed)).map(({ name }) => name)
    expect(names(1)).toEqual(names(1))
    expect(names(1)).not.toEqual(names(2))
    expect(names(1).filter((name) => name.startsWith('kill'))).toHaveLength(20)
    const rareActs = ['a product lands late', 'the answer to an order is lost', 'worker asleep before a create']
    for (const rare of rareActs) expect(names(1).filter((name) => name === rare)).toHaveLength(1)
    expect(names(1)).toHaveLength(83)
  })
})

describe('the safeguards that can be taken out', () => {
  test.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
    '%s still stands where it is looked for',
    (name, { changes }) => {
      for (const change of changes) {
        const source = readFileSync(new URL(change.file, root), 'utf8')
        expect(mutated(name, change, source)).not.toBe(source)
      }
    },
  )

  test('a safeguard that has moved is told', () => {
    const change = { file: 'a.ts', find: 'if (isSafe)', replace: 'if (true)' }
    expect(() => mutated('luck', change, 'nothing of it')).toThrow('mend chaos/mutations.ts')
  })
})

describe('the arguments', () => {
  test('are read, with what is usual for the rest', () => {
    expect(readArguments(['--switches', '{"patchTestOp": "ignored"}'])).toMatchObject({
      seed: 1,
      mutation: null,
      switches: { patchTestOp: 'ignored' },
    })
    expect(readArguments(['--seed', '7', '--kills', '3', '--json', '--without', 'settle'])).toMatchObject({
      seed: 7,
      minutes: 3,
      kills: 3,
      json: true,
      mutation: { name: 'settle' },
    })
  })

  test('are those in which a safeguard that is taken out is found, unless others are given', () => {
    const world = { records: 40, rate: 40, people: 4, switches: { patchTestOp: 'ignored' } }
    expect(readArguments(['--without', 'pair-in-hand'])).toMatchObject(world)
    expect(readArguments(['--without', 'pair-in-hand', '--rate', '3'])).toMatchObject({ ...world, rate: 3 })
    for (const { name } of mutations) expect(readArguments(['--without', name]).mutation?.name).toBe(name)
  })

  test('are all told in the command that plays a run again', () => {
    const words = ['--seed', '7', '--minutes', '2', '--without', 'pair-in-hand', '--people', '3']
    const command = commandFor(readArguments(words))
    const [, told = ''] = command.split('npm run chaos -- ')
    expect(readArguments(told.split(' ').map((word) => word.replaceAll("'", '')))).toEqual(readArguments(words))
    expect(commandFor(readArguments([]))).toBe(
      'npm run chaos -- --seed 1 --minutes 3 --kills 20 --rate 12 --people 1 --records 2000',
    )
  })

  test.each([
    [['--seed', 'x']],
    [['--frobnicate']],
    [['--without', 'luck']],
    [['--keep']],
    [['--keep', '--json']],
    [['--keep', '.']],
    [['--switches', 'latencyMs=5']],
    [['--switches', '{"latency": 5}']],
  ])('%j is refused with a sentence', (words) => {
    expect(() => readArguments(words)).toThrow(
      /takes a number|not known|no safeguard|needs a value|is empty|takes a JSON object|latency/,
    )
  })
})

function write(operation: number, side: 'erp' | 'shop', value: string) {
  return { operation, side, value }
}

function oneCustomer(): Ledger {
  return { ...emptyLedger(), records: [record('customer', 'kaos-kunde-0', { phone: '+47 41000001' })] }
}

function oneOrder(lines: readonly string[]): Ledger {
  const made = record('order', 'kaos-ordre-0', {})
  made.lines.push(
    ...lines.map((mark) => ({
      mark,
      createdOn: 'shop' as const,
      initial: { quantity: '1' },
      writes: {},
      removed: false,
    })),
  )
  return { ...emptyLedger(), records: [made] }
}

function record(entity: LedgerRecord['entity'], mark: string, initial: Record<string, string>): LedgerRecord {
  return {
    entity,
    mark,
    createdOn: 'erp',
    index: 0,
    initial,
    writes: { phone: [] },
    lines: [],
    id: '17',
    deleted: false,
  }
}

function both(fields: Record<string, string>): { erp: Shown[]; shop: Shown[] } {
  return {
    erp: [{ ...customer('17', fields), names: null }],
    shop: [{ ...customer('c-1', fields), names: 'customer:17' }],
  }
}

function customer(id: string, fields: Record<string, string>): Shown {
  return {
    entity: 'customer',
    id,
    mark: 'kaos-kunde-0',
    names: null,
    fields: { phone: '41000001', ...fields },
    lines: [],
  }
}

function order(lines: Shown['lines']): Shown {
  return { entity: 'order', id: '1', mark: 'kaos-ordre-0', names: null, fields: {}, lines }
}
