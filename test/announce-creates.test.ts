import { describe, expect, test } from 'vitest'
import { createAnnouncer } from '../activities/upsert/announce-creates.ts'
import type { Chunk } from '../activities/upsert/chunk.ts'
import { upsertChunk } from '../activities/upsert/upsert-records.ts'
import { VendorTrouble } from '../activities/vendor-trouble.ts'
import { customers } from '../flows/customers.ts'
import type { CreateDecision } from '../flows/decision.ts'
import type { PutItem } from '../flows/memory.ts'
import type { CreatingRow, Row } from '../flows/row.ts'
import { encodeRow } from '../flows/row-codec.ts'
import { linkedRow, plainReading } from './support/pair-samples.ts'

const source = plainReading('shop', 'c-1', { version: '1' })
const decision: CreateDecision = { kind: 'create', on: 'erp', from: source, rows: [] }

/** A chunk of one create over a memory of these rows; nobody matches, unless told otherwise. */
function chunkOver(
  rows: readonly Row[],
  attempt: { readonly isRepeated?: boolean; readonly pointer?: string } = {},
  { match = 'none', namesake = false }: { readonly match?: string; readonly namesake?: boolean } = {},
  decided: CreateDecision = decision,
): { readonly chunk: Chunk; readonly put: PutItem[] } {
  const put: PutItem[] = []
  const chunk = {
    ...attempt,
    definition: customers,
    input: { connection: 'default', flow: 'customers', decisions: [decided], directory: {} },
    context: { signal: new AbortController().signal },
    collections: { erp: { prepareCreate: () => ({ notes: [] }) } },
    targets: { content: async () => source },
    worlds: {
      current: async () => ({ matchOne: () => ({ match: { kind: match } }) }),
      asKnown: () => ({ hasNamesake: () => namesake }),
    },
    request: {
      memory: {
        lookup: async () => rows,
        put: async (_address: unknown, _directory: unknown, items: readonly PutItem[]) => {
          put.push(...items)
          return { answers: items.map(() => ({ kind: 'done' })) }
        },
      },
    },
  } as unknown as Chunk // what announcing needs of it
  return { chunk, put }
}

const linked: Row = linkedRow({}, { erpId: '17', shopId: 'c-1' })

test('E18: a record that nobody is linked with is announced before it is created', async () => {
  const { chunk, put } = chunkOver([])
  expect(await createAnnouncer(chunk).announced(0, () => false)).toMatchObject({ kind: 'creating', id: 'c-1' })
  expect(put).toHaveLength(1)
})

test('E18: what an attempt created and linked before it died is neither announced nor created again', async () => {
  const { chunk, put } = chunkOver([linked])
  expect(await createAnnouncer(chunk).announced(0, () => false)).toBe('stale')
  expect(put).toEqual([])
})

test.each([
  { match: 'matched', when: 'after it was announced' },
  { namesake: true, when: 'while its neighbours were created' },
])(
  'E18: what somebody made in PowerOffice, seen $when, is not taken for our own create: the announcement is taken back',
  async ({ match = 'none', namesake = false }) => {
    const { chunk, put } = chunkOver([], {}, { match, namesake })
    expect(await createAnnouncer(chunk).announced(0, () => false)).toBe('stale')
    const [announced, takenBack] = put
    expect(put).toHaveLength(2)
    expect(takenBack).toEqual({ key: 'shop:c-1', expect: announced?.row, row: null })
  },
)

test('E18: what was announced and not sent is taken back, unless an earlier attempt may have sent it', async () => {
  const { chunk, put } = chunkOver([])
  const announcer = createAnnouncer(chunk)
  await announcer.announced(0, () => false)
  await announcer.takeBack([0])
  expect(put.slice(1)).toEqual([{ key: 'shop:c-1', expect: put[0]?.row, row: null }])

  const earlier = { ...decision, rows: [{ kind: 'creating', side: 'shop', id: 'c-1' } as CreatingRow] }
  const again = chunkOver([], {}, {}, earlier)
  const second = createAnnouncer(again.chunk)
  await second.announced(0, () => false)
  await second.takeBack([0])
  expect(again.put).toHaveLength(1)
})

describe('E18: a system is in trouble while an announced create is carried out', () => {
  const down = new VendorTrouble({ type: 'Unreachable', where: 'erp', message: 'PowerOffice does not answer.' })
  const fails = () => Promise.reject(down)

  /** The puts of a chunk of one create, of which one step fails. */
  async function putsWhere(step: { readonly looking?: true }): Promise<PutItem[]> {
    const { chunk, put } = chunkOver([])
    let readings = 0
    const read = { ...source, content: { canonical: {}, written: {} } }
    const content = async () => (++readings === 1 || !step.looking ? read : await fails())
    const erp = {
      hasUniqueReference: true,
      prepareCreate: () => ({ body: {}, flags: '', notes: [], refusal: null }),
      create: fails,
    }
    const whole = {
      ...chunk,
      sent: new Set(),
      pulse: { say: () => undefined, assertAlive: () => undefined },
      targets: { content },
      collections: { erp },
      request: { ...chunk.request, address: { connection: 'default', flow: 'customers' } },
    } as unknown as Chunk // what carrying out a create needs of it
    expect(await upsertChunk(whole, [decision])).toMatchObject({
      outcomes: [{ kind: 'deferred' }],
      trouble: down.trouble,
    })
    return put
  }

  test('before it could be sent: the announcement is taken back', async () => {
    expect((await putsWhere({ looking: true })).map(({ row }) => row === null)).toEqual([false, true])
  })

  test('once it may have been sent, though the trouble be that of reading the answer: the announcement stands', async () => {
    expect((await putsWhere({})).map(({ row }) => row === null)).toEqual([false])
  })
})

describe('E12: an attempt was refused, and died before it could say so', () => {
  const refusal: Row = {
    kind: 'seen',
    side: 'shop',
    id: 'c-1',
    seen: 'seen-1',
    reason: 'refused',
    attempts: 1,
    definition: 1,
    pointer: '1.7',
    others: [],
  }

  test('the next attempt asks again in the place of its row, so that the refusal is listed', async () => {
    const { chunk, put } = chunkOver([refusal], { isRepeated: true, pointer: '1.7' })
    expect(await createAnnouncer(chunk).announced(0, () => false)).toMatchObject({ kind: 'creating', id: 'c-1' })
    expect(put).toEqual([expect.objectContaining({ key: 'shop:c-1', expect: encodeRow(refusal) })])
  })

  test('what another decision came to is not written over', async () => {
    const { chunk, put } = chunkOver([{ ...refusal, pointer: '1.3' }], { isRepeated: true, pointer: '1.7' })
    await createAnnouncer(chunk).announced(0, () => false)
    expect(put).toEqual([expect.objectContaining({ expect: null })])
  })
})
