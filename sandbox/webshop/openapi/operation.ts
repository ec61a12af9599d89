import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiEnv } from '../api-env.ts'

export type Registry = OpenAPIHono<ApiEnv>['openAPIRegistry']
type Route = Parameters<Registry['registerPath']>[0]

/** From which level of the contract a shop has it; `any`: independent of the levels. */
export type Level = 1 | 2 | 3 | 4 | 'any'

export interface Operation extends Route {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly level: Level
}

const bearer = [{ bearer: [] }]

/** Adds operations to the document, each marked with its level: in words for people and as `x-level` for programs. */
export function describe(registry: Registry, tag: string, operations: readonly Operation[]): void {
  for (const { level, description, ...route } of operations) {
    const from = level === 'any' ? '**At any level.**' : `**From level ${level}.**`
    registry.registerPath({
      security: bearer,
      ...route,
      tags: [tag],
      description: `${from} ${description}`,
      'x-level': level,
    })
  }
}
