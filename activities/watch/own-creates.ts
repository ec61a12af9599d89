import type { FlowAddress } from '../../flows/port.ts'
import type { ParsedRecord } from '../connector.ts'

/** Some 2 MB of ids and versions: more than a webshop's feed brings between two polls. */
const MOST_KEPT = 20_000

/**
 * What this process created in a system with versions, and the version it was answered with. A record that still stands
 * at it is known to the last letter, so the watch need not read it, ask the flow for it or look it up. What another
 * process created, or somebody edited since, is judged as any other record.
 */
export interface OwnCreates {
  note(address: FlowAddress, record: ParsedRecord): void
  isAsCreated(address: FlowAddress, id: string, version: string): boolean
}

export function createOwnCreates(): OwnCreates {
  const versions = new Map<string, string>()
  return {
    note: (address, record) => {
      if (record.kind !== 'record' || record.version === null) return
      versions.set(nameOf(address, record.id), record.version)
      if (versions.size <= MOST_KEPT) return
      for (const oldest of versions.keys()) {
        versions.delete(oldest)
        break
      }
    },
    isAsCreated: (address, id, version) => versions.get(nameOf(address, id)) === version,
  }
}

function nameOf({ connection, flow }: FlowAddress, id: string): string {
  return `${connection} ${flow} ${id}`
}
