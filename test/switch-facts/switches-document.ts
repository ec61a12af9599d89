import { createSettings, type SwitchChanges, type Switches } from '../../sandbox/poweroffice/settings.ts'
import { switchPresets } from '../../sandbox/poweroffice/switch-presets.ts'
import { eachAlone, seenInGroups } from '../support/switch-cases.ts'
import { switchGroups } from './all-switches.ts'
import { notSeenYet } from './not-seen-yet.ts'
import type { Position, SwitchEvent, SwitchFacts, SwitchGroup, Sync } from './switch-facts.ts'

/** docs/switches.md, whole. */
export function switchesDocument(): string {
  return [opening, ...switchGroups.map(groupText), presetText()].join('\n\n').concat('\n')
}

const opening = `# What is not known of PowerOffice, and what the sync does about it

<!-- Made from test/switch-facts/ by \`node --import tsx docs/generate-switches.ts\`. Edit the facts, not this page. -->

Where PowerOffice's behaviour is not known for certain, its sandbox has a switch (\`sandbox/poweroffice/settings.ts\`). Each of them is flipped while all five flows run:
records are made and edited on both sides, and the outcome is held to what this page says (\`test/server/switches.test.ts\`). *Converges* means that both
systems became equal, compared record by record without a line of the engine, that nothing stands twice, and that nothing is listed. *Lists* means that what is named
stays as it was on both sides and is in the inbox with that reason, and that all else converges; *waits* means that the flow stops with that sentence and writes nothing. In either case everything
converges once the switch is back at its default. What each position does in the sandbox by itself is tested as well (\`test/sandbox-poweroffice-positions.test.ts\`).

${seenText()} \`npm test\` goes through ${countOf(seenInGroups())} of them in ${seenInGroups().length} rounds of one world, and worstCase: positions that leave
each other's settings alone, lead to the same kind of outcome, and do not hide what the other does (\`test/switch-facts/hidden-switches.ts\`). By hand,
\`KOBLING_SWITCHES=each npx vitest run --project server test/server/switches.test.ts\` has a round for each, which takes a quarter of an hour.

Evidence, of the default: **SPEC** the vendor's description, **DOC** its developer portal, **LIVE** seen by an integrator, **INF** inferred, **OPEN** chosen by us.`

function seenText(): string {
  const all = eachAlone().length
  if (notSeenYet.length === 0)
    return `Each of the ${all} positions was seen to do what is said of it, in a round of its own or in one with others.`
  return `A position that is marked **not yet seen** has not been seen to do what is said of it, alone or with others: read it as what is meant.
${all - notSeenYet.length} of ${all} were seen, each in a round of its own or in one with others.`
}

function countOf(rounds: ReturnType<typeof seenInGroups>): number {
  return rounds.reduce((sum, { positions }) => sum + positions.length, 0)
}

function groupText({ title, switches }: SwitchGroup): string {
  const rows = Object.entries(switches).flatMap(([name, facts]) => rowsOf(name as keyof Switches, facts))
  const head = [
    '| switch | default | stands for | evidence | position | the sync |',
    '| --- | --- | --- | --- | --- | --- |',
  ]
  return [`## ${title}`, '', ...head, ...rows].join('\n')
}

function rowsOf(name: keyof Switches, { standsFor, evidence, positions }: SwitchFacts): string[] {
  const standard = JSON.stringify(createSettings().current()[name]).replaceAll('"', '')
  return Object.entries(positions).map(([word, position], index) => {
    const first = index === 0 ? [`**${name}**`, code(standard), standsFor, evidence] : ['', '', '', '']
    return `| ${[...first, code(word) + beside(name, position), outcome(position.sync) + (notSeenYet.includes(`${name} ${word}`) ? ' — **not yet seen**' : '')].join(' | ')} |`
  })
}

/** What else is set or happens for the position to matter. */
function beside(name: string, { set = {}, event }: Position): string {
  const others = Object.entries(set).filter(([other]) => other !== name)
  const words = [
    ...others.map(([other, value]) => `${other} ${code(JSON.stringify(value).replaceAll('"', ''))}`),
    ...(event === undefined ? [] : [events[event]]),
  ]
  return words.length === 0 ? '' : `, with ${words.join(', ')}`
}

const events: Readonly<Record<SwitchEvent, string>> = {
  invoice: 'an order that is invoiced',
  lostReply: 'answers to creates that are lost',
  refusal: 'a customer that PowerOffice refuses',
  clearing: 'values that are cleared',
  shortGtin: 'a barcode of eight digits',
}

function outcome(sync: Sync): string {
  switch (sync.kind) {
    case 'converges':
      return `converges: ${sync.how}`
    case 'lists':
      return `lists ${sync.listed.map(({ what, reason, says }) => `${what} (*${reason}*, “${says}”)`).join('; ')}: ${sync.how}`
    case 'waits':
      return `${sync.flows.join(' and ')} wait (“${sync.says}”): ${sync.how}`
  }
}

function presetText(): string {
  const list = Object.entries(switchPresets).map(([name, switches]) => `- \`${name}\`: ${settingsText(switches)}.`)
  return ['## Together', '', presetOpening, '', ...list].join('\n')
}

const presetOpening =
  '`{"preset": "worstCase"}`, in `POWEROFFICE_SANDBOX_SWITCHES` or as a PATCH of `/sandbox/settings`, sets what may occur together. Under it, with answers to creates lost, values cleared and an order invoiced, the same round converges, and another does at the defaults afterwards.'

function settingsText(switches: SwitchChanges): string {
  return Object.entries(switches)
    .map(([name, value]) => `${name} ${code(String(value))}`)
    .join(', ')
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``
}
