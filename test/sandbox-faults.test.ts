import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FaultedSandbox, leversOf, startPowerOffice, startWebshop } from './support/faulted-sandboxes.ts'

// Each kind of fault in each sandbox, over HTTP: what arrives, what was written, what is counted.

describe.each([
  { name: 'PowerOffice', start: startPowerOffice },
  { name: 'the webshop', start: startWebshop },
])('$name', ({ name, start }) => {
  const isErp = name === 'PowerOffice'
  let sandbox: FaultedSandbox
  let levers: ReturnType<typeof leversOf>
  let made = 0
  /** A name that nobody has yet. */
  let fresh: string
  beforeAll(async () => {
    sandbox = await start()
    levers = leversOf(sandbox)
  })
  beforeEach(async () => {
    await levers.forget()
    made += 1
    fresh = `Fjord ${made} AS`
  })
  afterAll(() => sandbox.close())

  async function existing(): Promise<string> {
    await sandbox.create(fresh)
    return sandbox.stored(fresh)[0] ?? ''
  }

  const lost: [what: string, fault: object, arrives: { status: number | 'none'; code?: string | RegExp }][] = [
    ['a 500', { kind: 'status' }, { status: 500 }],
    ['a 503', { kind: 'status', status: 503 }, { status: 503 }],
    ['a 429', { kind: 'throttle' }, { status: 429 }],
    ['a reset connection', { kind: 'reset' }, { status: 'none', code: 'ECONNRESET' }],
    ['a hang', { kind: 'hang', hangMs: 60 }, { status: 'none', code: 'ECONNRESET' }],
    ['a page of the gateway', { kind: 'html', status: 502 }, { status: 502 }],
    ['broken JSON', { kind: 'garbage' }, { status: 200 }],
    ['an empty body', { kind: 'empty' }, { status: 200 }],
  ]
  describe.each(lost)('%s', (_what, fault, arrives) => {
    test('before the commit: nothing is written', async () => {
      await levers.plan({ ...fault, method: 'POST' })
      expect(await sandbox.create(fresh)).toMatchObject(arrives)
      expect(sandbox.stored(fresh)).toEqual([])
      expect((await sandbox.create(fresh)).status).toBe(201)
      const { kind } = fault as { kind: string }
      expect(await levers.counts()).toEqual({ total: 1, byKind: { [kind]: 1 }, afterCommit: {} })
    })

    test('after the commit: it is written once, and only the answer is lost', async () => {
      await levers.plan({ ...fault, method: 'POST', when: 'after' })
      const { status, ...rest } = arrives
      // Nothing at all still has the status of the real answer in the webshop, where it keeps what it was.
      const expected = (fault as { kind: string }).kind === 'empty' && !isErp ? 201 : status
      expect(await sandbox.create(fresh)).toMatchObject({ status: expected, ...rest })
      expect(sandbox.stored(fresh)).toHaveLength(1)
      const { kind } = fault as { kind: string }
      expect(await levers.counts()).toEqual({ total: 1, byKind: { [kind]: 1 }, afterCommit: { [kind]: 1 } })
    })
  })

  test('a late reset: nothing is there when the connection is lost, and once some time has passed it is there once', async () => {
    await levers.plan({ kind: 'reset', method: 'POST', when: 'late', latencyMs: 300 })
    expect((await sandbox.create(fresh)).status).toBe('none')
    expect(sandbox.stored(fresh)).toEqual([])
    await expect.poll(() => sandbox.stored(fresh).length, { timeout: 10_000 }).toBe(1)
    expect(await levers.counts()).toEqual({ total: 1, byKind: { reset: 1 }, afterCommit: { reset: 1 } })
  })

  test('a 429 says when to come back', async () => {
    await levers.plan({ kind: 'throttle', retryAfterSeconds: 7 })
    expect((await sandbox.readList()).headers.get('retry-after')).toBe('7')
  })

  test('a storm holds for its time and no longer', async () => {
    await levers.plan({ kind: 'throttle', forMs: 400 })
    const startedAtMs = performance.now()
    const statuses: (number | 'none')[] = []
    while (statuses.at(-1) !== 200 && !(isErp && statuses.at(-1) === 204) && performance.now() - startedAtMs < 10_000)
      statuses.push((await sandbox.readList()).status)
    const refused = statuses.slice(0, -1)
    expect(refused.length).toBeGreaterThan(1)
    expect(new Set(refused)).toEqual(new Set([429]))
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(395)
    expect(await levers.counts()).toMatchObject({ byKind: { throttle: refused.length } })
  })

  test('with a seed the same requests meet the same fate, and the counts are exact', async () => {
    const run = async (seed: number) => {
      await levers.clear()
      await levers.plan({ kind: 'status', status: 503, probability: 0.3, seed })
      const statuses: (number | 'none')[] = []
      for (let count = 0; count < 25; count += 1) statuses.push((await sandbox.readList()).status)
      return statuses.map((status) => status === 503)
    }
    const [first, again, other] = [await run(5), await run(5), await run(6)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    const fired = [first, again, other].flat().filter((isHit) => isHit).length
    expect(fired).toBeGreaterThan(0)
    expect(await levers.counts()).toEqual({ total: fired, byKind: { status: fired }, afterCommit: {} })
  })

  test('half a body in a whole message, or a message that breaks off', async () => {
    const id = await existing()
    const real = (await sandbox.read(id)).text
    await levers.plan({ kind: 'truncated', cut: 'body' })
    const half = await sandbox.read(id)
    await levers.plan({ kind: 'truncated', cut: 'connection' })
    const broken = await sandbox.read(id)
    expect([half.status, half.text.length > 0, real.startsWith(half.text), half.text.length < real.length]).toEqual([
      200,
      true,
      true,
      true,
    ])
    expect([broken.status, broken.code]).toEqual(['none', expect.stringMatching(/UND_ERR_SOCKET|ECONNRESET/)])
  })

  test('a truncated answer to a write: after the commit it is there, before it is not', async () => {
    for (const [when, count] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      await levers.plan({ kind: 'truncated', method: 'POST', when, cut: 'connection' })
      expect((await sandbox.create(`${fresh} ${when}`)).status).toBe('none')
      expect(sandbox.stored(`${fresh} ${when}`)).toHaveLength(count)
    }
  })

  test('the real answer under a wrong content type', async () => {
    const id = await existing()
    const real = await sandbox.read(id)
    await levers.plan({ kind: 'contentType', contentType: 'text/html' })
    const dressed = await sandbox.read(id)
    expect([dressed.status, dressed.text, dressed.headers.get('content-type')]).toEqual([200, real.text, 'text/html'])
  })

  test('a list that says it has nothing, though it has; a single record is not meant', async () => {
    const id = await existing()
    await levers.plan({ kind: 'emptyList', path: sandbox.list })
    const one = await sandbox.read(id)
    const empty = await sandbox.readList()
    const full = await sandbox.readList()
    expect([one.status, empty.text.includes(fresh), full.text.includes(fresh)]).toEqual([200, false, true])
    expect(await levers.counts()).toEqual({ total: 1, byKind: { emptyList: 1 }, afterCommit: {} })
  })

  test('an answer that drips in byte by byte arrives whole', async () => {
    const real = await sandbox.read('999')
    await levers.plan({ kind: 'drip', dripMs: 1 })
    const dripped = await sandbox.read('999')
    expect([dripped.status, dripped.text]).toEqual([404, real.text])
    expect(dripped.ms).toBeGreaterThan(real.text.length)
  })

  test('a write whose answer drips has taken effect', async () => {
    await levers.plan({ kind: 'drip', dripBytes: 40, dripMs: 1 })
    expect((await sandbox.create(fresh)).status).toBe(201)
    expect(sandbox.stored(fresh)).toHaveLength(1)
  })

  test('latency waits before or after the commit, and then all is well', async () => {
    for (const when of ['before', 'after']) {
      await levers.plan({ kind: 'latency', when, latencyMs: 120, jitterMs: 10 })
      const answer = await sandbox.create(`${fresh} ${when}`)
      expect([answer.status, answer.ms > 115]).toEqual([201, true])
    }
  })

  test('a write that a delay holds up lands after its client has gone', async () => {
    await levers.plan({ kind: 'latency', latencyMs: 300, method: 'POST' })
    const pending = sandbox.create(fresh)
    await expect.poll(levers.hits).toEqual([1])
    expect(sandbox.stored(fresh)).toEqual([])
    await pending
    expect(sandbox.stored(fresh)).toHaveLength(1)
  })

  test('a refusal planted for a record by its id stands until it is cleared, for its writes alone', async () => {
    const id = await existing()
    fresh = `${fresh} Nabo`
    const neighbour = await existing()
    await levers.plan({ kind: 'refusal', recordId: id, status: 409, title: 'Sperret', detail: 'Kunden er sperret.' })
    const refused = [await sandbox.setPhone(id, '1'), await sandbox.setPhone(id, '2')]
    expect(refused.map(({ status, text }) => [status, JSON.parse(text)])).toEqual(
      Array(2).fill([409, expect.objectContaining({ status: 409, title: 'Sperret', detail: 'Kunden er sperret.' })]),
    )
    expect([(await sandbox.read(id)).status, (await sandbox.setPhone(neighbour, '3')).status]).toEqual([200, 200])
    await levers.clear()
    expect([sandbox.phoneOf(id), (await sandbox.setPhone(id, '4')).status]).toEqual([null, 200])
  })

  test('a refusal planted by a value: for the creation that has it, and for the record that is stored with it', async () => {
    await levers.plan({ kind: 'refusal', field: sandbox.nameField, value: fresh })
    const status = isErp ? 400 : 422
    expect((await sandbox.create(fresh)).status).toBe(status)
    await levers.clear()
    const id = await existing()
    await levers.plan({ kind: 'refusal', field: sandbox.nameField, value: fresh })
    expect((await sandbox.setPhone(id, '5')).status).toBe(status)
    expect([sandbox.phoneOf(id), await levers.counts()]).toMatchObject([null, { byKind: { refusal: 2 } }])
  })

  test('another writer changes the record before the PATCH is carried out', async () => {
    const id = await existing()
    await levers.plan({ kind: 'outOfBandEdit', edit: { [sandbox.phoneField]: '2200000{n}' }, count: 2 })
    const answers = [await sandbox.setPhone(id, '1'), await sandbox.setPhone(id, '2')]
    // Last writer wins in PowerOffice; the webshop refuses a version that has passed.
    expect(answers.map(({ status }) => status)).toEqual(isErp ? [200, 200] : [412, 412])
    expect(sandbox.phoneOf(id)).toBe(isErp ? '2' : '22000002')
    expect(await levers.counts()).toEqual({ total: 2, byKind: { outOfBandEdit: 2 }, afterCommit: {} })
  })

  test('another writer whom the rules refuse changes nothing, and is not counted', async () => {
    const id = await existing()
    await levers.plan({ kind: 'outOfBandEdit', edit: { [sandbox.nameField]: null } })
    expect((await sandbox.setPhone(id, '1')).status).toBe(200)
    expect([sandbox.stored(fresh), sandbox.phoneOf(id), await levers.counts()]).toMatchObject([[id], '1', { total: 0 }])
  })

  test('a clock that is off shows in change times and in the Date header, forwards and back', async () => {
    /** Minutes by which change time and Date header are off. */
    const changed = async () => {
      const { text, headers } = await sandbox.create(fresh)
      const record = JSON.parse(text) as Record<string, string>
      const times = [record[isErp ? 'LastChangedDateTimeOffset' : 'changedAt'], headers.get('date')]
      return times.map((time) => Math.round((Date.parse(time ?? '') - Date.now()) / 60_000) + 0) // never -0
    }
    const seen = [await changed()]
    for (const skewMs of [7_200_000, -3_600_000]) {
      await levers.clear()
      await levers.plan({ kind: 'clockSkew', skewMs })
      fresh = `${fresh} ${skewMs}`
      seen.push(await changed())
    }
    expect(seen).toEqual([
      [0, 0],
      [120, 120],
      [-60, -60],
    ])
    expect((await levers.counts())['byKind']).toEqual({ clockSkew: 2 })
  })

  test('what the other sandbox has alone, and what nobody has, is refused by name', async () => {
    await expect(levers.plan({ kind: isErp ? 'maintenance' : 'tokenRevoked' })).rejects.toThrow('this sandbox has no')
    await expect(levers.plan({ kind: 'refusal' })).rejects.toThrow('recordId')
  })
})
