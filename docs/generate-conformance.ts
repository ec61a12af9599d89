/** Writes the table of rules into docs/conformance.md: `node --import tsx docs/generate-conformance.ts`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { withRulesTable } from '../client/conformance/rules-table.ts'

const page = new URL('./conformance.md', import.meta.url)
writeFileSync(page, withRulesTable(readFileSync(page, 'utf8')))
