import type { Paint } from '../text/paint.ts'
import { plainText } from '../text/plain-text.ts'
import type { Finding, Outcome, RuleResult } from './outcome.ts'
import type { Report } from './run.ts'

const words: Readonly<Record<Outcome['kind'], { readonly word: string; readonly style: Parameters<Paint>[0] }>> = {
  held: { word: 'holds', style: 'green' },
  broken: { word: 'BROKEN', style: 'red' },
  blocked: { word: 'BLOCKED', style: 'red' },
  notOffered: { word: 'not offered', style: 'dim' },
  notChecked: { word: 'not checked', style: 'yellow' },
}
const wordWidth = 12
const idWidth = 32

/** One rule as it is told when it has been tried. */
export function resultLines({ id, level, title, why, hint, outcome }: RuleResult, paint: Paint): string[] {
  const { word, style } = words[outcome.kind]
  const place = level === 'any' ? ' ' : String(level)
  const first = `${paint(style, word.padEnd(wordWidth))}${place}  ${id.padEnd(idWidth)}${title}`
  const indented = (label: string, text: string) => {
    const [line = '', ...rest] = plainLines(text)
    return [
      `${' '.repeat(wordWidth)}${label.padEnd(11)}${line}`,
      ...rest.map((each) => `${' '.repeat(wordWidth + 11)}${each}`),
    ]
  }
  switch (outcome.kind) {
    case 'held':
      return [first]
    case 'notOffered':
    case 'notChecked':
      return [first, ...indented('because', outcome.reason)]
    case 'broken':
    case 'blocked':
      return [
        first,
        ...findingParts(outcome).flatMap(([label, text]) => indented(label, text)),
        ...indented('why', why),
        ...indented('hint', hint),
      ]
  }
}

function findingParts({ expected, sent, cameBack }: Finding): (readonly [string, string])[] {
  return [
    ...(sent === null ? [] : [['sent', sent] as const]),
    ...(cameBack === null ? [] : [['came back', cameBack] as const]),
    ['expected', expected],
  ]
}

/** A shop's words must not steer the terminal. */
function plainLines(text: string): string[] {
  return text.split('\n').map(plainText)
}

/** What stands below the rules. */
export function closingLines(report: Report, paint: Paint): string[] {
  const { results, verdict, left, mark, requests } = report
  const count = (kind: Outcome['kind']) => results.filter(({ outcome }) => outcome.kind === kind).length
  const counts = (Object.keys(words) as Outcome['kind'][])
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${words[kind].word}`)
  const lines = ['', `${counts.join(', ')}; ${requests} requests`]
  for (const { collection, id, state, reason } of left)
    lines.push(`left in the shop: ${collection} ${id}, ${state} (${plainText(reason)})`)
  if (left.length > 0) lines.push(`what is left carries the mark ${mark}`)
  for (const note of new Set(results.flatMap(({ notes }) => notes))) {
    const rules = results.filter(({ notes }) => notes.includes(note)).map(({ id }) => id)
    lines.push(`${plainText(note)} (${rules.join(', ')})`)
  }
  lines.push(paint('bold', `Level ${verdict.reached} reached; the shop declares level ${verdict.declared}.`))
  if (verdict.next) {
    lines.push(`For level ${verdict.next.level}:`)
    for (const { what, hint } of verdict.next.missing) lines.push(`  ${plainText(what)}: ${plainText(hint)}`)
  }
  return lines
}
