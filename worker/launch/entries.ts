import { fileURLToPath } from 'node:url'

const entry = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** What `npm start` runs beside the Temporal server, in the order in which it starts them. */
export const entries = [
  { name: 'poweroffice-sandbox', entry: entry('sandbox/poweroffice/main.ts'), readyText: 'listening on' },
  { name: 'webshop-sandbox', entry: entry('sandbox/webshop/main.ts'), readyText: 'listening on' },
  { name: 'worker', entry: entry('worker/main.ts'), readyText: 'worker serving' },
  { name: 'console', entry: entry('client/console/main.ts'), readyText: 'console listening on' },
] as const

export type ServiceName = (typeof entries)[number]['name']
