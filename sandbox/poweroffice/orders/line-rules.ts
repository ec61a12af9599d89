import { refusalOf } from '../entity-kind.ts'
import type { LineDto } from './line-dto.ts'
import { lineNoun } from './refusals.ts'

/** Of one line alone; that references differ within an order is asked in import-reference.ts. */
export function assertLineAllowed(line: LineDto): void {
  const { Allowance: allowance } = line
  if (allowance !== null && (allowance < -1000 || allowance > 100)) {
    throw refusalOf(lineNoun, 'Allowance must be from -1000 to 100.')
  }
  if (line.ProductId !== null && line.Quantity === null) {
    throw refusalOf(lineNoun, 'Quantity is required when a product is set.')
  }
  if (line.SortOrder < 0) throw refusalOf(lineNoun, 'SortOrder starts at 0.')
}
