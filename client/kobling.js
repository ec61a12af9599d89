#!/usr/bin/env node
// The command `kobling`, from the clone or linked. The sources are TypeScript, so tsx is registered first; in this same process, so that
// exit codes and signals need no passing on.
import { register } from 'tsx/esm/api'

register()
await import('./main.ts')
