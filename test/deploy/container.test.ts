import assert from 'node:assert/strict'
import { execFile, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { layOut } from '../../scripts/image.js'
import type { RunRecord } from '../../src/records/run-record.js'
import { recordsIn } from '../end-to-end/stage.js'
import { isInstalled, titled } from './gcloud.js'
import { freePort, onInstallation, scheduled, untilServed } from './installation.js'

const run = promisify(execFile)
const PATH = 'deploy/container/Dockerfile'

interface Instruction {
  readonly name: string
  readonly words: string
}

/** The instructions of a Dockerfile, stage by stage; what stands before the first one is left out. */
function stages(): readonly (readonly Instruction[])[] {
  const lines = readFileSync(PATH, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return lines
    .join('\n')
    .split(/^(?=FROM )/m)
    .filter((stage) => stage.startsWith('FROM '))
    .map((stage) =>
      stage
        .trim()
        .split('\n')
        .map((line) => {
          const [, name = '', words = ''] = /^(\S+) (.*)$/.exec(line) ?? []
          return { name, words }
        }),
    )
}

const last = () => stages().at(-1) ?? assert.fail()
const said = (name: string) => last().flatMap((one) => (one.name === name ? [one.words] : []))
const listIn = (text = ''): readonly string[] => JSON.parse(text)

describe('the Dockerfile', () => {
  it('does not lie where gcloud would build the function from it', () => {
    assert.ok(!existsSync('Dockerfile'))
  })

  it('has one image for all stages', () => {
    const images = new Set(stages().map(([from]) => from?.words.replace(/ AS \w+$/, '')))
    assert.equal(images.size, 1)
    assert.match([...images].join(), /^node:24-slim(?:@sha256:[0-9a-f]{64})?$/)
  })

  it('takes nothing but the laid-out files, belongs to root and runs as another user', () => {
    assert.deepEqual(said('COPY'), ['--from=build /image/ ./'])
    assert.deepEqual(said('ADD'), [])
    assert.deepEqual(said('USER'), ['1000:1000'])
    assert.match(
      stages()[0]?.find(({ name }) => name === 'RUN')?.words ?? '',
      /--ignore-scripts .*image-files -- \/image$/,
    )
  })

  ;(isInstalled('hadolint') ? it : it.skip)(titled('has no fault that hadolint sees', 'hadolint'), () => {
    const { status, stdout } = spawnSync('hadolint', [PATH], { encoding: 'utf8' })
    assert.equal(status, 0, stdout)
  })
})

describe('the container’s files', () => {
  let image = ''

  before(() => {
    assert.ok(existsSync('dist/index.js'), 'npm run build comes before the tests')
    image = mkdtempSync(join(tmpdir(), 'image-'))
    layOut(image)
  })

  after(() => rmSync(image, { recursive: true, force: true }))

  /** Paths in the image, to see that nothing is written there. */
  const files = () => readdirSync(image, { recursive: true, encoding: 'utf8' }).length

  it('are the program and few packages: none that is bundled, none for development', () => {
    const packages = readdirSync(join(image, 'node_modules'))
    for (const name of ['googleapis', 'commander', 'typescript', 'mocha'])
      assert.ok(!packages.includes(name), name)
    assert.ok(!readdirSync(join(image, 'dist')).some((name) => name.endsWith('.map')))
  })

  it('draw pictures, with the library and the font beside the program', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    const script = `
      const { Resvg } = await import('@resvg/resvg-js')
      import.meta.resolve('@expo-google-fonts/lato/package.json')
      process.stdout.write(new Resvg('${svg}').render().asPng().subarray(1, 4))`
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: image })
    assert.equal(stdout, 'PNG')
  })

  it('serve the function, by the image’s own command', async () => {
    const [program = '', ...words] = [...listIn(said('ENTRYPOINT')[0]), ...listIn(said('CMD')[0])]
    assert.equal(program, 'node')
    await onInstallation(async ({ simulator, env }) => {
      const before = files()
      const port = await freePort()
      const child = spawn(process.execPath, words, {
        cwd: image,
        env: { ...env, PORT: String(port), NODE_ENV: 'production' },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text) => {
          output += text
        })
      try {
        const url = `http://127.0.0.1:${port}/`
        await untilServed(url, child, () => output)
        const answer = await fetch(url, scheduled(new Date()))
        const record = (await answer.json()) as RunRecord
        assert.equal(answer.status, 200, `${JSON.stringify(record)} ${output}`)
        assert.equal(simulator.slackMessages().filter(({ threadTs }) => threadTs === undefined).length, 1)
        assert.equal(files(), before, 'nothing is written into the image')
      } finally {
        child.kill('SIGKILL')
      }
    })
  }).timeout(120_000)

  it('run the job, whose second attempt goes on with the first', async () => {
    await onInstallation(async ({ simulator, env }) => {
      const before = files()
      const attempted = (attempt: number, more: NodeJS.ProcessEnv = {}) =>
        run(process.execPath, ['dist/cli.js', 'audit', '--deliver', '--quiet'], {
          cwd: image,
          env: {
            ...env,
            CLOUD_RUN_EXECUTION: 'gemini-key-audit-abc12',
            CLOUD_RUN_TASK_ATTEMPT: String(attempt),
            ...more,
          },
        })
      await assert.rejects(attempted(0, { SLACK_CHANNEL: 'C0999ABCD' }), { code: 1 })
      await attempted(1)
      await attempted(2)
      assert.equal(simulator.slackMessages().filter(({ threadTs }) => threadTs === undefined).length, 1)
      assert.equal(new Set(recordsIn(simulator, 'run').map(({ run }) => run)).size, 1)
      assert.equal(files(), before, 'nothing is written into the image')
    })
  }).timeout(120_000)
})
