export { customers } from './customers.ts'
export { linkMemory } from './link-memory.ts'
