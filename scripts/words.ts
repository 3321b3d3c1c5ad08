/** Prints every sentence that people read, each once, for reading in one go: `npm run words`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OPTIONS } from '../src/config/options.js'
import { HYGIENE_TABLE } from '../src/policy/hygiene.js'
import { RULE_TABLE } from '../src/policy/rules.js'
import { TRAFFIC_CLASSES } from '../src/policy/traffic-classes.js'
import * as glossary from '../src/report/glossary.js'

const GOLDEN = 'test/golden'

/** All texts in a value, however deep. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** What golden files show: digests, tables and messages as people get them. */
function shown(): readonly string[] {
  return readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.txt'))
    .flatMap((file) => readFileSync(join(GOLDEN, file), 'utf8').split('\n'))
}

const texts = [glossary, RULE_TABLE, HYGIENE_TABLE, TRAFFIC_CLASSES, OPTIONS].flatMap(textsIn)
const lines = [...texts, ...shown()].map((line) => line.replace(/^[\s•│]+/, '').trim())
process.stdout.write(`${[...new Set(lines.filter((line) => /\p{L}{2}.* /u.test(line)))].join('\n')}\n`)
