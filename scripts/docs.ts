import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pages } from './pages.js'
import { roleFiles } from './roles.js'

for (const [path, text] of Object.entries({ ...pages(), ...roleFiles() })) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  console.log(path)
}
