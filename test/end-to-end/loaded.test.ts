import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { onStage, smallWorld, UNCOVERED } from './surroundings.js'

const run = promisify(execFile)

/** Prints every CommonJS module that a script has loaded: googleapis is of that kind. */
const LIST = `
  const { createRequire } = await import('node:module')
  const cache = createRequire(process.cwd() + '/x.js').cache
  console.log(JSON.stringify(Object.keys(cache)))
`

async function loadedBy(script: string, env: Record<string, string> = {}): Promise<string[]> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script + LIST], {
    env: { ...process.env, ...env, ...UNCOVERED },
    maxBuffer: 64 * 1024 * 1024,
  })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

const apisIn = (files: readonly string[]) =>
  new Set(files.flatMap((file) => /googleapis\/build\/src\/apis\/([^/]+)\//.exec(file)?.[1] ?? []))

const built = (file: string) => JSON.stringify(pathToFileURL(`dist/${file}`).href)

describe('the built function', () => {
  it('loads no API of googleapis before one is asked', async () => {
    const loaded = await loadedBy(`await import(${built('index.js')});`)
    assert.deepEqual(apisIn(loaded), new Set())
    assert.ok(loaded.some((file) => file.includes('functions-framework')))
  })

  it('loads only the APIs that a run asks, and never the whole googleapis', async () => {
    await onStage(smallWorld('[{id: one, name: One}]'), async ({ env }) => {
      const loaded = await loadedBy(
        `const { attempt } = await import(${built('attempt.js')});
         const { run } = await attempt({ flags: {}, env: process.env }, { now: () => new Date(), deliver: true });
         if (run.kind !== 'judged') throw new Error(run.record.error);`,
        env,
      )
      assert.deepEqual(apisIn(loaded), new Set(['apikeys', 'cloudasset', 'monitoring', 'orgpolicy']))
      assert.ok(!loaded.some((file) => file.endsWith('googleapis/build/src/index.js')))
      assert.ok(!loaded.some((file) => file.endsWith('googleapis/build/src/googleapis.js')))
    })
  })
})
