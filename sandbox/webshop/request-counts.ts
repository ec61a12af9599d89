import type { Caller } from './sandbox-keys.ts'

export interface RequestCounts {
  readonly byRoute: Readonly<Record<string, number>>
  readonly byStatus: Readonly<Record<string, number>>
  /** POST, PATCH and DELETE under /api with the sync's key that got as far as a handler, refused ones included. */
  readonly writes: number
  readonly shopkeeperWrites: number
}

export interface RequestCounter {
  countRequest(method: string, path: string): void
  /** @param status `none` when the connection ended without an answer */
  countAnswer(status: number | 'none'): void
  countWrite(caller: Caller): void
  read(): RequestCounts
  reset(): void
}

export function openRequestCounter(): RequestCounter {
  let byRoute = new Map<string, number>()
  let byStatus = new Map<string, number>()
  let writes = 0
  let shopkeeperWrites = 0
  const increment = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
  return {
    countRequest: (method, path) => {
      increment(byRoute, routeOf(method, path))
    },
    countAnswer: (status) => {
      increment(byStatus, String(status))
    },
    countWrite: (caller) => {
      if (caller === 'sync') writes += 1
      if (caller === 'shopkeeper') shopkeeperWrites += 1
    },
    read: () => ({
      byRoute: Object.fromEntries(byRoute),
      byStatus: Object.fromEntries(byStatus),
      writes,
      shopkeeperWrites,
    }),
    reset: () => {
      byRoute = new Map()
      byStatus = new Map()
      writes = 0
      shopkeeperWrites = 0
    },
  }
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const knownPath =
  /^\/api\/(capabilities|counts|openapi\.json|(customers|products|orders)(\/[^/]+(\/lines(\/[^/]+)?)?)?)$/

/** The route as the contract writes it. Anything else shares one name, so that strange paths cannot pile up. */
function routeOf(method: string, path: string): string {
  if (!methods.has(method) || !knownPath.test(path)) return 'other'
  const [, , collection, id, lines, lineId] = path.split('/')
  const parts = ['', 'api', collection, id && '{id}', lines, lineId && '{lineId}']
  return `${method} ${parts.filter((part) => part !== undefined).join('/')}`
}
