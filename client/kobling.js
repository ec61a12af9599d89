#!/usr/bin/env node
// The command `kobling`, from the clone or linked: the TypeScript beside this, in this same process, so that exit codes and signals need
// no passing on.
import { fileURLToPath } from 'node:url'
import { importCompiled } from '../worker/processes/import-compiled.js'

await importCompiled(fileURLToPath(new URL('./main.ts', import.meta.url)))
