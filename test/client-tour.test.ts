import { describe, expect, test } from 'vitest'
import { CommandFailure } from '../client/command-failure.ts'
import { powerOfficeEdit, quoted, tokenCommand, webshopEdit } from '../client/tour/curl.ts'
import { validOrganisationNumber } from '../client/tour/organisation-number.ts'
import { runStep } from '../client/tour/run-step.ts'
import type { TourWorld } from '../client/tour/tour-step.ts'
import { waitFor } from '../client/tour/wait-for.ts'
import { readSettings } from '../flows/settings.ts'

describe('the commands that the tour prints', () => {
  const settings = readSettings({})

  test('are what a person could run', () => {
    const erp = { id: '5', json: { Name: 'A' } }
    const shop = { id: 'c-5', json: { version: '7' } }
    expect(powerOfficeEdit(settings, erp, [{ path: 'Name', value: "O'Neill" }])).toBe(
      'curl -X PATCH http://127.0.0.1:4010/v2/Customers/5 -H "Authorization: Bearer $TOKEN" ' +
        '-H "Ocp-Apim-Subscription-Key: sandbox-subscription" -H "Content-Type: application/json-patch+json" ' +
        `-d '[{"op":"replace","path":"/Name","value":"O'\\''Neill"}]'`,
    )
    expect(webshopEdit(settings, shop, [{ path: 'phone', value: '1' }])).toBe(
      'curl -X PATCH http://127.0.0.1:4020/api/customers/c-5 -H "Authorization: Bearer sandbox-shopkeeper" ' +
        `-H 'If-Match: "7"' -H "Content-Type: application/merge-patch+json" -d '{"phone":"1"}'`,
    )
    expect(quoted("a'b")).toBe("'a'\\''b'")
  })

  test('name a configured key by its variable', () => {
    const configured = readSettings({ POWEROFFICE_CLIENT_KEY: 'my-own-key' })
    expect(tokenCommand(configured)).toContain('"sandbox-application:$POWEROFFICE_CLIENT_KEY"')
    expect(tokenCommand(configured)).not.toContain('my-own-key')
  })
})

test('an organisation number gets its check digit, and is counted up where there is none', () => {
  expect(validOrganisationNumber('923 609 015')).toBe('923609016')
  const numbers = Array.from({ length: 200 }, (_, index) => validOrganisationNumber(String(91_000_000 + index)))
  expect(numbers.every((number) => /^\d{9}$/.test(number))).toBe(true)
  const remainders = numbers.map(
    (number) =>
      [3, 2, 7, 6, 5, 4, 3, 2, 1].reduce((sum, weight, index) => sum + weight * Number(number[index]), 0) % 11,
  )
  expect(new Set(remainders)).toEqual(new Set([0]))
})

test('waiting ends with what was found, or with a sentence that names what did not happen', async () => {
  const { signal } = new AbortController()
  let looks = 0
  const found = await waitFor('It', async () => (++looks > 1 ? 'there' : undefined), { withinMs: 5000, signal })
  expect(found.found).toBe('there')
  await expect(waitFor('The moon', async () => false, { withinMs: 0, signal })).rejects.toThrow(
    'The moon did not happen within 0 s.',
  )
  await expect(waitFor('It', async () => false, { withinMs: 9, signal: AbortSignal.abort() })).rejects.toThrow(
    'interrupted',
  )
})

test('a step that does not come true fails the tour by its name', async () => {
  const step = { name: 'Pigs fly', run: () => Promise.reject(new CommandFailure('No pig flew within 30 s.')) }
  await expect(runStep(step, {} as TourWorld)).rejects.toThrow(
    'The tour failed at "Pigs fly": No pig flew within 30 s.',
  )
})
