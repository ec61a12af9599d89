import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createSettings, type SwitchChanges, switches } from '../sandbox/poweroffice/settings.ts'
import { access } from './sandbox-positions/access.ts'
import { entities } from './sandbox-positions/entities.ts'
import { lists } from './sandbox-positions/lists.ts'
import { orders } from './sandbox-positions/orders.ts'
import { patches } from './sandbox-positions/patch.ts'
import type { AllPositionChecks, PositionCheck } from './sandbox-positions/position-checks.ts'
import { responseForm } from './sandbox-positions/response-form.ts'
import { type Shop, startShop } from './sandbox-poweroffice-orders-fixtures.ts'
import { resetSandbox } from './sandbox-poweroffice-support.ts'
import { wordsOf } from './support/switch-words.ts'

// Every position of every switch, as the settings themselves list them: one without a check fails by its name.

const checks: AllPositionChecks = { ...responseForm, ...lists, ...entities, ...orders, ...patches, ...access }

let shop: Shop
beforeAll(async () => {
  shop = await startShop()
})
afterEach(() => resetSandbox(shop.api.sandbox))
afterAll(() => shop.api.sandbox.close())

interface Listed {
  readonly name: keyof AllPositionChecks
  readonly position: string
  /** What to set; undefined where the position is not a word and its check sets it. */
  readonly value: unknown
}

const names = Object.keys(switches) as (keyof AllPositionChecks)[]
const positions: readonly Listed[] = names.flatMap((name) => {
  const words = wordsOf(name)
  const named = words.length > 0 ? words.map(String) : Object.keys(checks[name])
  return named.map((position) => ({ name, position, value: words.find((word) => String(word) === position) }))
})

test.each(positions)('$name: $position', async ({ name, position, value }) => {
  const check: PositionCheck | undefined = (checks[name] as Readonly<Record<string, PositionCheck>>)[position]
  if (!check) throw new Error(`no check says what ${name} does at ${position}: add it in test/sandbox-positions/`)
  if (value !== undefined) shop.set({ [name]: value } as SwitchChanges)
  await check(shop)
})

test('every switch has its default and at least one other position, and nothing else is checked', () => {
  const defaults = createSettings().current()
  expect(Object.keys(checks).sort()).toEqual([...names].sort())
  expect(names.filter((name) => positions.filter((one) => one.name === name).length < 2)).toEqual(['afterInvoicingMs'])
  const tellDefault = (name: keyof AllPositionChecks) =>
    name === 'missingPrivileges' ? 'none' : String(defaults[name])
  expect(names.filter((name) => !(tellDefault(name) in checks[name]))).toEqual([])
})

describe('presets', () => {
  test('worstCase sets as many unfriendly positions as may occur together; what stands beside it wins', () => {
    const { settings } = shop.api.sandbox
    settings.change({ preset: 'worstCase', lateVisibility: 50 })
    expect(settings.current()).toMatchObject({
      responseKeyCasing: 'camelNested',
      xPaginationContent: 'absent',
      listOrder: 'shuffled',
      patchOps: 'replaceOnly',
      getOrderAfterInvoicing: 'both404',
      tokenLifetime: 5,
      lateVisibility: 50,
    })
    expect(createSettings({ preset: 'worstCase' }).current()).toMatchObject({ lateVisibility: 2_000 })
  })

  test('an unknown one is refused, naming those that there are', () => {
    expect(() => shop.api.sandbox.settings.change({ preset: 'friendly' })).toThrow('preset: expected one of worstCase')
  })
})
