import jsonpatch, { type Operation } from 'fast-json-patch'
import { malformed, Problem } from './problem.ts'
import { dtoSchema, isJsonObject, type JsonObject, type PropertySchema } from './schema.ts'
import type { Switches } from './settings.ts'

export interface JsonPatchForm {
  /** As texts name it, `CustomerPatchDto`. */
  readonly schemaName: string
  /** Only what it lists can be addressed. */
  readonly schema: PropertySchema
  /** Of refusals. */
  readonly title: string
}

/** The PatchDto that openapi.json has for `noun`. */
export function documentedPatch(noun: string, schemaName: string): JsonPatchForm {
  return { schemaName, schema: dtoSchema(schemaName), title: `${noun} validation error(s)` }
}

/** Where the description has no PatchDto: what POST takes and the answer does not call read-only, and nothing else [INF]. */
export function derivedPatch(noun: string, names: { readonly post: string; readonly dto: string }): JsonPatchForm {
  const answered = dtoSchema(names.dto).properties ?? {}
  const properties = Object.entries(dtoSchema(names.post).properties ?? {}).filter(
    ([name]) => answered[name] !== undefined && answered[name].readOnly !== true,
  )
  return {
    schemaName: names.dto.replace(/Dto$/, 'PatchDto'),
    schema: { type: 'object', properties: Object.fromEntries(properties) },
    title: `${noun} validation error(s)`,
  }
}

/**
 * The patchable properties after an RFC 6902 patch; all of it or, with a Problem, nothing.
 * The vendor's error texts point to the .NET JsonPatch library (README.md), whose habits are followed where known:
 * removing a property empties it.
 */
export function applyJsonPatch(
  document: JsonObject,
  body: unknown,
  dto: JsonPatchForm,
  switches: Switches,
): JsonObject {
  if (!Array.isArray(body)) throw malformed('A JSON Patch is a list of operations.')
  const operations = body.flatMap((entry: unknown) => readOperation(entry, dto, switches))
  try {
    return jsonpatch.applyPatch(document, operations, true, false).newDocument
  } catch (failure) {
    throw new Problem(400, dto.title, `${dto.schemaName}: ${failureText(failure)}`)
  }
}

/** One operation in the vendor's casing, or none where a switch has it ignored. */
function readOperation(entry: unknown, dto: JsonPatchForm, switches: Switches): Operation[] {
  if (!isJsonObject(entry) || typeof entry.path !== 'string' || !isOperationName(entry.op)) {
    throw malformed('A JSON Patch operation needs an op and a path.')
  }
  const { op } = entry
  if (switches.patchOps === 'replaceOnly' && op !== 'replace')
    throw refused(dto, `The operation '${op}' is not supported.`)
  if (op === 'test' && switches.patchTestOp === 'refused') throw refused(dto, "The operation 'test' is not supported.")
  const path = readPath(entry.path, dto, switches)
  const from = op === 'move' || op === 'copy' ? readPath(String(entry.from), dto, switches) : ''
  if (path === null || from === null) return []
  if (op === 'test' && switches.patchTestOp === 'ignored') return []
  if (op === 'move' || op === 'copy') return [{ op, from, path }]
  if (op !== 'remove' && entry.value === undefined) throw malformed(`The operation '${op}' needs a value.`)
  const value = op === 'remove' ? null : entry.value
  if (value === null && op !== 'test' && !isListEntry(path)) {
    if (switches.patchNullClears === 'ignored') return []
    if (switches.patchNullClears === '400') throw refused(dto, "The value '' is invalid for target location.")
  }
  if (op === 'remove') return isListEntry(path) ? [{ op, path }] : [{ op: 'replace', path, value: null }]
  return [{ op, path, value }]
}

const operationNames = ['add', 'remove', 'replace', 'move', 'copy', 'test'] as const

function isOperationName(name: unknown): name is (typeof operationNames)[number] {
  return operationNames.some((known) => known === name)
}

/** The path in the vendor's casing; null when its casing has it ignored (SMP's changelog, README.md). */
function readPath(path: string, dto: JsonPatchForm, switches: Switches): string | null {
  const segments = path.split('/').slice(1)
  if (!path.startsWith('/') || segments[0] === '') throw unknownSegment(dto, path)
  if (segments.length > 1 && switches.patchNestedPaths === '400') throw unknownSegment(dto, segments[1] ?? '')
  const canonical: string[] = []
  let schema = dto.schema
  for (const segment of segments) {
    if (schema.type === 'array' && /^(\d+|-)$/.test(segment)) {
      canonical.push(segment)
      schema = schema.items ?? {}
      continue
    }
    const name = matchingProperty(segment, schema)
    if (name === undefined) throw unknownSegment(dto, segment)
    if (name !== segment) {
      if (switches.patchPathCasing === '400') throw unknownSegment(dto, segment)
      if (switches.patchPathCasing === 'ignored') return null
    }
    canonical.push(name)
    schema = resolved(schema.properties?.[name])
  }
  return `/${canonical.join('/')}`
}

function matchingProperty(segment: string, schema: PropertySchema): string | undefined {
  const names = Object.keys(schema.properties ?? {})
  return names.find((name) => name === segment) ?? names.find((name) => name.toLowerCase() === segment.toLowerCase())
}

function resolved(schema: PropertySchema | undefined): PropertySchema {
  if (!schema?.$ref) return schema ?? {}
  return dtoSchema(schema.$ref.split('/').at(-1) ?? '')
}

function isListEntry(path: string): boolean {
  return /\/(\d+|-)$/.test(path)
}

function unknownSegment(dto: JsonPatchForm, segment: string): Problem {
  return refused(dto, `The target location specified by path segment '${segment}' was not found.`)
}

function refused(dto: JsonPatchForm, text: string): Problem {
  return new Problem(400, dto.title, `${dto.schemaName}: ${text}`)
}

function failureText(failure: unknown): string {
  if (!(failure instanceof jsonpatch.JsonPatchError)) return 'The patch could not be applied.'
  const operation: unknown = failure.operation
  const path = isJsonObject(operation) ? String(operation.path) : ''
  if (failure.name === 'TEST_OPERATION_FAILED') {
    return `The current value at path '${path}' is not equal to the test value.`
  }
  return `The target location specified by path '${path}' was not found.`
}
