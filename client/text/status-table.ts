import type { FlowReport } from '../status-report.ts'
import { type Paint, plain } from './paint.ts'
import { plainText } from './plain-text.ts'
import { agoText, lagText, pauseSentence, phaseText, restLines } from './status-text.ts'
import { alignColumns } from './table.ts'

const headings = ['flow', 'phase', 'links', 'to webshop', 'to PowerOffice', 'needs you', 'waits', 'lag']

/** What `kobling status` prints: a line for each flow, then what is to be said of single ones, then where to look next. */
export function statusTable(reports: readonly FlowReport[], now: number, paint: Paint = plain): string[] {
  const table = [
    headings.map((heading) => paint('dim', heading)),
    ...reports.map((report) => statusRow(report, now, paint)),
  ]
  const remarks = reports.flatMap((report) => remarksOn(report, now).map((remark) => [report.flow, remark]))
  return [
    ...alignColumns(table),
    ...(remarks.length === 0 ? [] : ['', ...alignColumns(remarks)]),
    ...nextSteps(reports),
  ]
}

function statusRow({ flow, status, existence, linked, needsPerson, waits }: FlowReport, now: number, paint: Paint) {
  const name = paint('bold', flow)
  if (status === null) return [name, phaseText({ status, existence }, paint), '-', '-', '-', '-', '-', '-']
  const people = needsPerson === 0 ? '0' : paint('yellow', String(needsPerson))
  return [
    name,
    phaseText({ status, existence }, paint),
    String(linked),
    agoText(status.lastChangeTo.shop, now),
    agoText(status.lastChangeTo.erp, now),
    people,
    String(waits),
    lagText(status, now),
  ]
}

/** Why a flow does not do its work, where it does not. */
function remarksOn(report: FlowReport, now: number): string[] {
  const { status, problem, failing } = report
  return [
    ...(problem === null ? [] : [problem]),
    ...(failing === null ? [] : [failing]),
    ...(status?.trouble == null ? [] : [plainText(status.trouble.message)]),
    ...(status?.pauseReasons ?? []).map((reason) => `paused ${pauseSentence(reason, report, now)}`),
    ...(status === null ? [] : restLines(status)),
    ...(status?.limits == null ? [] : [plainText(status.limits)]),
    ...(status !== null && status.load !== null && status.load.endedAt === null && status.waitsFor === null
      ? [`first load: ${status.load.step}`]
      : []),
  ]
}

function nextSteps(reports: readonly FlowReport[]): string[] {
  const people = reports.reduce((sum, { needsPerson }) => sum + needsPerson, 0)
  const preview = reports.find(({ status }) => status?.pauseReasons.some(({ kind }) => kind === 'firstContact'))
  return [
    ...(people === 0 ? [] : ['', `${people} ${people === 1 ? 'needs' : 'need'} you: \`kobling inbox\``]),
    ...(preview === undefined ? [] : ['', `What would be written: \`kobling status ${preview.flow}\``]),
  ]
}
