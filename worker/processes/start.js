// Runs a TypeScript file of this project as a process: `node worker/processes/start.js <file> [arguments]`.
import { resolve } from 'node:path'
import { importCompiled } from './import-compiled.js'

const entry = resolve(process.argv[2] ?? '')
// As if Node had been given the file itself.
process.argv.splice(1, 2, entry)
await importCompiled(entry)
