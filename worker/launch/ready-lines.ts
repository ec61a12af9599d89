import { z } from 'zod'
import type { Settings } from '../../flows/settings.ts'

/** The part of `kobling status --json` that the ready message tells; anything else in it is ignored. */
const statusShape = z.object({
  flows: z.array(
    z.object({
      flow: z.string(),
      linked: z.number().default(0),
      created: z.number().default(0),
      needsPerson: z.number().default(0),
    }),
  ),
})

type StatusShape = z.infer<typeof statusShape>

/** What `npm start` prints last: a line that begins with `ready`, then where to look, what was done, and what to try. */
export function readyLines(settings: Settings, status: unknown): string[] {
  const root = (url: string) => url.replace(/\/v2$/, '')
  return [
    'ready: everything runs; Ctrl-C stops it, and starting again goes on where it was',
    `  console      http://127.0.0.1:${settings.consolePort}`,
    `  PowerOffice  ${root(settings.powerOffice.baseUrl)}   webshop  ${settings.webshop.baseUrl}`,
    `  Temporal     ${settings.temporal.uiUrl ?? settings.temporal.address}   health and metrics  http://127.0.0.1:${settings.receiverPort}/healthz`,
    ...countsLines(status).map((line) => `  ${line}`),
    `  ${nextThing(settings)}`,
  ]
}

/** Over all flows, then each flow in short. */
function countsLines(status: unknown): string[] {
  const parsed = statusShape.safeParse(status)
  if (!parsed.success) return ['linked, created, waiting for a person: `npx kobling status`']
  const { flows } = parsed.data
  const sum = (key: 'linked' | 'created' | 'needsPerson') => flows.reduce((total, flow) => total + flow[key], 0)
  const people = sum('needsPerson')
  return [
    `so far ${sum('linked')} linked, ${sum('created')} created, ${people} ${people === 1 ? 'needs' : 'need'} a person; \`npx kobling status\` tells more`,
    `(${flows.map(flowCounts).join(' | ')})`,
  ]
}

function flowCounts({ flow, linked, created, needsPerson }: StatusShape['flows'][number]): string {
  const more = [
    ...(created === 0 ? [] : [`${created} created`]),
    ...(needsPerson === 0 ? [] : [`${needsPerson} for a person`]),
  ]
  return [`${flow} ${linked}`, ...more].join(', ')
}

function nextThing(settings: Settings): string {
  return settings.powerOffice.sandbox && settings.webshop.sandbox
    ? `try: \`npx kobling tour\`, or change a record on either side at http://127.0.0.1:${settings.consolePort} and watch the other follow`
    : 'next: `npx kobling status` shows what would be written, and `npx kobling approve` lets it'
}
