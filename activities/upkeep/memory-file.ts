import { createHash } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import type { FlowMemory, MemoryFile, MemoryFileHeader } from '../../flows/memory-file.ts'
import { decodeRow, type EncodedRow } from '../../flows/row-codec.ts'

/** Rows written at once. */
const ROWS_PER_WRITE = 5_000

/** Why a file is not taken; one sentence with the next step. */
export class MemoryFileError extends Error {}

/**
 * Whole or not at all: written beside and renamed. Only its owner may read it, since the inbox names people.
 * @returns the header that was written
 */
export async function writeMemoryFile(
  path: string,
  { connection, exportedAt, flows }: Pick<MemoryFileHeader, 'connection' | 'exportedAt'> & Pick<MemoryFile, 'flows'>,
): Promise<MemoryFileHeader> {
  const header: MemoryFileHeader = {
    format: 'kobling-memory',
    formatVersion: 1,
    connection,
    exportedAt,
    flows: flows.map(({ flow, definitionVersion, generation, rows }) => ({
      flow,
      definitionVersion,
      generation,
      rows: rows.length,
      kinds: countKinds(rows),
    })),
  }
  const partial = `${path}.partial`
  const file = await open(partial, 'w', 0o600)
  const sum = createHash('sha256')
  const write = async (lines: readonly string[]): Promise<void> => {
    const text = lines.map((line) => `${line}\n`).join('')
    sum.update(text)
    await file.writeFile(text)
  }
  try {
    await write([JSON.stringify(header)])
    for (const { flow, state, underWay, rows } of flows) {
      await write([JSON.stringify({ flow, state, underWay })])
      for (let from = 0; from < rows.length; from += ROWS_PER_WRITE)
        await write(rows.slice(from, from + ROWS_PER_WRITE))
    }
    await file.writeFile(`${JSON.stringify({ sha256: sum.digest('hex') })}\n`)
    await file.sync()
    await file.close()
    await rename(partial, path)
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(partial, { force: true })
    throw error
  }
  return header
}

/** @throws MemoryFileError for a file that is damaged, cut short, or not one of ours */
export async function readMemoryFile(path: string): Promise<MemoryFile> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new MemoryFileError(`${path} cannot be read: name a file that \`kobling export\` wrote.`)
  })
  const lastLine = text.lastIndexOf('\n', text.length - 2) + 1
  const body = text.slice(0, lastLine)
  const { sha256 } = (parsed(text.slice(lastLine)) ?? {}) as { readonly sha256?: unknown }
  if (typeof sha256 !== 'string')
    throw new MemoryFileError(`${path} is cut short: its last line has no checksum; use another export.`)
  if (createHash('sha256').update(body).digest('hex') !== sha256)
    throw new MemoryFileError(`${path} is damaged: its checksum does not fit what it holds; use another export.`)
  const [first = '', ...lines] = body.trimEnd().split('\n')
  const header = parsed(first) as Partial<MemoryFileHeader> | undefined
  if (header?.format !== 'kobling-memory' || header.formatVersion !== 1)
    throw new MemoryFileError(
      `${path} is of another format or a later version: use the version of kobling that wrote it.`,
    )
  const flows = sectionsOf(header as MemoryFileHeader, lines)
  const isWhole = flows.every(({ rows }, index) => rows.length === header.flows?.[index]?.rows)
  if (!isWhole || flows.length !== header.flows?.length)
    throw new MemoryFileError(`${path} does not hold what its first line says; use another export.`)
  return { header: header as MemoryFileHeader, flows }
}

function sectionsOf(header: MemoryFileHeader, lines: readonly string[]): FlowMemory[] {
  const flows: { head: Omit<FlowMemory, 'rows'>; rows: EncodedRow[] }[] = []
  for (const line of lines) {
    if (line.startsWith('[')) {
      flows.at(-1)?.rows.push(line)
      continue
    }
    const section = parsed(line) as Pick<FlowMemory, 'flow' | 'state' | 'underWay'>
    const said = header.flows.find(({ flow }) => flow === section.flow)
    flows.push({
      head: { ...section, definitionVersion: said?.definitionVersion ?? 0, generation: said?.generation ?? 1 },
      rows: [],
    })
  }
  return flows.map(({ head, rows }) => ({ ...head, rows }))
}

function countKinds(rows: readonly EncodedRow[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const text of rows) {
    const { kind } = decodeRow(text)
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
