import { writeFileSync } from 'node:fs'
import { switchesDocument } from '../test/switch-facts/switches-document.ts'

/** Writes docs/switches.md from what the tests hold the sync to: `node --import tsx docs/generate-switches.ts`. */
const path = new URL('./switches.md', import.meta.url)
writeFileSync(path, switchesDocument())
