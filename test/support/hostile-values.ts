/** Values that servers stumble over. JSON ones are texts, since 1e400 and doubled keys have no value in JavaScript. */

const long = (length: number) => 'x'.repeat(length)

/** @param random as in seeded-random.ts */
export interface Dice {
  between(least: number, most: number): number
}

export function pick<T>(dice: Dice, list: readonly T[]): T {
  if (list.length === 0) throw new Error('nothing to pick from')
  return list[dice.between(0, list.length - 1)] as T
}

/** One chance in `of`. */
export function oneIn(dice: Dice, of: number): boolean {
  return dice.between(1, of) === 1
}

export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\t\r\n',
  '\u0000',
  'a\u0000b',
  '\u0001\u001f\u007f',
  '\ud800',
  '\u202egnp.exe',
  'å\u030a😀',
  "'; DROP TABLE customers; --",
  '" OR 1=1 --',
  '%',
  '%25',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  '-1',
  '0',
  '1e400',
  '0x10',
  '9007199254740993',
  '9223372036854775808',
  '2022-02-30',
  '0000-00-00',
  '99999-01-01T00:00:00Z',
  '2022-08-05T25:61:61+99:99',
  '00000000-0000-0000-0000-000000000000',
  ',,,',
  '1-',
  '-',
  long(300),
  long(5_000),
]

const hostileNumbers: readonly string[] = [
  '0',
  '-0',
  '-1',
  '0.1',
  '1e400',
  '-1e400',
  '1e-400',
  '1.7976931348623157e308',
  '5e-324',
  '9007199254740991',
  '9007199254740993',
  '9223372036854775807',
  '-9223372036854775808',
  '2147483648',
  '123456789012345678901234567890',
  '0.12345678901234567890123456789',
]

const hostileStructures: readonly string[] = [
  'null',
  'true',
  'false',
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '[{}]',
  '{"":""}',
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '{"toJSON":1,"length":-1}',
  '{"then":1,"valueOf":null,"toString":null}',
  '{"a":1,"a":2}',
]

/** Big ones cost time: rare on purpose. */
const heavyStructures: readonly (() => string)[] = [
  () => `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  () => `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  () => `[${'0,'.repeat(50_000)}0]`,
  () => `[${'{},'.repeat(20_000)}{}]`,
  () => `"${long(500_000)}"`,
  () => `{${Array.from({ length: 5_000 }, (_, index) => `"k${index}":1`).join(',')}}`,
]

/** JSON text of any kind of value. */
export function hostileJson(dice: Dice): string {
  if (oneIn(dice, 60)) return pick(dice, heavyStructures)()
  switch (dice.between(1, 3)) {
    case 1:
      return JSON.stringify(pick(dice, hostileTexts))
    case 2:
      return pick(dice, hostileNumbers)
    default:
      return pick(dice, hostileStructures)
  }
}

/** For a path or a query, as it is sent: some of it is no legal percent-encoding. */
export function hostileUrlText(dice: Dice): string {
  if (oneIn(dice, 3)) return pick(dice, hostileUrlTexts)
  return encodeURIComponent(wellFormed(pick(dice, hostileTexts)))
}

/** encodeURIComponent throws at half a surrogate pair; a trip through bytes replaces it. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString()
}

const hostileUrlTexts: readonly string[] = [
  '%',
  '%2',
  '%zz',
  '%00',
  '%0d%0aX-Injected:%201',
  '%c0%af',
  '%ff%fe',
  '%ed%a0%80',
  '%25%32%46',
  '%2F',
  '%5C..%5C',
  '..',
  '.',
  ';a=b',
  '+',
  '{id}',
  '*',
  '|',
  '"',
  '<>',
  '\\',
  '[0]',
  '^`',
]
