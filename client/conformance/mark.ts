import { randomBytes } from 'node:crypto'

/** In every name, sku, e-mail address and reference that the kit writes: its corner of the data can be searched for. */
export const markWord = 'kobling-conformance'

/** Another one a run, so that two runs never meet. Short: with a number behind it, it must fit an erpId of 60 characters. */
export function drawMark(): string {
  return `${markWord}-${randomBytes(3).toString('hex')}`
}
