import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { ParsedRecord } from '../connector.ts'

/**
 * Which fields of a record show what it was created with: one character a field, `1` where its times tell so. undefined:
 * somebody has changed it since, or it does not tell when it was created.
 */
export function fieldsAsCreated(definition: FlowDefinition, record: ParsedRecord): string | undefined {
  if (record.kind !== 'record') return undefined
  const { createdAt = null } = record
  // To the last digit: people and scripts edit within the same second, and one edit taken for a spelling would be lost.
  const isOfCreation = (time: string | null | undefined): boolean => createdAt !== null && time === createdAt
  if (!isOfCreation(record.changedAt)) return undefined
  return definition.fields
    .map(({ name }) => !record.movesNoTime?.includes(name) || isOfCreation(record.groupChangedAt[name]))
    .map((isTold) => (isTold ? '1' : '0'))
    .join('')
}
