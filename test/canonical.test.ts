import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countryOf } from '../activities/canonical/address.ts'
import type { CanonicalResult, VendorValue } from '../activities/canonical/canonical-result.ts'
import { toCanonicalValue } from '../activities/canonical/canonical-value.ts'
import { parseInstantMs } from '../activities/canonical/date-time.ts'
import { exactNumber, toCanonicalDecimal } from '../activities/canonical/decimal.ts'
import { fromCanonicalEnum } from '../activities/canonical/enum.ts'
import { isValidNorwegianOrganisationNumber } from '../activities/canonical/organisation-number.ts'
import { toCanonicalReference } from '../activities/canonical/reference.ts'
import type { CanonicalType } from '../flows/flow-definition.ts'
import type { JsonValue } from '../flows/json.ts'
import type { Side } from '../flows/side.ts'
import { erpUnits, shopUnits } from '../flows/units.ts'

const kinds = { true: 'person', false: 'company' }

function canonicalOf(type: CanonicalType, value: VendorValue, country = 'NO'): CanonicalResult {
  return toCanonicalValue({ type, scale: 6 }, value, { side: 'shop', country, values: kinds })
}

function dateOf(side: Side, value: VendorValue): CanonicalResult {
  return toCanonicalValue({ type: 'date' }, value, { side, country: 'NO' })
}

function same(canonical: string | null): CanonicalResult {
  return { ok: true, canonical, written: canonical }
}

const textTypes = ['string', 'text', 'email', 'phone', 'organisationNumber', 'url'] as const

// Few letters on purpose: what matters is their mixture of spaces, signs, digits and two-part letters.
const letters = [
  // In lower case these two become one letter.
  'H\u0331',
  'a',
  'Å',
  'A\u030a',
  'ø',
  'İ',
  'Σ',
  '1',
  '47',
  '+',
  '.',
  '-',
  '/',
  ':',
  '@',
  ' ',
  '\u00a0',
  '\r\n',
  '\t',
  'NO',
  'MVA',
]
const typedText = fc.oneof(
  fc.array(fc.constantFrom(...letters), { maxLength: 12 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom('0', '1', '4', '7', '9', ' ', '+', '-', '.', '/'), { maxLength: 14 }).map((s) => s.join('')),
  fc.constantFrom(
    'https://',
    'HTTP://X.no//',
    ' www.Å.no/a/ ',
    '0047 22334455',
    '22 33 44 55 ext. 3',
    'NO 912 345 678 MVA',
  ),
  fc.string({ unit: 'grapheme' }),
)
const typedParts = fc.record({
  line1: fc.option(typedText),
  zip: fc.option(typedText),
  country: fc.option(fc.oneof(fc.constantFrom('no', 'NO', 'se', ' '), typedText)),
})

function typedValueOf(type: CanonicalType): fc.Arbitrary<JsonValue> {
  if (type === 'address' || type === 'names') return typedParts
  if (type === 'boolean') return fc.constantFrom(true, false, null, 'true', 'false')
  if (type === 'enum') return fc.constantFrom(true, false, null)
  if (type === 'integer') return fc.oneof(fc.integer(), fc.constantFrom('007', '-0', ' 12 ', '9007199254740993', null))
  if (type === 'decimal') return fc.oneof(decimalText, fc.integer(), fc.constantFrom(0.1, 1e-7, -0, 1e21, null))
  if (type === 'gtin') return fc.option(fc.oneof(fc.stringMatching(/^\d{7,15}$/), typedText))
  if (type === 'date') return fc.option(typedDate)
  return fc.option(typedText)
}

const decimalText = fc.stringMatching(/^[+-]?\d{1,20}(\.\d{1,12})?$/)
const typedDate = fc
  .tuple(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.boolean())
  .map(([ms, whole]) => new Date(ms).toISOString().slice(0, whole ? 24 : 10))

const allTypes = [
  ...textTypes,
  'integer',
  'boolean',
  'address',
  'names',
  'decimal',
  'gtin',
  'date',
] as const satisfies readonly CanonicalType[]

/** What the next reading would show: parts of a group as an object. */
function asVendorShows(type: CanonicalType, written: JsonValue): JsonValue {
  const isGroup = type === 'address' || type === 'names'
  return isGroup && typeof written === 'string' ? (JSON.parse(written) as JsonValue) : written
}

describe('laws of canonical forms', () => {
  test.each(allTypes)('normalising twice is normalising once, of the canonical and of the written form: %s', (type) => {
    fc.assert(
      fc.property(typedValueOf(type), fc.constantFrom('NO', 'SE'), (value, country) => {
        const once = canonicalOf(type, value, country)
        expect(once.ok).toBe(true)
        if (!once.ok) return
        expect(canonicalOf(type, asVendorShows(type, once.written), country)).toEqual(once)
        expect(canonicalOf(type, asVendorShows(type, once.canonical), country)).toMatchObject({
          canonical: once.canonical,
        })
      }),
      { numRuns: 2_000, seed: 1 },
    )
  })

  test.each(textTypes)(
    'Norwegian letters are the same in NFC and NFD, and white space around a value is nothing: %s',
    (type) => {
      fc.assert(
        fc.property(typedText, (text) => {
          const plain = canonicalOf(type, text)
          expect(canonicalOf(type, text.normalize('NFD'))).toEqual(canonicalOf(type, text.normalize('NFC')))
          expect(canonicalOf(type, `\u00a0${text}\n `)).toEqual(plain)
        }),
        { numRuns: 1_000, seed: 2 },
      )
    },
  )

  test.each(textTypes)('no text is refused, and only nothing is empty: %s', (type) => {
    fc.assert(
      fc.property(typedText, (text) => {
        const result = canonicalOf(type, text)
        expect(result).toMatchObject({ ok: true })
        expect(result).toMatchObject(text.trim() === '' ? { canonical: null } : { canonical: expect.any(String) })
      }),
      { numRuns: 1_000, seed: 3 },
    )
  })

  test('case of an e-mail is written as typed and never compared', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.boolean(), (email, loud) => {
        const typed = loud ? email.toUpperCase() : email
        expect(canonicalOf('email', typed)).toEqual({ ok: true, canonical: email.toLowerCase(), written: typed })
      }),
      { seed: 4 },
    )
  })
})

describe('types', () => {
  test('string keeps inner white space and leading zeros', () => {
    expect(canonicalOf('string', ' Nord  AS\t')).toEqual(same('Nord  AS'))
    expect(canonicalOf('string', '007')).toEqual(same('007'))
    expect(canonicalOf('string', '  ')).toEqual(same(null))
    expect(canonicalOf('string', undefined)).toEqual(same(null))
  })

  test('a number where text is expected is a problem: its leading zeros are gone already', () => {
    expect(canonicalOf('string', 150)).toEqual({ ok: false, problem: 'is a number where text is expected' })
    expect(canonicalOf('address', { zip: 150 })).toEqual({
      ok: false,
      problem: 'has a part, zip, that is a number where text is expected',
    })
  })

  test('text ends its lines alike', () => {
    expect(canonicalOf('text', 'a\r\nb\rc\n')).toEqual(same('a\nb\nc'))
  })

  test('phone numbers are compared in E.164 with Norway assumed, and written as typed', () => {
    for (const spelling of ['22334455', '22 33 44 55', '+47 22 33 44 55', '0047 22334455', '(22) 33-44-55']) {
      expect(canonicalOf('phone', spelling)).toEqual({ ok: true, canonical: '+4722334455', written: spelling })
    }
    expect(canonicalOf('phone', '+46 8 123 456 78')).toMatchObject({ canonical: '+46812345678' })
    expect(canonicalOf('phone', '22334455 ext 3')).toMatchObject({ canonical: '+4722334455;ext=3' })
  })

  test('what is no phone number is compared as the note that it is, never refused', () => {
    for (const note of ['98765432 (jobb)', '98765432/22334455', '12', 'ring Kåre']) {
      expect(canonicalOf('phone', note)).toEqual(same(note))
    }
  })

  test('organisation numbers lose blanks, dots, NO and MVA when the country is NO', () => {
    for (const spelling of [
      '923609016',
      '923 609 016',
      '923.609.016',
      'NO 923 609 016 MVA',
      'no923609016mva',
      '923609016MVA',
    ]) {
      expect(canonicalOf('organisationNumber', spelling)).toEqual(same('923609016'))
    }
    expect(canonicalOf('organisationNumber', '556703-7485', 'SE')).toEqual(same('556703-7485'))
    expect(canonicalOf('organisationNumber', 'NO 923 609 016', 'SE')).toEqual(same('NO 923 609 016'))
    expect(canonicalOf('organisationNumber', 'NOKAS under stiftelse')).toEqual(same('NOKAS under stiftelse'))
  })

  test('a Norwegian organisation number has nine digits of which the last is right by modulus 11', () => {
    expect(['923609016', '974760673', '889640782'].map(isValidNorwegianOrganisationNumber)).toEqual([true, true, true])
    expect(['923609017', '92360901', '9236090160', 'abc', ''].some(isValidNorwegianOrganisationNumber)).toBe(false)
  })

  test('a wrong digit or two neighbours exchanged make an organisation number invalid', () => {
    const eightDigits = fc.stringMatching(/^[89]\d{7}$/)
    fc.assert(
      fc.property(eightDigits, fc.nat(8), fc.integer({ min: 1, max: 9 }), fc.nat(7), (stem, at, shift, swap) => {
        const valid = Array.from({ length: 10 }, (_, digit) => `${stem}${digit}`).filter(
          isValidNorwegianOrganisationNumber,
        )
        expect(valid.length).toBeLessThanOrEqual(1)
        const [number] = valid
        fc.pre(number !== undefined)
        const digits = [...number]
        const wrong = digits.with(at, String((Number(digits[at]) + shift) % 10)).join('')
        expect(isValidNorwegianOrganisationNumber(wrong)).toBe(false)
        fc.pre(digits[swap] !== digits[swap + 1])
        const swapped = digits
          .with(swap, digits[swap + 1] ?? '')
          .with(swap + 1, digits[swap] ?? '')
          .join('')
        expect(isValidNorwegianOrganisationNumber(swapped)).toBe(false)
      }),
      { seed: 5 },
    )
  })

  test('web addresses are compared without the slash at the end, case of the host or an unspoken https', () => {
    for (const spelling of ['https://www.Nord.no/', 'HTTPS://www.nord.no', 'www.nord.no', 'WWW.NORD.NO/']) {
      expect(canonicalOf('url', spelling)).toEqual({ ok: true, canonical: 'https://www.nord.no', written: spelling })
    }
    expect(canonicalOf('url', 'nord.no/Sko/?A=1')).toMatchObject({ canonical: 'https://nord.no/Sko/?A=1' })
    expect(canonicalOf('url', 'http://nord.no')).toMatchObject({ canonical: 'http://nord.no' })
  })

  test('"007" of an integer is 7, and text that is no whole number is a problem', () => {
    expect(canonicalOf('integer', '007')).toEqual(same('7'))
    expect(canonicalOf('integer', 10042)).toEqual(same('10042'))
    expect(canonicalOf('integer', '-0')).toEqual(same('0'))
    expect(canonicalOf('integer', '12345678901234567890')).toEqual(same('12345678901234567890'))
    for (const value of ['K-7', '1.0', '1e3', 1.5, 2 ** 60, '0x1']) {
      expect(canonicalOf('integer', value)).toEqual({ ok: false, problem: 'is not a whole number' })
    }
  })

  test('an enum is mapped by its table and never guessed', () => {
    expect(canonicalOf('enum', true)).toEqual(same('person'))
    expect(canonicalOf('enum', 'false')).toEqual(same('company'))
    expect(canonicalOf('enum', null)).toEqual(same(null))
    for (const value of ['True', 'toString', 0, {}]) {
      expect(canonicalOf('enum', value)).toEqual({ ok: false, problem: 'is not one of true, false' })
    }
  })

  test('an enum is written in the first spelling of its table, as JSON boolean where the vendor has one', () => {
    expect(fromCanonicalEnum('person', kinds)).toBe(true)
    expect(fromCanonicalEnum('piece', { stk: 'piece', pcs: 'piece' })).toBe('stk')
    expect(fromCanonicalEnum('department', kinds)).toBeUndefined()
  })

  test('booleans are the two JSON values or the same words, nothing else', () => {
    expect(canonicalOf('boolean', false)).toEqual(same('false'))
    expect(canonicalOf('boolean', null)).toEqual(same(null))
    for (const value of [0, 1, 'yes', 'True']) expect(canonicalOf('boolean', value)).toMatchObject({ ok: false })
  })

  test('an address is one value: its parts by name, country code in upper case, no country is Norway', () => {
    const oslo = same('{"city":"Oslo","country":"NO","line1":"Storgata 1","zip":"0150"}')
    for (const country of ['no', 'NO', ' No ', null, '']) {
      expect(canonicalOf('address', { zip: '0150', line1: 'Storgata 1', city: ' Oslo', country })).toEqual(oslo)
    }
    expect(canonicalOf('address', { zip: '411 03', country: 'se' })).toEqual(same('{"country":"SE","zip":"411 03"}'))
  })

  test('an address without any part is empty, and one of nothing but the assumed country is too', () => {
    for (const value of [
      null,
      undefined,
      {},
      { line1: ' ', zip: null, country: null },
      { line1: null, country: 'no' },
    ]) {
      expect(canonicalOf('address', value)).toEqual(same(null))
    }
    expect(canonicalOf('address', { line1: 'NO', country: null })).toEqual(same('{"country":"NO","line1":"NO"}'))
    expect(canonicalOf('address', { line1: null, country: 'SE' })).toEqual(same('{"country":"SE","line1":null}'))
  })

  test('the country of an address that is empty is Norway', () => {
    expect(countryOf(null)).toBe('NO')
    expect(countryOf({ country: 'se', zip: '411 03' })).toBe('SE')
  })

  test('names are one value, with null for the part that is missing', () => {
    expect(canonicalOf('names', { lastName: 'Ås', firstName: '' })).toEqual(same('{"firstName":null,"lastName":"Ås"}'))
    expect(canonicalOf('names', { lastName: ' ', firstName: null })).toEqual(same(null))
    expect(canonicalOf('names', 'Kari Ås')).toEqual({ ok: false, problem: 'is not a group of parts' })
  })
})

describe('decimals', () => {
  const at = (value: VendorValue, scale: number) => toCanonicalDecimal(value, scale)

  test('trap 0.1 + 0.2: decimals are exact text, zeros around a number are nothing', () => {
    expect(toCanonicalDecimal('0000499.500')).toEqual(same('499.5'))
    expect(toCanonicalDecimal(0.1)).toEqual(same('0.1'))
    expect(at('0.30000000000000004', 17)).toEqual(same('0.30000000000000004'))
    expect(at(0.1 + 0.2, 6)).toEqual(same('0.3'))
    expect(toCanonicalDecimal('123456789012345678.123456')).toEqual(same('123456789012345678.123456'))
    expect(toCanonicalDecimal(1e21)).toEqual(same('1000000000000000000000'))
    expect(toCanonicalDecimal(null)).toEqual(same(null))
    expect(toCanonicalDecimal(' ')).toEqual(same(null))
  })

  test('negative zero is 0, however it came about', () => {
    for (const value of [-0, '-0', '-0.00', '-0.004', 0]) expect(at(value, 2)).toEqual(same('0'))
  })

  test('trap half-up against half-even: half goes away from zero, at the scale that both sides can show', () => {
    const rounded = ['0.125', '0.135', '0.145', '-0.125', '-0.135', '2.675', '1.005'].map((value) => at(value, 2))
    expect(rounded).toEqual(['0.13', '0.14', '0.15', '-0.13', '-0.14', '2.68', '1.01'].map(same))
    expect(at(1.005, 2)).toEqual(same('1.01'))
    expect(at('0.5', 0)).toEqual(same('1'))
    expect(at('2.5', 0)).toEqual(same('3'))
  })

  test('trap rate 0..1 against percent: a rate times 100 and the percent that a shop shows are one value', () => {
    expect(at('25.0', 2)).toEqual(at(25, 2))
    expect(at('11.11', 2)).toEqual(at('11.1100', 2))
    expect(at(0.25, 2)).not.toEqual(at('25', 2))
  })

  test('what is no decimal number is a problem and never a guess', () => {
    const problem = { ok: false, problem: 'is not a decimal number' }
    const infinite: unknown = JSON.parse('1e400')
    expect(at(infinite as number, 2)).toEqual(problem)
    for (const value of ['1e400', '1e3', '1,5', '1 000', 'NaN', 'Infinity', '.5', '5.', '0x10', Number.NaN]) {
      expect(at(value, 2)).toEqual(problem)
    }
    expect(at(true, 2)).toEqual({ ok: false, problem: 'is a boolean where text is expected' })
    expect(at([], 2)).toEqual({ ok: false, problem: 'is a list where text is expected' })
  })

  test('rounding is exact: never further off than half of the last place, with at most that many decimals', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (millionths) => {
        const digits = String(millionths < 0n ? -millionths : millionths).padStart(7, '0')
        const text = `${millionths < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`
        const away = millionths < 0n ? -5_000n : 5_000n
        const hundredths = (millionths + away) / 10_000n
        const result = at(text, 2)
        expect(result).toMatchObject({ ok: true, canonical: expect.stringMatching(/^-?\d+(\.\d{1,2})?$/) })
        expect(result).toEqual(
          at(
            String(hundredths).replace(/^(-?)(\d+)$/, (_, sign, all: string) => {
              const padded = all.padStart(3, '0')
              return `${sign}${padded.slice(0, -2)}.${padded.slice(-2)}`
            }),
            2,
          ),
        )
      }),
      { seed: 6 },
    )
  })

  test('a JSON number carries a decimal only when every digit comes back', () => {
    expect(exactNumber('499.5')).toBe(499.5)
    expect(exactNumber('0.1')).toBe(0.1)
    expect(exactNumber('-12')).toBe(-12)
    expect(exactNumber('123456789012345.67')).toBe(123456789012345.67)
    for (const text of [
      '123456789012345678.123456',
      '9007199254740993',
      '0.12345678901234567890',
      '1'.repeat(400),
      'x',
      '',
    ]) {
      expect(exactNumber(text)).toBeNull()
    }
  })
})

describe('article numbers of the trade (GTIN)', () => {
  const gtin = (value: VendorValue) => canonicalOf('gtin', value)

  test('8, 12, 13 and 14 digits are compared padded to 14 and written as typed', () => {
    expect(gtin('7038010055720')).toEqual({ ok: true, canonical: '07038010055720', written: '7038010055720' })
    expect(gtin(' 96385074 ')).toEqual({ ok: true, canonical: '00000096385074', written: '96385074' })
    expect(gtin('012345678905')).toMatchObject({ canonical: '00012345678905' })
    expect(gtin('0012345678905')).toMatchObject({ canonical: '00012345678905' })
    expect(gtin('00012345678905')).toEqual(same('00012345678905'))
    expect(gtin(12345678905)).toEqual(same('12345678905'))
    expect(gtin(7038010055720)).toMatchObject({ canonical: '07038010055720' })
    expect(gtin('')).toEqual(same(null))
  })

  test('anything else is text that differs, never a record that cannot be read', () => {
    for (const text of ['007', '7038 0100 55720', '978-82-525-8527-8', '123456789', 'ukjent']) {
      expect(gtin(text)).toEqual(same(text))
    }
  })
})

describe('days', () => {
  test('a date is a day of the calendar', () => {
    for (const side of ['erp', 'shop'] as const) {
      expect(dateOf(side, '2026-02-28')).toEqual(same('2026-02-28'))
      expect(dateOf(side, ' ')).toEqual(same(null))
      for (const value of ['2026-02-30', '28.02.2026', '2026-2-8', '2026-02-30T10:00:00Z', 'today']) {
        expect(dateOf(side, value)).toEqual({ ok: false, problem: 'is not a date' })
      }
    }
  })

  test('a date of PowerOffice that comes with a time part is its first ten characters, with a Z and late at night as well', () => {
    for (const time of [
      '',
      'T00:00:00',
      'T00:00:00Z',
      'T00:00:00.0000000',
      'T23:30:00Z',
      ' 23:30:00',
      'T00:00:00+02:00',
    ]) {
      expect(dateOf('erp', `2022-08-05${time}`)).toEqual(same('2022-08-05'))
    }
    expect(dateOf('erp', '2022-08-05x')).toMatchObject({ ok: false })
  })

  test('trap the day of an order near midnight: a time of the webshop is the day it was in Oslo, in winter and summer', () => {
    const days = [
      ['2026-01-31T22:59:59Z', '2026-01-31'],
      ['2026-01-31T23:00:00Z', '2026-02-01'],
      ['2026-07-31T21:59:59.999Z', '2026-07-31'],
      ['2026-07-31T22:00:00Z', '2026-08-01'],
      ['2026-08-01T00:30:00+02:00', '2026-08-01'],
      ['2025-12-31T23:30:00Z', '2026-01-01'],
    ] as const
    expect(days.map(([time]) => dateOf('shop', time))).toEqual(days.map(([, day]) => same(day)))
  })

  test('trap the day of an order near midnight: also on the days when the clocks change', () => {
    // Summer time from 29 March 2026, 01:00 UTC, to 25 October 2026, 01:00 UTC.
    const days = [
      ['2026-03-28T22:59:59Z', '2026-03-28'],
      ['2026-03-28T23:00:00Z', '2026-03-29'],
      ['2026-03-29T21:59:59Z', '2026-03-29'],
      ['2026-03-29T22:00:00Z', '2026-03-30'],
      ['2026-10-24T21:59:59Z', '2026-10-24'],
      ['2026-10-24T22:00:00Z', '2026-10-25'],
      ['2026-10-25T22:59:59Z', '2026-10-25'],
      ['2026-10-25T23:00:00Z', '2026-10-26'],
    ] as const
    expect(days.map(([time]) => dateOf('shop', time))).toEqual(days.map(([, day]) => same(day)))
  })

  test('a time without an offset is no day: whose midnight it was near is anybody’s guess', () => {
    expect(dateOf('shop', '2026-01-31T23:30:00')).toEqual({ ok: false, problem: 'is not a date' })
  })

  test('times are instants in UTC: seven digits, none, or an offset', () => {
    const at = Date.UTC(2021, 8, 30, 8, 3, 0, 123)
    expect(parseInstantMs('2021-09-30T08:03:00.1239999Z')).toBe(at)
    expect(parseInstantMs('2021-09-30T10:03:00.123+02:00')).toBe(at)
    expect(parseInstantMs('2021-09-30 08:03:00.1234567 -00:00')).toBe(at)
    expect(parseInstantMs('2021-09-30T08:03:00Z')).toBe(at - 123)
    expect(parseInstantMs('2021-09-30T08:03:00.1Z')).toBe(at - 23)
    for (const text of [
      '2021-09-30T08:03:00',
      '0001-01-01T00:00:00Z',
      '2021-02-30T08:03:00Z',
      '2021-09-30T25:03:00Z',
      'now',
    ]) {
      expect(parseInstantMs(text)).toBeNull()
    }
  })
})

describe('references', () => {
  const links = (id: string) => ({ '7': 'c-17', 'c-17': '7', '8': '8', 'c-9': '9007199254740993' })[id] ?? null
  const erp = (value: VendorValue) => toCanonicalReference(value, 'erp', links)
  const shop = (value: VendorValue) => toCanonicalReference(value, 'shop', links)

  test('a record is called by its PowerOffice id on both sides, and written as the other side calls it', () => {
    expect(erp(7)).toEqual({ ok: true, canonical: '7', written: 'c-17' })
    expect(erp('7')).toEqual(erp(7))
    expect(shop('c-17')).toEqual({ ok: true, canonical: '7', written: 7 })
    expect(shop('c-9')).toEqual(same('9007199254740993'))
  })

  test('a record of the webshop without link is told apart from every PowerOffice id', () => {
    expect(shop('c-1')).toEqual(same('?c-1'))
    expect(shop('7')).toMatchObject({ canonical: 'c-17' })
    expect(erp(99)).toEqual(same('99'))
    expect([erp(null), shop('')]).toEqual([same(null), same(null)])
  })

  test('what is no id is a problem', () => {
    for (const value of [1.5, 2 ** 60]) expect(erp(value)).toEqual({ ok: false, problem: 'is not the id of a record' })
    expect(shop({ id: 'c-1' })).toEqual({ ok: false, problem: 'is an object where text is expected' })
  })
})

describe('enums whose unknown values are withheld', () => {
  const unit = (side: Side, value: VendorValue) =>
    toCanonicalValue({ type: 'enum', unknownValues: 'withhold' }, value, {
      side,
      country: 'NO',
      values: side === 'erp' ? erpUnits : shopUnits,
    })

  test('rule 9: an unknown value is its own spelling with a mark, and the record goes on', () => {
    expect(unit('shop', 'kartong')).toEqual(same('?kartong'))
    expect(unit('erp', 'stk')).toEqual(same('?stk'))
    expect(unit('shop', { code: 'EA' })).toMatchObject({ ok: false })
  })

  test('several spellings are one value, of which the first is written', () => {
    for (const spelling of ['EA', 'stk', 'stk.', 'pcs', ' each ']) expect(unit('shop', spelling)).toEqual(same('EA'))
    expect(fromCanonicalEnum('EA', shopUnits)).toBe('EA')
    expect(fromCanonicalEnum('KGM', erpUnits)).toBe('KGM')
  })
})
