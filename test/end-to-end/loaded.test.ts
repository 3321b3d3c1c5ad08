import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { inDirectory } from './remembered.js'
import { onStage, smallWorld } from './stage.js'

const run = promisify(execFile)

/** The names of all files that a script has loaded, as Node's own coverage of it tells them. */
function loadedBy(script: string, env: Record<string, string> = {}): Promise<readonly string[]> {
  return inDirectory(async (directory) => {
    await run(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, ...env, NODE_V8_COVERAGE: directory },
    })
    const reports = await Promise.all(
      (await readdir(directory)).map((file) => readFile(join(directory, file), 'utf8')),
    )
    return reports.flatMap((report): string[] =>
      JSON.parse(report).result.map(({ url }: { url: string }) => url),
    )
  })
}

const built = (file: string) => JSON.stringify(pathToFileURL(`dist/${file}`).href)

const APIS = [
  'apikeys',
  'cloudasset',
  'cloudresourcemanager',
  'monitoring',
  'orgpolicy',
  'serviceusage',
  'storage',
]

const apisIn = (files: readonly string[]) =>
  APIS.filter((api) => files.some((file) => new RegExp(`/dist/${api}-[A-Z0-9]+\\.js$`).test(file)))

describe('the built function', () => {
  it('loads no API of googleapis before one is asked', async () => {
    const loaded = await loadedBy(`await import(${built('index.js')});`)
    assert.deepEqual(apisIn(loaded), [])
    assert.ok(loaded.some((file) => file.includes('functions-framework')))
  })

  it('loads only the APIs that a run asks', async () => {
    await onStage(smallWorld('[{id: one, name: One}]'), async ({ env }) => {
      const loaded = await loadedBy(
        `const { attempt } = await import(${built('attempt.js')});
         const { run } = await attempt({ flags: {}, env: process.env }, { now: () => new Date(), deliver: true });
         if (run.kind !== 'judged') throw new Error(run.record.error);`,
        env,
      )
      assert.deepEqual(apisIn(loaded), ['apikeys', 'cloudasset', 'monitoring', 'orgpolicy'])
    })
  })

  it('holds every API by itself, and never the whole of googleapis', async () => {
    const maps = (await readdir('dist')).filter((file) => file.endsWith('.js.map'))
    const sources = await Promise.all(
      maps.map(async (file): Promise<string[]> => JSON.parse(await readFile(`dist/${file}`, 'utf8')).sources),
    )
    const ofGoogle = sources.flat().filter((source) => source.includes('node_modules/googleapis/'))
    assert.ok(APIS.every((api) => ofGoogle.some((source) => source.includes(`/apis/${api}/index.js`))))
    assert.deepEqual(
      ofGoogle.filter((source) => !source.includes('/googleapis/build/src/apis/')),
      [],
    )
  })

  it('keeps the licences that its sources carry, and leads from each file to its sources', async () => {
    const files = await readdir('dist')
    const scripts = files.filter((file) => file.endsWith('.js'))
    assert.ok(scripts.includes('index.js') && scripts.includes('cli.js'))
    assert.deepEqual(
      scripts.filter((file) => !files.includes(`${file}.map`)),
      [],
    )
    assert.ok(files.some((file) => file.endsWith('.LEGAL.txt')))
  })
})
