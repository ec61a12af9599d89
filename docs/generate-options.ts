/** Writes the table of options into docs/connect-your-systems.md: `node --import tsx docs/generate-options.ts`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { withOptionsTable } from '../flows/list-options.ts'

const page = new URL('./connect-your-systems.md', import.meta.url)
writeFileSync(page, withOptionsTable(readFileSync(page, 'utf8')))
