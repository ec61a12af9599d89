import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { Caller } from './sandbox-keys.ts'

/** What hono carries through a request under /api. */
export interface ApiEnv {
  Bindings: HttpBindings
  Variables: { caller: Caller }
}

export type ApiContext = Context<ApiEnv>
