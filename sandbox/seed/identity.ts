import { base, en, Faker, nb_NO } from '@faker-js/faker'
import { companyFirstWords, companySecondWords, personMailHosts, places, streets } from './norway.ts'

/** One stream of invented identities. Same seed, same people: nothing here reads a clock or Math.random. */
export interface IdentitySource {
  readonly faker: Faker
  organizationNumber(): string
  organizationNumberWithWrongCheckDigit(): string
  companyName(): string
  personName(): { firstName: string; lastName: string }
  email(localPart: string, host: string): string
  personEmail(name: { firstName: string; lastName: string }): string
  phone(): string
  address(): { line1: string; line2: string | null; zip: string; city: string; country: string }
}

// Brønnøysundregistrene: ninth digit by MOD11 over these weights; remainder 10 means the number is never given out.
const checkDigitWeights = [3, 2, 7, 6, 5, 4, 3, 2] as const

/** Names are used up when this many draws in a row were taken already. */
const drawsBeforeWidening = 20

/** Where the draws of one kind of name begin. */
interface Pool {
  from: number
}

export function organizationNumberCheckDigit(firstEight: string): number | null {
  const sum = checkDigitWeights.reduce((total, weight, index) => total + weight * Number(firstEight[index]), 0)
  const digit = (11 - (sum % 11)) % 11
  return digit === 10 ? null : digit
}

export function asciiSlug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .replaceAll('å', 'a')
    .normalize('NFKD')
    .replace(/[^a-z0-9]/g, '')
}

export function createIdentitySource(seed: number): IdentitySource {
  const faker = new Faker({ locale: [nb_NO, en, base], seed })
  const taken = new Set<string>()

  /**
   * Draws until the value is new. The pools are many times larger than the demo, so this ends after a few draws; loads use
   * names up, so that draws of them must widen with the attempts.
   */
  function unique(draw: (attempt: number) => string, pool: Pool = { from: 1 }): string {
    for (let attempt = pool.from; ; attempt += 1) {
      const value = draw(attempt)
      const key = value.toLowerCase()
      if (taken.has(key)) continue
      taken.add(key)
      // A pool that had to be widened is as good as used up: the next draw does not try it again.
      pool.from = attempt - ((attempt - 1) % drawsBeforeWidening)
      return value
    }
  }

  const companyNames: Pool = { from: 1 }
  const personNames: Pool = { from: 1 }

  function organizationNumber(): string {
    return unique(() => {
      for (;;) {
        const firstEight = faker.helpers.arrayElement(['8', '9']) + faker.string.numeric(7)
        const digit = organizationNumberCheckDigit(firstEight)
        if (digit !== null) return `${firstEight}${digit}`
      }
    })
  }

  function email(localPart: string, host: string): string {
    return unique((attempt) => `${localPart}${attempt === 1 ? '' : attempt}@${host}`)
  }

  return {
    faker,
    organizationNumber,
    organizationNumberWithWrongCheckDigit() {
      const valid = organizationNumber()
      const wrong = (Number(valid[8]) + 1) % 10
      return unique(() => `${valid.slice(0, 8)}${wrong}`)
    },
    companyName() {
      const form = faker.helpers.weightedArrayElement([
        { weight: 8, value: 'AS' },
        { weight: 1, value: 'ASA' },
        { weight: 1, value: 'DA' },
      ])
      const words = unique((attempt) => {
        const pair = `${faker.helpers.arrayElement(companyFirstWords)} ${faker.helpers.arrayElement(companySecondWords)}`
        if (attempt <= drawsBeforeWidening) return pair
        const [, city] = faker.helpers.arrayElement(places)
        return attempt <= 2 * drawsBeforeWidening ? `${pair} ${city}` : `${pair} ${city} ${faker.string.numeric(4)}`
      }, companyNames)
      return `${words} ${form}`
    },
    personName() {
      const full = unique((attempt) => {
        const middle = attempt <= drawsBeforeWidening ? '' : ` ${faker.person.lastName()}`
        return `${faker.person.firstName()}${middle}|${faker.person.lastName()}`
      }, personNames)
      const [firstName = '', lastName = ''] = full.split('|')
      return { firstName, lastName }
    },
    email,
    personEmail(name) {
      const local = `${asciiSlug(name.firstName)}.${asciiSlug(name.lastName)}`
      return email(local, faker.helpers.arrayElement(personMailHosts))
    },
    phone() {
      // Norwegian numbers have eight digits; 90-99 and 45-48 are mobile series, the others fixed lines of large cities.
      const series = ['90', '91', '92', '93', '95', '97', '98', '45', '46', '47', '48', '22', '51', '55', '73']
      return unique(() => faker.helpers.arrayElement(series) + faker.string.numeric(6))
    },
    address() {
      const [zip, city] = faker.helpers.arrayElement(places)
      const line1 = `${faker.helpers.arrayElement(streets)} ${faker.number.int({ min: 1, max: 148 })}`
      const line2 = faker.helpers.maybe(() => `Postboks ${faker.number.int({ min: 10, max: 999 })}`, {
        probability: 0.12,
      })
      return { line1, line2: line2 ?? null, zip, city, country: 'NO' }
    },
  }
}
