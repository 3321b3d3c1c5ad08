import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { bundled, GENERATED } from './bundled.js'
import { bundleProgram } from './program.js'

mkdirSync(dirname(GENERATED), { recursive: true })
writeFileSync(GENERATED, bundled())
await bundleProgram('dist')
