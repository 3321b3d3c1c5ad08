import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { UNCOVERED } from './end-to-end/stage.js'

const run = promisify(execFile)

/** What Node prints on standard error where a program gives two warnings. */
async function warned(...before: readonly string[]): Promise<string> {
  const program = [
    "import { suppressWarnings } from './src/warnings.ts'",
    ...before,
    "process.emitWarning('received unexpected error', 'MetadataLookupWarning')",
    "process.emitWarning('something else', 'OtherWarning')",
  ].join('\n')
  const args = ['--import=tsx', '--input-type=module', '--eval', program]
  const { stderr } = await run(process.execPath, args, { env: { ...process.env, ...UNCOVERED } })
  return stderr
}

describe('warnings of Node', () => {
  it('that no metadata server answers are left out, and no others', async () => {
    assert.match(await warned(), /MetadataLookupWarning: received unexpected error/)
    const printed = await warned('suppressWarnings(process)')
    assert.doesNotMatch(printed, /MetadataLookupWarning/)
    assert.match(printed, /OtherWarning: something else/)
  })

  it('are left out by both entries', () => {
    for (const entry of ['src/cli.ts', 'src/index.ts'])
      assert.match(readFileSync(entry, 'utf8'), /^suppressWarnings\(process\)$/m)
  })
})

describe('the Node that is needed', () => {
  it('is said the same everywhere', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8'))
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
    assert.deepEqual(lock.packages[''].engines, engines)
    const [, least] = /^>=(\d+)$/.exec(engines.node) ?? []
    assert.match(readFileSync('README.md', 'utf8'), new RegExp(`Node \\(${least} or newer`))
    assert.match(readFileSync('CONTRIBUTING.md', 'utf8'), new RegExp(`Node ${least} or newer is needed`))
  })
})
