import type { AuditReport, DriftCount, DriftKind, FlowAudit } from '../../flows/audit.ts'

/** How a person would call what was found; one and many. */
const words: Readonly<Record<DriftKind, readonly [string, string]>> = {
  lost: [
    'record is on one side only, and nobody knows of it',
    'records are on one side only, and nobody knows of them',
  ],
  missingRow: ['pair belongs together and is not remembered', 'pairs belong together and are not remembered'],
  duplicate: [
    'case of records that share what should be one record’s',
    'cases of records that share what should be one record’s',
  ],
  diverged: ['linked pair shows different values', 'linked pairs show different values'],
  vanished: ['linked record is gone', 'linked records are gone'],
  unnoticed: ['record was changed and nobody has looked', 'records were changed and nobody has looked'],
  unfinished: ['create was begun and never ended', 'creates were begun and never ended'],
  unknownVersion: ['link is of another version of the flow', 'links are of another version of the flow'],
}

/** A report in lines: a line a flow, then what differs with examples. */
export function auditLines({ flows }: AuditReport): string[] {
  return flows.flatMap((flow) => (flow.skipped === null ? comparedLines(flow) : [`${flow.flow}: ${flow.skipped}`]))
}

function comparedLines(flow: FlowAudit): string[] {
  const { compared, found, remaining } = flow
  const sums = `${compared.erp} in PowerOffice, ${compared.shop} in the webshop, ${compared.rows} rows compared`
  const asides = [
    ...(flow.listed > 0 ? [`${flow.listed} known differences (see \`kobling inbox ${flow.flow}\`)`] : []),
    ...(flow.inFlight > 0 ? [`${flow.inFlight} on their way`] : []),
  ]
  const verdict = found.length === 0 ? 'nothing differs' : `${sumOf(found)} differ`
  const lines = [`${flow.flow}: ${[sums, verdict, ...asides].join('; ')}`]
  for (const count of found) lines.push(...kindLines(count))
  if (flow.fed > 0) {
    const left = remaining.length === 0 ? 'all are settled or listed now' : `${sumOf(remaining)} remain`
    lines.push(`  ${flow.fed} records were looked at again: ${left}`)
  }
  if (flow.withheld > 0)
    lines.push(
      `  ${flow.withheld} vanished records were left alone, since so many at once look like an outage: see to the system first`,
    )
  return lines
}

function kindLines({ kind, count, examples }: DriftCount): string[] {
  const shown = examples.map(({ keys, fields }) => [keys.join(' '), ...fields].join(' '))
  const more = count > examples.length ? `, and ${count - examples.length} more` : ''
  return [`  ${kind}: ${count} ${words[kind][count === 1 ? 0 : 1]}`, `    ${shown.join(', ')}${more}`]
}

function sumOf(counts: readonly DriftCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0)
}
