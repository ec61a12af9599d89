import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countryOf } from '../activities/canonical/address.ts'
import type { CanonicalResult, VendorValue } from '../activities/canonical/canonical-result.ts'
import { toCanonicalValue } from '../activities/canonical/canonical-value.ts'
import { toCanonicalDate } from '../activities/canonical/date.ts'
import { osloDayOf, parseInstantMs, toCanonicalDateTime } from '../activities/canonical/date-time.ts'
import { toCanonicalDecimal } from '../activities/canonical/decimal.ts'
import { fromCanonicalEnum } from '../activities/canonical/enum.ts'
import { toCanonicalMoney } from '../activities/canonical/money.ts'
import { isValidNorwegianOrganisationNumber } from '../activities/canonical/organisation-number.ts'
import { fromCanonicalPercent, toCanonicalPercent } from '../activities/canonical/percent.ts'
import type { CanonicalType } from '../flows/flow-definition.ts'
import type { JsonValue } from '../flows/json.ts'

const kinds = { true: 'person', false: 'company' }

function canonicalOf(type: CanonicalType, value: VendorValue, country = 'NO'): CanonicalResult {
  return toCanonicalValue({ type }, value, { country, values: kinds })
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
  return fc.option(typedText)
}

const allTypes = [...textTypes, 'integer', 'boolean', 'address', 'names'] as const satisfies readonly CanonicalType[]

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
    expect(countryOf('{"country":"SE","zip":"411 03"}')).toBe('SE')
  })

  test('names are one value, with null for the part that is missing', () => {
    expect(canonicalOf('names', { lastName: 'Ås', firstName: '' })).toEqual(same('{"firstName":null,"lastName":"Ås"}'))
    expect(canonicalOf('names', { lastName: ' ', firstName: null })).toEqual(same(null))
    expect(canonicalOf('names', 'Kari Ås')).toEqual({ ok: false, problem: 'is not a group of parts' })
  })
})

describe('types of later flows', () => {
  test('decimals are exact text: 0.1 + 0.2 is 0.3, zeros around a number are nothing', () => {
    expect(toCanonicalDecimal('0000499.500')).toEqual(same('499.5'))
    expect(toCanonicalDecimal(0.1)).toEqual(same('0.1'))
    expect(toCanonicalDecimal('-0.00')).toEqual(same('0'))
    expect(toCanonicalDecimal('123456789012345678.123456')).toEqual(same('123456789012345678.123456'))
    expect(toCanonicalDecimal(1e21)).toEqual(same('1000000000000000000000'))
    expect(toCanonicalDecimal(null)).toEqual(same(null))
    for (const value of ['1,5', '1 000', '1e3', 'NaN', '.5'])
      expect(toCanonicalDecimal(value)).toMatchObject({ ok: false })
  })

  test('money is compared half up at the common scale, and written as it was', () => {
    expect(toCanonicalMoney('0.125', 2)).toEqual({ ok: true, canonical: '0.13', written: '0.125' })
    expect(toCanonicalMoney('0.135', 2)).toMatchObject({ canonical: '0.14' })
    expect(toCanonicalMoney('-0.125', 2)).toMatchObject({ canonical: '-0.13' })
    expect(toCanonicalMoney(1.005, 2)).toMatchObject({ canonical: '1.01' })
    expect(toCanonicalMoney('-0.001', 2)).toMatchObject({ canonical: '0' })
  })

  test('a rate of 0.25 and 25 percent are equal, and come back in either form', () => {
    expect(toCanonicalPercent(0.25, 'rate')).toEqual(same('25'))
    expect(toCanonicalPercent('25.0', 'percent')).toEqual(same('25'))
    expect(toCanonicalPercent(0.07, 'rate')).toEqual(same('7'))
    expect(fromCanonicalPercent('11.11', 'rate')).toBe('0.1111')
    expect(fromCanonicalPercent('25', 'percent')).toBe('25')
  })

  test('a percent goes out as a rate and comes back the same, to any digit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^-?[1-9]\d{0,20}(\.\d{0,22}[1-9])?$/), (percent) => {
        expect(toCanonicalPercent(fromCanonicalPercent(percent, 'rate'), 'rate')).toEqual(same(percent))
      }),
      { seed: 6 },
    )
  })

  test('a date is a day of the calendar; only a midnight may follow it', () => {
    expect(toCanonicalDate('2026-02-28')).toEqual(same('2026-02-28'))
    expect(toCanonicalDate('2026-02-28T00:00:00')).toEqual(same('2026-02-28'))
    for (const value of ['2026-02-30', '28.02.2026', '2026-02-28T12:00:00', '2026-2-8']) {
      expect(toCanonicalDate(value)).toEqual({ ok: false, problem: 'is not a date' })
    }
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
    expect(toCanonicalDateTime('2021-09-30T10:03:00+02:00')).toEqual({
      ok: true,
      canonical: '2021-09-30T08:03:00.000Z',
      written: '2021-09-30T10:03:00+02:00',
    })
    expect(toCanonicalDateTime('2021-09-30T10:03:00')).toMatchObject({ ok: false })
  })

  test('the day of an order near midnight is that of Oslo, in winter and summer', () => {
    expect(osloDayOf(Date.UTC(2026, 0, 31, 22, 59))).toBe('2026-01-31')
    expect(osloDayOf(Date.UTC(2026, 0, 31, 23, 0))).toBe('2026-02-01')
    expect(osloDayOf(Date.UTC(2026, 6, 31, 21, 59))).toBe('2026-07-31')
    expect(osloDayOf(Date.UTC(2026, 6, 31, 22, 0))).toBe('2026-08-01')
  })
})
