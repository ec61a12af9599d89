import type { FlowPhase, FlowStatus, PauseReason } from '../../workflows/messages.ts'
import type { FlowReport } from '../status-report.ts'
import { type Paint, plain } from './paint.ts'
import { plainText } from './plain-text.ts'
import { duration, timeAgo } from './relative-time.ts'
import { alignColumns } from './table.ts'

const phaseWords: Readonly<Record<FlowPhase, string>> = {
  initial: 'first load',
  live: 'live',
  paused: 'paused',
  blocked: 'blocked',
  stopped: 'stopped',
}

const phaseStyles = { initial: 'yellow', live: 'green', paused: 'yellow', blocked: 'red', stopped: 'dim' } as const

/** What `kobling status <flow>` prints. */
export function statusText(report: FlowReport, now: number, paint: Paint = plain): string[] {
  const { status } = report
  const phase = phaseText(report, paint)
  const heading = `${paint('bold', report.flow)}  ${report.title}  ${phase}`
  if (status === null) return [heading, `  ${report.problem ?? ''}`]
  const failing = report.failing === null ? [] : [['trouble', report.failing]]
  return [
    heading,
    ...alignColumns([...failing, ...standing(status, now), ...figures(status, now)]).map((line) => `  ${line}`),
  ]
}

const existenceWords: Readonly<Record<FlowReport['existence'], string>> = {
  running: 'no answer',
  notStarted: 'not started',
  closed: 'ended',
} as const

/** The phase in a word, or why there is none. */
export function phaseText({ status, existence }: Pick<FlowReport, 'status' | 'existence'>, paint: Paint): string {
  if (status === null) return paint('red', existenceWords[existence])
  return paint(phaseStyles[status.phase], phaseWords[status.phase])
}

/** Why the flow does not do its work, where it does not. */
function standing(status: FlowStatus, now: number): string[][] {
  const trouble = status.trouble === null ? [] : [['trouble', plainText(status.trouble.message)]]
  const pauses = status.pauseReasons.map((reason) => ['paused', pauseSentence(reason, status, now)])
  return [...trouble, ...pauses, ...restLines(status).map((line) => ['waits', line]), ...previewLines(status)]
}

/** Why a flow that nobody stopped has not begun, or rests for good. */
export function restLines({ waitsFor, idle }: Pick<FlowStatus, 'waitsFor' | 'idle'>): string[] {
  return [waitsFor, idle].filter((line) => line !== null).map(plainText)
}

export function pauseSentence(reason: PauseReason, { flow }: Pick<FlowStatus, 'flow'>, now: number): string {
  const why = plainText(reason.why)
  const when = timeAgo(reason.at, now)
  switch (reason.kind) {
    case 'person':
      return `by ${plainText(reason.by)} ${when}${why === '' ? '' : `: ${why}`} (\`kobling resume ${flow}\`)`
    case 'firstContact':
      return `before the first write ${when}${why === '' ? '' : `: ${why}`} (\`kobling approve ${flow}\` lets it write)`
    case 'breaker':
      return `by its breaker ${when}${why === '' ? '' : `: ${why}`} (\`kobling resume ${flow}\` when that is right)`
  }
}

function previewLines({ preview, pauseReasons }: FlowStatus): string[][] {
  if (preview === null || !pauseReasons.some((reason) => reason.kind === 'firstContact')) return []
  const { link, createInErp, createInShop, overwriteErp, overwriteShop, ambiguous, outOfScope } = preview
  return [
    ['company', `${plainText(preview.company)}${preview.production ? ' (production)' : ''}`],
    ['would', `link ${link}, create ${createInErp} in PowerOffice and ${createInShop} in the webshop`],
    ['', `overwrite ${overwriteErp} in PowerOffice and ${overwriteShop} in the webshop`],
    ['', `ask about ${ambiguous}, leave out ${outOfScope}`],
  ]
}

function figures(status: FlowStatus, now: number): string[][] {
  return [
    ...limitsLine(status),
    ...loadLine(status, now),
    ['links', `${status.links}${shardsText(status)}`],
    [
      'last change',
      `to PowerOffice ${agoText(status.lastChangeTo.erp, now)}, to the webshop ${agoText(status.lastChangeTo.shop, now)}`,
    ],
    ['needs you', needsYouText(status)],
    ['waits by itself', String(status.inboxCount.waitsByItself)],
    ['lag', lagText(status, now)],
    ...oldestCheckLine(status, now),
  ]
}

/** Runs of an earlier release do not tell. */
function limitsLine({ limits }: FlowStatus): string[][] {
  return (limits ?? null) === null ? [] : [['not offered', plainText(String(limits))]]
}

/** Flows of lists only; runs of an earlier release do not tell. */
function oldestCheckLine({ oldestCheck }: FlowStatus, now: number): string[][] {
  if ((oldestCheck ?? null) === null) return []
  return [['oldest check', `every open list was read in full in the last ${duration(now - Number(oldestCheck))}`]]
}

function shardsText({ shards }: FlowStatus): string {
  return shards > 2 ? ` in ${shards} leaves` : ''
}

function loadLine({ load }: FlowStatus, now: number): string[][] {
  if (load === null || load.endedAt !== null) return []
  return [
    [
      'first load',
      `${load.step}, ${load.erpTotal} in PowerOffice and ${load.shopTotal} in the webshop, since ${duration(now - load.startedAt)}`,
    ],
  ]
}

export function agoText(at: number | null, now: number): string {
  return at === null ? 'never' : timeAgo(at, now)
}

function needsYouText({ inboxCount, inboxByReason, flow }: FlowStatus): string {
  if (inboxCount.needsYou === 0) return '0'
  const reasons = Object.entries(inboxByReason)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${reason} ${count}`)
  return `${inboxCount.needsYou} (\`kobling inbox ${flow}\`${reasons.length === 0 ? '' : `; ${reasons.join(', ')}`})`
}

export function lagText({ lookAgain, inHand }: FlowStatus, now: number): string {
  const waiting =
    lookAgain.count === 0
      ? 'none'
      : `${lookAgain.count} to look at${lookAgain.oldestSince === null ? '' : `, the oldest for ${duration(now - lookAgain.oldestSince)}`}`
  return inHand === 0 ? waiting : `${waiting}, ${inHand} in hand`
}
