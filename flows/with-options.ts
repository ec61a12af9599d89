import type { FieldDefinition, FlowDefinition } from './flow-definition.ts'
import type { CompanyOptions } from './flow-options.ts'

/** The part of a company's options that changes what a flow keeps equal (flows/flow-options.ts); absent: as by default. */
export interface DefinitionOptions {
  readonly activeBothWays?: boolean
  readonly stock?: 'erp' | 'off'
}

export function definitionOptions({ customers, products }: CompanyOptions): DefinitionOptions {
  return { activeBothWays: customers.activeBothWays, stock: products.stock }
}

/**
 * The flow as the company wants it. Pure; workers and workflows make it from the same options. Fields keep their places and
 * hashes, so rows of before an option was changed are still understood, and the version stands.
 */
export function withOptions(definition: FlowDefinition, options: DefinitionOptions): FlowDefinition {
  const changed = changedField(definition, options)
  if (changed === null) return definition
  return { ...definition, fields: definition.fields.map((field) => (field.name === changed.name ? changed : field)) }
}

function changedField(definition: FlowDefinition, options: DefinitionOptions): FieldDefinition | null {
  const named = (name: string) => definition.fields.find((field) => field.name === name)
  if (definition.name === 'customers' && options.activeBothWays === true) {
    const active = named('active')
    return active ? { ...active, direction: 'both' } : null
  }
  if (definition.name === 'products' && options.stock === 'off') {
    const stock = named('stock')
    return stock ? { ...stock, isOff: true } : null
  }
  return null
}
