import { fileURLToPath } from 'node:url'
import { workerNodeFlags } from '../node-flags.ts'

const entry = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** What `npm start` runs beside the Temporal server, in the order in which it starts them. */
export const entries = [
  {
    name: 'poweroffice-sandbox',
    entry: entry('sandbox/poweroffice/main.ts'),
    readyText: 'listening on',
    nodeFlags: [],
  },
  { name: 'webshop-sandbox', entry: entry('sandbox/webshop/main.ts'), readyText: 'listening on', nodeFlags: [] },
  { name: 'worker', entry: entry('worker/main.ts'), readyText: 'worker serving', nodeFlags: workerNodeFlags },
  { name: 'console', entry: entry('client/console/main.ts'), readyText: 'console listening on', nodeFlags: [] },
] as const

export type ServiceName = (typeof entries)[number]['name']
