import type { Faker } from '@faker-js/faker'
import type { SeedAddress, SeedCustomer } from './types.ts'

/**
 * The same customer as the other system's clerk typed it. Only spelling changes here, never what a match relies on:
 * the e-mail stays the same letters, the organisation number the same digits, the name the same words.
 */
export function respell(faker: Faker, customer: SeedCustomer): SeedCustomer {
  const often = (probability: number) => faker.datatype.boolean(probability)
  return {
    ...customer,
    name: customer.name && respellCompanyName(faker, customer.name),
    firstName: customer.firstName && often(0.06) ? ` ${customer.firstName}` : customer.firstName,
    lastName: customer.lastName && often(0.06) ? `${customer.lastName}  ` : customer.lastName,
    email: customer.email && respellEmail(faker, customer.email),
    phone: customer.phone && (often(0.15) ? null : respellPhone(faker, customer.phone)),
    organizationNumber: customer.organizationNumber && respellOrganizationNumber(faker, customer.organizationNumber),
    website: customer.website && (often(0.2) ? null : customer.website),
    address: customer.address && respellAddress(faker, customer.address),
  }
}

function respellCompanyName(faker: Faker, name: string): string {
  return faker.helpers.weightedArrayElement([
    { weight: 7, value: name },
    { weight: 2, value: name.replace(/ AS$/, ' as') },
    { weight: 1, value: ` ${name}` },
    { weight: 1, value: `${name} ` },
    { weight: 1, value: name.toUpperCase() },
  ])
}

export function respellEmail(faker: Faker, email: string): string {
  const [local = '', host = ''] = email.split('@')
  return faker.helpers.weightedArrayElement([
    { weight: 5, value: email },
    { weight: 2, value: `${local.charAt(0).toUpperCase()}${local.slice(1)}@${host}` },
    { weight: 1, value: `${local.toUpperCase()}@${host}` },
    { weight: 1, value: `${local}@${host.charAt(0).toUpperCase()}${host.slice(1)}` },
  ])
}

export function respellPhone(faker: Faker, digits: string): string {
  const pairs = digits.replace(/(\d\d)(?=\d)/g, '$1 ')
  return faker.helpers.arrayElement([
    digits,
    `+47 ${pairs}`,
    `+47${digits}`,
    `0047 ${digits}`,
    pairs,
    `${digits.slice(0, 3)} ${digits.slice(3, 5)} ${digits.slice(5)}`,
  ])
}

export function respellOrganizationNumber(faker: Faker, digits: string): string {
  const triples = `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`
  return faker.helpers.weightedArrayElement([
    { weight: 4, value: digits },
    { weight: 3, value: triples },
    { weight: 2, value: `NO ${triples} MVA` },
    { weight: 1, value: `${digits}MVA` },
    { weight: 1, value: triples.replaceAll(' ', '.') },
  ])
}

function respellAddress(faker: Faker, address: SeedAddress): SeedAddress {
  return {
    line1: faker.helpers.weightedArrayElement([
      { weight: 5, value: address.line1 },
      { weight: 1, value: address.line1.replace('gata', 'gaten').replace('veien', 'vegen') },
      { weight: 1, value: address.line1.toUpperCase() },
      { weight: 1, value: ` ${address.line1}` },
    ]),
    line2: address.line2,
    zip: address.zip,
    city: faker.helpers.weightedArrayElement([
      { weight: 4, value: address.city },
      { weight: 2, value: address.city.toUpperCase() },
    ]),
    country: faker.helpers.weightedArrayElement([
      { weight: 4, value: address.country },
      { weight: 1, value: address.country.toLowerCase() },
    ]),
  }
}

/** The same words in another writing. */
export function respellName(faker: Faker, name: string): string {
  return faker.helpers.weightedArrayElement([
    { weight: 16, value: name },
    { weight: 1, value: `${name} ` },
    { weight: 1, value: name.toLowerCase() },
    { weight: 1, value: name.replace(' ', ', ') },
    // Some keyboards and file systems spell å as a and a ring.
    { weight: 1, value: name.normalize('NFD') },
  ])
}

/** What shops write for the ERP's unit codes. */
export const unitSpellings: Readonly<Record<string, readonly string[]>> = {
  EA: ['stk', 'stk.', 'pcs'],
  KGM: ['kg'],
  MTR: ['m', 'meter'],
  HUR: ['timer'],
  XPK: ['pk', 'pakke'],
  PR: ['par'],
  SET: ['sett'],
}
