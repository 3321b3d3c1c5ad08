// Runs all tests with their files in another order each time, or with TEST_SEED in the order of that seed.
// Arguments go to mocha.
import { spawnSync } from 'node:child_process'
import { createHash, randomInt } from 'node:crypto'
import { readdirSync } from 'node:fs'

const seed = process.env['TEST_SEED'] ?? String(randomInt(1_000_000))
console.log(`The order of test files is that of TEST_SEED=${seed}`)

/** Where the seed puts a file; another file that comes or goes moves none. */
const place = (file: string): string => createHash('sha256').update(`${seed} ${file}`).digest('hex')

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => ({ path: `test/${file}`, place: place(file) }))
  .sort((one, other) => (one.place < other.place ? -1 : 1))
  .map(({ path }) => path)

const mocha = [
  'node_modules/mocha/bin/mocha.js',
  '--parallel',
  '--jobs',
  '2',
  ...process.argv.slice(2),
  ...files,
]
const { status } = spawnSync(process.execPath, mocha, { stdio: 'inherit' })
process.exitCode = status ?? 1
