import type { Trouble } from '../flows/port.ts'

/**
 * A system as a whole cannot be used now. Thrown by connectors and the memory client, turned once, at the edge of each
 * activity, into the `trouble` answer. A record's own refusal is never one of these.
 */
export class VendorTrouble extends Error {
  readonly trouble: Trouble
  constructor(trouble: Trouble, options?: { cause?: unknown }) {
    super(trouble.message, options)
    this.name = 'VendorTrouble'
    this.trouble = trouble
  }
}
