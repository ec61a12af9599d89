import { Hono } from 'hono'
import type { FaultPlan } from './fault-plan.ts'
import { FaultRefused } from './fault-schema.ts'

/** The levers of the faults, for whatever a sandbox mounts them at. What is refused is thrown: FaultRefused. */
export function faultRoutes(faults: FaultPlan): Hono {
  const app = new Hono()
  app.get('/', (context) => context.json(faults.list()))
  app.post('/', async (context) => context.json({ id: faults.plan(readJson(await context.req.text())) }, 201))
  app.delete('/', (context) => {
    faults.clear()
    return context.json(faults.list())
  })
  app.get('/counts', (context) => context.json(faults.counts()))
  app.delete('/counts', (context) => {
    faults.resetCounts()
    return context.json(faults.counts())
  })
  app.delete('/:id', (context) => {
    const id = context.req.param('id')
    if (!faults.remove(Number(id))) throw new FaultRefused(`There is no fault ${id}; GET /sandbox/faults lists them.`)
    return context.json({ removed: Number(id) })
  })
  return app
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new FaultRefused('The body is not JSON.')
  }
}
