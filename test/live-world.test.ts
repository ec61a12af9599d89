import { expect, test } from 'vitest'
import { createLiveWorlds } from '../activities/live/live-world.ts'
import type { WorldRequest } from '../activities/live/world-request.ts'
import { customers } from '../flows/customers.ts'
import type { Reading } from '../flows/reading.ts'
import { reading } from './support/pair-samples.ts'

const address = { connection: 'default', flow: 'customers' } as const

function shown(side: 'erp' | 'shop'): Reading {
  const content = { canonical: { kind: 'company', email: 'post@nord.example' }, written: {} }
  return { ...reading(side, {}, { reference: null }), content }
}

/** Two systems of which PowerOffice has one record; `asked` tells what was asked of the webshop. */
function requestAs(priority: 'live' | 'backfill') {
  const asked: string[] = []
  const collection = (side: 'erp' | 'shop') => ({
    startCursor: async () => 'from here',
    listAll: async () => {
      if (side === 'shop') asked.push('list')
      return []
    },
    listChanges: async () => {
      if (side === 'shop') asked.push('changes')
      return { records: [], next: 'from here', hasMore: false, restarted: false }
    },
  })
  const systems = { erp: { collection: () => collection('erp') }, shop: { collection: () => collection('shop') } }
  const memory = { eachRow: async () => undefined }
  const context = { signal: new AbortController().signal, priority }
  const request = { definition: customers, systems, memory, address, directory: {}, context, links: async () => [] }
  return { asked, request: request as unknown as WorldRequest } // what a world needs of it
}

test('E18: live creates in the webshop that are under way together look once for what is new there', async () => {
  const { asked, request } = requestAs('live')
  const worlds = createLiveWorlds()
  await worlds.beforeCreating(request, 'shop')
  await Promise.all([1, 2, 3, 4].map(() => worlds.beforeCreating(request, 'shop')))
  expect(asked).toEqual(['list', 'changes'])
})

test('E18: the creates of a first load look once, and not at all while a watch of the process reads the webshop', async () => {
  const { asked, request } = requestAs('backfill')
  const worlds = createLiveWorlds()
  expect(await worlds.beforeCreating(request, 'shop')).toBeUndefined()
  await worlds.snapshot(request, 'load-1', () => undefined)
  for (const _create of [1, 2, 3]) await worlds.beforeCreating(request, 'shop')
  expect(asked).toEqual(['list', 'changes'])

  const { asked: askedAgain, request: another } = requestAs('backfill')
  const fed = createLiveWorlds()
  await fed.snapshot(another, 'load-1', () => undefined)
  fed.feed(address, 'shop', [{ kind: 'present', reading: shown('shop') }])
  const world = await fed.beforeCreating(another, 'shop')
  expect(world?.hasNamesake(shown('erp'))).toBe(true)
  expect(askedAgain).toEqual(['list'])
})
