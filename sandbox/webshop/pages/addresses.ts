import type { Field } from '../../pages/field.ts'
import type { Address } from '../address.ts'

const parts = [
  ['line1', 'Address'],
  ['line2', 'Address, second line'],
  ['zip', 'Postal code'],
  ['city', 'City'],
  ['country', 'Country code'],
] as const

export function addressFields(name: string, group: string): Field[] {
  return parts.map(([part, label]) => ({ name: `${name}.${part}`, label, kind: 'text', group }))
}

export function addressValues(name: string, address: Address | null): Record<string, string> {
  return Object.fromEntries(parts.map(([part]) => [`${name}.${part}`, address?.[part] ?? '']))
}
