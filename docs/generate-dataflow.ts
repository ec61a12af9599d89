import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { dataflowDocument } from '../flows/dataflow-document.ts'
import { allFlows } from '../flows/registry.ts'

/** Writes docs/dataflow.md from the definitions: `node --import tsx docs/generate-dataflow.ts`. */
const path = fileURLToPath(new URL('dataflow.md', import.meta.url))
writeFileSync(path, dataflowDocument(allFlows))
process.stdout.write(`${path} says what flows/ defines\n`)
