import type { Fault } from './fault-schema.ts'

/** A request, as faults look at it. */
export interface FaultTarget {
  readonly method: string
  readonly pathAndQuery: string
  /** May be left empty where no planned fault asks for it (`asksForBody`). */
  readonly body: string
  readonly fromShopkeeper: boolean
  /** A reading that answers a list of records. */
  readonly isList: boolean
  /** The record that the path names, as it is stored; null where it names none. Called only when a fault is about one. */
  record(): Readonly<Record<string, unknown>> | null
}

/** Whether a fault about requests means this one; how often it hits is not asked here. */
export function isMeant(fault: Fault, target: FaultTarget): boolean {
  if (fault.from === 'sync' && target.fromShopkeeper) return false
  if (fault.from === 'shopkeeper' && !target.fromShopkeeper) return false
  if (fault.method !== undefined && fault.method !== target.method) return false
  if (fault.path !== undefined && !target.pathAndQuery.toLowerCase().includes(fault.path.toLowerCase())) return false
  if (fault.match !== undefined && !target.body.includes(fault.match)) return false
  if (fault.recordId !== undefined && !hasSegment(target.pathAndQuery, String(fault.recordId))) return false
  return suitsKind(fault, target) && (fault.field === undefined || isAbout(fault.field, fault.value, target))
}

/** What some kinds need by their nature. */
function suitsKind({ kind, edit }: Fault, target: FaultTarget): boolean {
  if (kind === 'emptyList') return target.isList
  if (kind === 'refusal') return target.method !== 'GET'
  if (kind !== 'outOfBandEdit') return true
  if (target.method !== 'PATCH') return false
  const record = target.record()
  return record !== null && Object.keys(edit ?? {}).every((name) => name in record)
}

function hasSegment(pathAndQuery: string, id: string): boolean {
  const [path = ''] = pathAndQuery.split('?')
  return path.split('/').some((segment) => segment.toLowerCase() === encodeURIComponent(id).toLowerCase())
}

function isAbout(field: string, value: Fault['value'], target: FaultTarget): boolean {
  if (says(parsed(target.body), field, String(value))) return true
  const stored = target.record()?.[field]
  return stored !== undefined && stored !== null && String(stored) === String(value)
}

/** At any depth, as a property or as an operation of a JSON Patch on it. */
function says(json: unknown, field: string, value: string): boolean {
  if (typeof json !== 'object' || json === null) return false
  if (Array.isArray(json)) return json.some((entry) => says(entry, field, value))
  const object = json as Readonly<Record<string, unknown>>
  if (isValue(object[field], value)) return true
  if (object['path'] === `/${field}` && isValue(object['value'], value)) return true
  return Object.values(object).some((entry) => says(entry, field, value))
}

function isValue(found: unknown, value: string): boolean {
  return found !== undefined && found !== null && typeof found !== 'object' && String(found) === value
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
