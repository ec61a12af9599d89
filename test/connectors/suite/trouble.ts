import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { VendorTrouble } from '../../../activities/vendor-trouble.ts'
import { admin, context, present, type SystemUnderTest, troubleOf } from '../system-under-test.ts'
import type { Opened } from './opened-system.ts'

export function describeTrouble(system: SystemUnderTest, opened: Opened): void {
  const { logger, lines } = opened
  test.each([
    ['two answers are 500', { kind: 'status', status: 500 }],
    ['two connections are reset', { kind: 'reset' }],
    ['two answers are no JSON', { kind: 'garbage' }],
    ['two answers break off in the middle', { kind: 'truncated' }],
    ['two answers are a page in HTML', { kind: 'html' }],
    ['two answers are empty', { kind: 'empty' }],
    ['two answers are 429', { kind: 'status', status: 429, headers: { 'Retry-After': '0' } }],
    ['two answers are 503 with Retry-After', { kind: 'status', status: 503, headers: { 'Retry-After': '0' } }],
  ])('a reading succeeds with its third try after %s', async (_title, planned) => {
    await opened.fault({ ...planned, method: 'GET', path: system.recordPath, count: 2 })
    const found = await opened.collection.readMany([opened.ids[5] ?? ''], context)
    expect(present(found.get(opened.ids[5] ?? '')).id).toBe(opened.ids[5])
    expect(await opened.requestsTo(opened.oneRoute)).toBe(3)
  })

  test.each([
    ['500', { kind: 'status', status: 500 }, 'Unreachable'],
    ['a reset', { kind: 'reset' }, 'Unreachable'],
    ['a page in HTML', { kind: 'html', status: 200 }, 'ContractChanged'],
    ['no JSON', { kind: 'garbage' }, 'ContractChanged'],
    ['429', { kind: 'status', status: 429, headers: { 'Retry-After': '0' } }, 'RateLimited'],
    ['JSON that is no list of records', { kind: 'status', status: 200, body: { hello: 'world' } }, 'ContractChanged'],
    ['404 from a gateway', { kind: 'html', status: 404 }, 'ContractChanged'],
    ['a redirect', { kind: 'status', status: 302, headers: { Location: 'http://127.0.0.1:9/' } }, 'ContractChanged'],
  ])('a list that is answered by %s again and again is %s', async (_title, planned, type) => {
    await opened.fault({ ...planned, method: 'GET', path: system.recordPath, count: 20 })
    const trouble = await troubleOf(opened.collection.listAll(context))
    expect(trouble).toMatchObject({ type, where: opened.connector.side })
    expect(trouble.message).toMatch(/: .+\.$/)
    expect(await opened.requestsTo(opened.anyRoute)).toBeLessThanOrEqual(3)
  })

  test('a reading that gets no answer within the time limit is Unreachable and names the setting to look at', async () => {
    const impatient = opened.running.connect({ timeoutMs: 200 }, logger)
    await impatient.collection(opened.flow).startCursor(context)
    await opened.fault({ kind: 'hang', method: 'GET', path: system.recordPath, count: 3, hangMs: 5_000 })
    const trouble = await troubleOf(impatient.collection(opened.flow).readMany([opened.ids[0] ?? ''], context))
    expect(trouble).toMatchObject({ type: 'Unreachable', where: opened.connector.side })
    expect(trouble.message).toContain('within 0.2 s')
    expect(trouble.message).toContain(system.settingNames[0])
  })

  test('a long pause that the system asks for is handed on instead of waited for', async () => {
    const fresh = opened.running.connect({}, logger)
    await fresh.collection(opened.flow).startCursor(context)
    await opened.fault({
      kind: 'status',
      status: 429,
      method: 'GET',
      path: system.recordPath,
      headers: { 'Retry-After': '90' },
    })
    const trouble = await troubleOf(fresh.collection(opened.flow).readMany([opened.ids[0] ?? ''], context))
    expect(trouble).toMatchObject({ type: 'RateLimited', where: opened.connector.side })
    expect(trouble.message).toMatch(/about (90|91) s/)
  })

  test('wrong keys are NotAuthorised, with the names of the settings that hold them', async () => {
    const trouble = await troubleOf(opened.running.connect({ wrongKey: true }, logger).checkHealth(context))
    expect(trouble).toMatchObject({ type: 'NotAuthorised', where: opened.connector.side })
    for (const setting of system.settingNames.slice(1)) expect(trouble.message).toContain(setting)
  })

  test('a system that is not there is Unreachable', async () => {
    const trouble = await troubleOf(opened.running.connect({ deadAddress: true }, logger).checkHealth(context))
    expect(trouble).toMatchObject({ type: 'Unreachable', where: opened.connector.side })
    expect(trouble.message).toContain('ECONNREFUSED')
  })

  test('a cancelled reading rejects with the reason it was given', async () => {
    const cancelling = new AbortController()
    await opened.fault({ kind: 'hang', method: 'GET', path: system.recordPath, hangMs: 3_000 })
    const reading = opened.collection.readMany([opened.ids[2] ?? ''], { signal: cancelling.signal, priority: 'live' })
    setTimeout(() => cancelling.abort(new Error('the activity was cancelled')), 50)
    await expect(reading).rejects.toThrow('the activity was cancelled')
  })

  test('no key appears in an error or a log line, whatever went wrong', async () => {
    const failures: unknown[] = []
    for (const planned of [
      { kind: 'reset' },
      { kind: 'status', status: 500 },
      { kind: 'garbage' },
      { kind: 'status', status: 403, body: {} },
      { kind: 'status', status: 401, body: {} },
    ]) {
      await admin(opened.running.origin, 'DELETE', '/faults')
      await opened.fault({ ...planned, method: 'GET', path: system.recordPath, count: 20 })
      failures.push(await opened.collection.listAll(context).catch((failure: unknown) => failure))
    }
    await admin(opened.running.origin, 'DELETE', '/faults')
    for (const choices of [{ wrongKey: true }, { deadAddress: true }]) {
      failures.push(
        await opened.running
          .connect(choices, logger)
          .checkHealth(context)
          .catch((failure: unknown) => failure),
      )
    }
    expect(failures.every((failure) => failure instanceof VendorTrouble)).toBe(true)
    const text = [
      ...failures.map((failure) => inspect(failure, { depth: 20, showHidden: true })),
      JSON.stringify(failures),
      ...lines,
    ]
    expect(lines.length).toBeGreaterThan(20)
    for (const secret of opened.running.secrets) {
      expect(text.filter((line) => line.includes(secret))).toEqual([])
    }
    expect(text.filter((line) => /Fjordfisk|@/.test(line))).toEqual([])
  })
}
