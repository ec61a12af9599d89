import type { Decision } from '../../flows/decision.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import { type FlowState, linksOf, phaseOf } from './flow-state.ts'
import { countByPile } from './inbox.ts'

/** The timeline's words for one chunk: what, how many, which records. */
export function summaryOf(decisions: readonly Decision[]): string {
  const counts = new Map<string, number>()
  for (const decision of decisions) counts.set(verbOf(decision), (counts.get(verbOf(decision)) ?? 0) + 1)
  const what = [...counts].map(([verb, count]) => `${verb} ${count}`).join(', ')
  const which = decisions.slice(0, 4).map(idOfDecision).join(', ')
  return `${what}: ${which}${decisions.length > 4 ? ' …' : ''}`
}

function verbOf(decision: Decision): string {
  switch (decision.kind) {
    case 'create':
      return decision.on === 'erp' ? 'create in PowerOffice' : 'create in the webshop'
    case 'reconcile':
      if (decision.how === 'remember') return 'remember'
      if (decision.how !== 'update') return 'link'
      if (decision.writeErp.length > 0 && decision.writeShop.length > 0) return 'update both sides of'
      return decision.writeErp.length > 0 ? 'update in PowerOffice' : 'update in the webshop'
    case 'reconcileItems':
      return decision.how === 'remember' ? 'remember the lines of' : `${decision.how} the lines of`
    case 'park':
      return `list (${decision.reason})`
    case 'retire':
      return 'retire'
    case 'forget':
      return decision.apart ? 'unlink' : 'forget'
  }
}

function idOfDecision(decision: Decision): string {
  switch (decision.kind) {
    case 'create':
      return decision.from.id
    case 'reconcile':
    case 'reconcileItems':
      return `${decision.erp.id} = ${decision.shop.id}`
    case 'park':
      return decision.id
    case 'retire':
    case 'forget':
      return [decision.erpId, decision.shopId].filter((id) => id !== null).join(' = ')
  }
}

/** The flow's current details in the Temporal UI: counts and the inbox, as Markdown, below the codec's threshold. */
export function describeFlow(definition: FlowDefinition, state: FlowState): string {
  const { needsYou, waitsByItself } = countByPile(state.inbox)
  const { outcomes } = state.counters
  const lines = [
    `**${definition.title}** is **${phaseOf(state)}**.`,
    '',
    `${linksOf(state)} linked · ${outcomes.created ?? 0} created · ${outcomes.updated ?? 0} updates · ${needsYou} need you · ${waitsByItself} wait by themselves`,
  ]
  for (const reason of state.pauseReasons) lines.push('', `Paused by ${reason.by}: ${reason.why}`)
  if (state.trouble) lines.push('', `Blocked: ${state.trouble.message}`)
  if (state.load.position !== null)
    lines.push(
      '',
      `First load: ${state.load.position.step}, ${state.load.totals.erp} in PowerOffice, ${state.load.totals.shop} in the webshop`,
    )
  if (state.inbox.length > 0) {
    lines.push('', '| record | reason | detail |', '|---|---|---|')
    for (const entry of state.inbox.slice(-10))
      lines.push(`| ${cell(entry.label || entry.id)} | ${entry.reason} | ${cell(entry.detail).slice(0, 160)} |`)
  }
  return lines.join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '/').replaceAll('\n', ' ')
}
