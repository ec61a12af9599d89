import type { Switches } from '../../sandbox/poweroffice/settings.ts'
import { replace, type Shop } from '../sandbox-poweroffice-orders-fixtures.ts'
import { rawRequest } from '../sandbox-poweroffice-support.ts'

/** Asserts what one position of a switch does. Positions that are a word are set already; numbers and lists are the check's own. */
export type PositionCheck = (shop: Shop) => Promise<void> | void

/** Numbers and lists have no positions of their own: those that are worth telling apart are named here. */
type Named<Value> = [Value] extends [boolean] ? 'true' | 'false' : [Value] extends [string] ? Value : string

/** Every position of these switches. A word that is missing does not compile. */
export type PositionChecks<Keys extends keyof Switches> = {
  readonly [Key in Keys]: Readonly<Record<Named<Switches[Key]>, PositionCheck>>
}

export type AllPositionChecks = PositionChecks<keyof Switches>

let made = 0

/** A name that no record of this run has. */
export function fresh(word: string): string {
  made += 1
  return `${word} ${made}`
}

export interface Answer {
  readonly status: number
  readonly json: Readonly<Record<string, unknown>>
}

/** Whatever the description says of the answer: switches change it. */
export async function ask(shop: Shop, method: string, path: string, body?: unknown): Promise<Answer> {
  const { status, json } = await rawRequest(shop.api, method, path, body)
  return { status, json: (json ?? {}) as Answer['json'] }
}

export async function get(shop: Shop, path: string): Promise<Answer> {
  const { status, json } = await shop.api.get(path)
  return { status, json: (json ?? {}) as Answer['json'] }
}

export function newCustomer(shop: Shop, properties: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
  const name = fresh('Kunde')
  return ask(shop, 'POST', '/Customers', { Name: name, EmailAddress: 'post@kunde.example', ...properties })
}

/** Of a customer made for it. */
export async function patchedCustomer(
  shop: Shop,
  operations: readonly object[],
  properties: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const { json } = await newCustomer(shop, properties)
  return ask(shop, 'PATCH', `/Customers/${json['Id']}`, operations)
}

export { replace }
