import type { ConflictRule, Direction, FieldDefinition, FlowDefinition, SideMapping } from '../flow-definition.ts'
import type { Side } from '../side.ts'
import { otherSpellings } from './spellings.ts'
import { cell, code, typeWords } from './words.ts'

const directionWords: Readonly<Record<Direction, string>> = {
  both: 'both',
  toShop: '-> webshop',
  toErp: '-> PowerOffice',
  atCreation: 'at creation',
}

const conflictWords: Readonly<Record<ConflictRule, string>> = {
  latest: 'latest',
  erp: 'PowerOffice',
  shop: 'webshop',
  ask: 'ask',
  byLock: 'by lock',
}

/** Beyond this, an enum's values would burst the table; how many there are is said instead. */
const mostValuesInTable = 12

/** One row a field: property and type on both sides, direction, and what happens when both were edited. */
export function fieldTable(flow: FlowDefinition): string {
  const head = ['field', 'PowerOffice', 'type', 'webshop', 'type', 'direction', 'both edited']
  const rows = flow.fields.map((field) => [
    field.name,
    propertyOf(field.erp),
    typeOf(field, 'erp'),
    propertyOf(field.shop),
    typeOf(field, 'shop'),
    directionWords[field.direction],
    conflictWords[field.conflict],
  ])
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')
}

function propertyOf(mapping: SideMapping): string {
  if ('path' in mapping) {
    return mapping.writes === undefined ? code(mapping.path) : `${code(mapping.path)}; written: ${code(mapping.writes)}`
  }
  if ('constant' in mapping) return `always ${code(mapping.constant)}`
  if ('parts' in mapping) return Object.values(mapping.parts).map(code).join(', ')
  const shown = mapping.allOf.map(booleanProperty).join(' and ')
  const written = booleanProperty(mapping.writes)
  return shown === written ? shown : `${shown}; written: ${written}`
}

function booleanProperty(path: string): string {
  return path.startsWith('!') ? `not ${code(path.slice(1))}` : code(path)
}

/** The type as the canonical rule knows it, in the spelling of the side where the two differ. */
function typeOf(field: FieldDefinition, side: Side): string {
  const mapping = field[side]
  if ('path' in mapping && mapping.values) return `${typeWords[field.type]}${enumWords(mapping.values)}`
  if (field.type === 'reference' && field.refersTo !== undefined) return `reference to ${code(field.refersTo)}`
  if ('parts' in mapping) return `${typeWords[field.type]} (one group)`
  const scale = field.type === 'decimal' && field.scale !== undefined ? `, up to ${field.scale} decimals` : ''
  // The webshop's contract has numbers as text, as people read them.
  const isTextThere = side === 'shop' && (field.type === 'integer' || field.type === 'decimal')
  return `${typeWords[field.type]}${scale}${isTextThere ? ', as text' : ''}`
}

function enumWords(values: Readonly<Record<string, string>>): string {
  const spellings = Object.entries(values)
  if (spellings.length > mostValuesInTable) {
    const others = otherSpellings(values).length
    return ` of ${new Set(Object.values(values)).size} values${others === 0 ? '' : `, ${others} more spellings are understood`}`
  }
  return `: ${spellings
    .map(([vendor, canonical]) => (vendor === canonical ? code(vendor) : `${code(vendor)} = ${canonical}`))
    .join(', ')}`
}
