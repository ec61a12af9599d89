import type { Need } from './needs.ts'
import type { Rule } from './rule.ts'
import { allRules } from './rules/all.ts'

const tableBegins = '<!-- rules: made by docs/generate-conformance.ts -->'
const tableEnds = '<!-- end of rules -->'

/** The page docs/conformance.md with the rules as they are now, between its marks. */
export function withRulesTable(page: string): string {
  const [before, rest = ''] = page.split(tableBegins)
  const [, after] = rest.split(tableEnds)
  if (before === undefined || after === undefined) throw new Error('The page has no marks for the table of rules.')
  return `${before}${tableBegins}\n\n${rulesTable(allRules)}\n\n${tableEnds}${after}`
}

export function rulesTable(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, level, title, why, needs }) => {
    const cells = [`\`${id}\``, level === 'any' ? 'any' : String(level), title, why, needs.map(needText).join(', ')]
    return `| ${cells.map(cell).join(' | ')} |`
  })
  return [
    '| rule | level | what holds | why it matters | tried when |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

const needTexts: Partial<Readonly<Record<Need, string>>> = {
  filters: 'anything beyond level 1 is declared',
  writes: 'anything can be written',
  updates: 'anything can be updated',
  creates: 'anything can be created',
  webhooks: 'webhooks, and `--listen` is given',
  invoicing: '`--invoice` is given',
  readerKey: '`--reader-key` is given',
}

const needText = (need: Need): string => needTexts[need] ?? `\`${need}\``

function cell(text: string): string {
  return text.replaceAll('|', '/').replaceAll('<', '&lt;')
}
