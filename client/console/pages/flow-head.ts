import { html } from 'hono/html'
import type { Settings } from '../../../flows/settings.ts'
import type { FlowPhase, FlowStatus, PauseReason } from '../../../workflows/messages.ts'
import { temporalUrl } from '../../addresses.ts'
import type { FlowReport } from '../../status-report.ts'
import { restLines } from '../../text/status-text.ts'
import type { Html } from './html-types.ts'
import { timeMark } from './time.ts'

const phaseWords: Readonly<Record<FlowPhase, string>> = {
  initial: 'first load',
  live: 'live',
  paused: 'paused',
  blocked: 'blocked',
  stopped: 'stopped',
}

/** Name, phase, figures and buttons of one flow. */
export function flowHead(settings: Settings, report: FlowReport, { heading }: { readonly heading: 'h1' | 'h2' }): Html {
  const { status, flow } = report
  const title = report.title.replace('<->', '↔')
  const temporal = temporalUrl(settings, `${settings.connection}.${flow}`)
  const name = html`<a href="/flows/${flow}">${title}</a> ${phasePill(report)}`
  return html`<section id="head-${flow}" class="head" data-live>
<div class="headline">
${heading === 'h1' ? html`<h1>${name}</h1>` : html`<h2>${name}</h2>`}
<div class="orders">${status === null ? startButton(report) : orderButtons(status)}
${temporal === null ? '' : html`<a class="button plain" href="${temporal}">Temporal</a>`}</div>
</div>
${report.problem === null ? '' : html`<p class="banner bad">${report.problem}</p>`}
${report.failing === null ? '' : html`<p class="banner bad">${report.failing}</p>`}
${status === null ? '' : html`${standing(status)}${figures(status)}`}
</section>`
}

function phasePill({ status, existence }: FlowReport): Html {
  if (status !== null) return html`<span class="pill ${status.phase}">${phaseWords[status.phase]}</span>`
  const words = { running: 'no answer', notStarted: 'not started', closed: 'ended' }
  return html`<span class="pill blocked">${words[existence]}</span>`
}

function startButton({ flow, existence }: FlowReport): Html | '' {
  return existence === 'running' ? '' : orderButton(flow, 'start', 'Start')
}

function orderButtons({ flow, phase, pauseReasons }: FlowStatus): Html {
  const approves = pauseReasons.some((reason) => reason.kind === 'firstContact')
  const resumes = pauseReasons.some((reason) => reason.kind !== 'firstContact')
  return html`${approves ? orderButton(flow, 'approve', 'Approve the first write', 'primary') : ''}
${resumes ? orderButton(flow, 'resume', 'Resume', 'primary') : ''}
${phase === 'stopped' ? orderButton(flow, 'start', 'Start', 'primary') : ''}
${pauseReasons.length === 0 && phase !== 'stopped' ? orderButton(flow, 'pause', 'Pause') : ''}`
}

function orderButton(flow: string, order: string, label: string, look = ''): Html {
  return html`<form method="post" action="/flows/${flow}/order" data-quiet>
<button name="order" value="${order}" class="${look}">${label}</button></form>`
}

function standing(status: FlowStatus): Html {
  const { trouble, pauseReasons } = status
  return html`${trouble === null ? '' : html`<p class="banner bad">${trouble.message}</p>`}
${pauseReasons.map((reason) => html`<p class="banner">${pauseLine(reason)}</p>`)}
${restLines(status).map((line) => html`<p class="banner">${line}</p>`)}${limitsLine(status)}${preview(status)}`
}

/** Runs of an earlier release do not tell. */
function limitsLine({ limits }: FlowStatus): Html | '' {
  return (limits ?? null) === null ? '' : html`<p class="quiet">${limits}</p>`
}

function pauseLine({ kind, by, why, at }: PauseReason): Html {
  const who = { person: `by ${by}`, firstContact: 'before the first write', breaker: 'by its breaker' }[kind]
  return html`Paused ${who} ${timeMark(at)}${why === '' ? '' : `: ${why}`}`
}

function preview({ preview: shown, pauseReasons }: FlowStatus): Html | '' {
  if (shown === null || !pauseReasons.some((reason) => reason.kind === 'firstContact')) return ''
  const counts = [
    ['link', shown.link],
    ['create in PowerOffice', shown.createInErp],
    ['create in the webshop', shown.createInShop],
    ['overwrite in PowerOffice', shown.overwriteErp],
    ['overwrite in the webshop', shown.overwriteShop],
    ['ask about', shown.ambiguous],
    ['leave out', shown.outOfScope],
  ] as const
  return html`<div class="preview"><p>What a start would do with <strong>${shown.company}</strong>${shown.production ? ' (production)' : ''}:</p>
<dl class="figures">${counts.map(([words, count]) => html`<div><dt>${words}</dt><dd>${count}</dd></div>`)}</dl>
${Object.entries(shown.examples).map(([kind, labels]) =>
  labels.length === 0 ? '' : html`<p class="quiet">${kind}: ${labels.join(', ')}</p>`,
)}</div>`
}

function figures(status: FlowStatus): Html {
  const { links, lastChangeTo, inboxCount, lookAgain, inHand, load, flow, waitsFor, oldestCheck } = status
  const last = (at: number | null) => (at === null ? 'never' : timeMark(at))
  return html`<dl class="figures">
<div><dt>links</dt><dd>${links}</dd></div>
<div><dt>last change → webshop</dt><dd>${last(lastChangeTo.shop)}</dd></div>
<div><dt>last change → PowerOffice</dt><dd>${last(lastChangeTo.erp)}</dd></div>
<div class="${inboxCount.needsYou > 0 ? 'wants' : ''}"><dt>needs you</dt><dd><a href="/flows/${flow}#inbox">${inboxCount.needsYou}</a></dd></div>
<div><dt>waits by itself</dt><dd>${inboxCount.waitsByItself}</dd></div>
<div><dt>lag</dt><dd>${
    lookAgain.count === 0
      ? inHand === 0
        ? 'none'
        : html`${inHand} in hand`
      : html`${lookAgain.count}, ${lookAgain.oldestSince === null ? '' : timeMark(lookAgain.oldestSince)}`
  }</dd></div>
${(oldestCheck ?? null) === null ? '' : html`<div><dt>oldest check</dt><dd>${timeMark(Number(oldestCheck))}</dd></div>`}
${load === null || load.endedAt !== null || waitsFor !== null ? '' : html`<div class="wants"><dt>first load</dt><dd>${load.step}</dd></div>`}
</dl>`
}
