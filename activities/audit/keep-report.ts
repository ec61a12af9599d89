import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AuditReport, REPORTS_KEPT } from '../../flows/audit.ts'
import { dropOldest, stampOf } from '../upkeep/kept-files.ts'

/**
 * One file a report below the data folder, named by connection and time, so that names sort by age. Files, since a report must
 * outlive the server's retention; they are the worker's that ran the audit.
 */
export async function keepReport(dataDir: string, report: AuditReport): Promise<string> {
  const folder = join(dataDir, 'audits')
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${report.connection}-${stampOf(report.startedAt)}.json`)
  // Whole or not at all: a reader never meets half a report.
  await writeFile(`${path}.partial`, `${JSON.stringify(report, null, 2)}\n`)
  await rename(`${path}.partial`, path)
  await dropOldest(folder, { prefix: `${report.connection}-`, suffix: '.json', kept: REPORTS_KEPT })
  return path
}
