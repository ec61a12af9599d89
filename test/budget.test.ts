import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { emptyLeaf, SPLIT_AT_BYTES } from '../flows/memory.ts'
import { encodeRow } from '../flows/row-codec.ts'
import { bundleWorkflows } from '../worker/workflow-bundle.ts'
import { INBOX_LIMIT, withOutcomeInInbox } from '../workflows/engine/inbox.ts'
import { LOOK_AGAIN_LIMIT, withLookAgain } from '../workflows/engine/look-again.ts'
import { openLeaf, putRows } from '../workflows/memory/leaf.ts'
import type { InboxEntry } from '../workflows/messages.ts'
import { freshState } from './support/fresh-state.ts'
import { linkedRow } from './support/pair-samples.ts'

/** What a payload may hold on the server, and what is worth a warning there (2 MiB, 256 KiB). */
const PAYLOAD_LIMIT_BYTES = 2 * 1024 * 1024

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}

describe('the workflow bundle: every cached workflow pays for what is in it', () => {
  let code = ''
  let modules: string[] = []

  /** The bundle without its source map, which is read when an error is told, never run. */
  async function bundled(workflowsPath?: string): Promise<{ code: string; modules: string[] }> {
    const bundle = await bundleWorkflows(workflowsPath)
    const [running = ''] = bundle.code.split('//# sourceMappingURL')
    return { code: running, modules: [...running.matchAll(/^\/\*\*\*\/ "([^"]+)"/gm)].map((match) => match[1] ?? '') }
  }

  beforeAll(async () => {
    ;({ code, modules } = await bundled())
  }, 60_000)

  test('it holds the engine: else the checks below see nothing', () => {
    expect(modules).toEqual(
      expect.arrayContaining(['./workflows/link-memory.ts', './workflows/engine/run-flow.ts', './flows/customers.ts']),
    )
  })

  test('it is smaller than 900,000 characters', () => {
    // Measured 2026-11-25, SDK 1.24: 779,811 with all five flows.
    expect(code.length).toBeLessThan(900_000)
    expect(code.length).toBeGreaterThan(100_000)
  })

  test('it holds nothing of zod, axios or activities', () => {
    expect(
      modules.filter((name) => /node_modules\/(zod|axios)\/|^\.\/(activities|worker|client|sandbox|test)\//.test(name)),
    ).toEqual([])
    expect([code.includes('ZodType'), code.includes('AxiosError')]).toEqual([false, false])
  })

  test('objects are spread by the language, not by helpers that copy property by property', () => {
    expect(code).toContain('...run.state()')
    expect(code).not.toContain('_object_spread')
  })

  test('the page that describes the flows is not in it', () => {
    expect(modules.filter((name) => /^\.\/flows\/(dataflow-document|document\/)/.test(name))).toEqual([])
  })

  test('a workflow that used zod would be seen', async () => {
    const fixture = fileURLToPath(new URL('fixtures/bundle/with-zod.ts', import.meta.url))
    const found = await bundled(fixture)
    expect(found.modules.some((name) => name.includes('node_modules/zod/'))).toBe(true)
    expect(found.code.includes('ZodType')).toBe(true)
  }, 60_000)
})

describe('what a flow carries from run to run', () => {
  test('a fresh flow carries less than 1,200 bytes', () => {
    // Measured 2026-11-23: 799.
    expect(jsonBytes(freshState)).toBeLessThan(1_200)
    expect(jsonBytes(freshState)).toBeGreaterThan(500)
  })

  test('a flow whose lists are all full still fits a payload with room to spare', () => {
    const nowMs = 1_795_410_000_000
    const asks = Array.from({ length: LOOK_AGAIN_LIMIT }, (_, index) => ({
      key: `shop:cus_01HZX8K3VQ${index}` as const,
      why: 'its namesake was settled',
      seenAtMs: nowMs,
    }))
    let inbox: InboxEntry[] = []
    for (let index = 0; index < INBOX_LIMIT; index++) {
      const detail = 'EmailAddress: the e-mail address is not valid. Correct it, then save the customer again.'
      const parked = { reason: 'refused', side: 'shop', label: 'Nordlandske Elektro og Automasjon AS', detail } as const
      inbox = withOutcomeInInbox(inbox, { kind: 'parked', shopId: `cus_01HZX8K3VQ${index}`, parked }, nowMs)
    }
    const write = {
      pair: '10042137',
      field: 'organizationNumber',
      to: 'shop',
      hash: 'Ab3-',
      at: nowMs,
      reverted: false,
    } as const
    const full = {
      ...withLookAgain(freshState, asks, nowMs),
      inbox,
      recentWrites: Array.from({ length: 500 }, () => write),
      refusals: '0'.repeat(500),
      runs: Array.from({ length: 500 }, (_, index) => ({
        ordinal: index,
        runId: '01900000-0000-7000-8000-000000000000',
      })),
    }
    expect([full.lookAgain.length, full.inbox.length]).toEqual([LOOK_AGAIN_LIMIT, INBOX_LIMIT])
    // Measured 2026-11-23: 1,256,826 bytes of 2,097,152.
    expect(jsonBytes(full)).toBeLessThan(PAYLOAD_LIMIT_BYTES * 0.75)
  })
})

describe('the link memory', () => {
  const link = (index: number) =>
    linkedRow(
      {},
      {
        erpId: String(10_042_000 + index),
        shopId: `cus_01HZX8K3V${String(index).padStart(5, '0')}`,
        base: 'Ab3-'.repeat(11),
        erpSeen: 'abcdefghijk',
        shopSeen: 'abcdefghijk',
        shopOwnWrite: 'wxyz',
        pointer: '3.1204',
      },
    )

  test('a leaf holds more than 3,000 links of customers before it asks to be split', () => {
    const leaf = openLeaf(emptyLeaf({ connection: 'demo', flow: 'customers', shard: 0, side: 'erp', low: '' }))
    let links = 0
    let isFull = false
    while (!isFull && links < 10_000) {
      const row = link(links++)
      isFull = putRows(leaf, [{ key: `erp:${row.erpId}`, expect: null, row: encodeRow(row) }], 0).wantsSplit
    }
    // Measured 2026-11-23: 3,146 with ids of 8 and 14 characters.
    expect(links).toBeGreaterThan(3_000)
    expect(links).toBeLessThan(10_000)
    expect(leaf.bytes).toBeLessThan(SPLIT_AT_BYTES + 200)
  })

  test('what a leaf counts as its size is what its state costs, within a quarter', () => {
    const rows = Array.from({ length: 500 }, (_, index) => encodeRow(link(index)))
    const leaf = openLeaf({
      ...emptyLeaf({ connection: 'demo', flow: 'customers', shard: 0, side: 'erp', low: '' }),
      rows,
    })
    // Quotes inside a row are escaped once more in the state. Measured 2026-11-23: 1.14 times.
    expect(jsonBytes(rows) / leaf.bytes).toBeLessThan(1.25)
  })
})
