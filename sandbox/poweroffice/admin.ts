import { Hono } from 'hono'
import { faultRoutes } from '../faults/admin.ts'
import type { FaultPlan } from '../faults/fault-plan.ts'
import { FaultRefused } from '../faults/fault-schema.ts'
import { isFromForeignPage } from '../pages/foreign-page.ts'
import type { Counts } from './counts.ts'
import { entityKinds } from './entity-kinds.ts'
import { markInUse } from './in-use.ts'
import { orderAdminApp } from './orders/admin.ts'
import { Problem } from './problem.ts'
import type { SandboxState } from './sandbox-state.ts'
import { isJsonObject } from './schema.ts'
import { SwitchRefused } from './settings.ts'
import type { TokenIssuer } from './token.ts'
import { editRecord, existingRecord, insertRecords, removeRecord } from './write-record.ts'

interface AdminParts {
  readonly state: SandboxState
  readonly counts: Counts
  readonly faults: FaultPlan
  readonly tokens: TokenIssuer
}

/** The levers of the sandbox itself, outside /v2: no keys, no rate limit, not counted. The server listens on 127.0.0.1 unless told otherwise. */
export function adminApp({ state, counts, faults, tokens }: AdminParts): Hono {
  const app = new Hono()
  app.onError((failure, context) => {
    if (failure instanceof SwitchRefused || failure instanceof FaultRefused || failure instanceof SyntaxError) {
      return context.json({ error: failure.message }, 400)
    }
    if (failure instanceof Problem) return context.json({ error: failure.detail }, failure.status === 404 ? 404 : 400)
    console.error(failure)
    return context.json({ error: 'The sandbox failed, see its log.' }, 500)
  })

  app.use(async (context, next) => {
    if (!isFromForeignPage(context)) return next()
    return context.json({ error: 'Pages of other origins may not switch the sandbox.' }, 403)
  })

  app.get('/health', (context) => context.json({ status: 'ok', customers: state.customers.count([]) }))

  app.get('/settings', (context) => context.json(state.settings.current()))
  app.patch('/settings', async (context) => context.json(state.settings.change(await context.req.json())))

  app.get('/counts', (context) => context.json(counts.report()))
  app.delete('/counts', (context) => {
    counts.reset()
    return context.json(counts.report())
  })

  app.route('/faults', faultRoutes(faults))

  app.delete('/tokens', (context) => {
    tokens.revokeAll()
    return context.json({ revoked: 'all' })
  })

  app.route('/', orderAdminApp(state))
  for (const kind of entityKinds) {
    app.post(`/${kind.name}/bulk`, async (context) => {
      const list: unknown = await context.req.json()
      if (!Array.isArray(list)) return context.json({ error: `Send a JSON list of ${kind.name}.` }, 400)
      return context.json(insertRecords(state, kind, list), 201)
    })
    app.patch(`/${kind.name}/:id`, async (context) => {
      const changes: unknown = await context.req.json()
      if (!isJsonObject(changes)) return context.json({ error: 'Send a JSON object of properties.' }, 400)
      return context.json(editRecord(state, kind, Number(context.req.param('id')), changes))
    })
    app.delete(`/${kind.name}/:id`, (context) => {
      const { Id: id } = existingRecord(state, kind, Number(context.req.param('id')))
      removeRecord(state, kind, id)
      return context.json({ removed: id })
    })
    app.put(`/${kind.name}/:id/in-use`, async (context) => {
      const body: unknown = await context.req.json()
      if (!isJsonObject(body) || typeof body.inUse !== 'boolean') {
        return context.json({ error: 'inUse: true or false is expected.' }, 400)
      }
      const { Id: id } = existingRecord(state, kind, Number(context.req.param('id')))
      markInUse(state.database, kind.name, id, { inUse: body.inUse })
      return context.json({ id, inUse: body.inUse })
    })
  }
  return app
}
