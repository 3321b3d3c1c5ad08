import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { readWorldFile } from '../../simulator/world/file.js'
import { refused, withGcloud } from '../deploy/gcloud.js'
import { lineOf } from '../deploy/recorded.js'
import { delivered, inDirectory, runAt } from '../end-to-end/remembered.js'
import { onStage } from '../end-to-end/stage.js'
import { main } from '../program.js'
import { commandsOf, documents, fencesIn } from './fences.js'
import { Folder, type Ran, ServedProgram } from './folder.js'
import { isPresent, LOOKERS, seenBy } from './left-out.js'
import { EXCEPTIONS, FAILING, REPLACED, replaced } from './named.js'

const MINUTE = 60_000
/** Guards against a hanging command; what a script takes depends on what else the machine does. */
const SCRIPT_LIMIT = 4 * MINUTE
/** Fences that hold no commands of a shell. */
const DATA = ['text', 'sql', 'logging', 'yaml', 'hcl']

/** What is to be copied from each document that has something. */
const SCRIPTS = new Map(
  [...documents()]
    .map(([page, markdown]) => [page, fencesIn(markdown).map(commandsOf).join('')] as const)
    .filter(([, script]) => script !== ''),
)

/** The built program, in one process for all scripts. */
let served: Promise<ServedProgram> | undefined

function servedProgram(): Promise<ServedProgram> {
  served ??= ServedProgram.start()
  return served
}

after(async () => {
  await (await served)?.end()
})

interface Setting {
  readonly folder: Folder
  /** The run a minute ago that log and archive remember. */
  readonly run: string
}

/** A fresh folder with the simulator that the documents' examples name, and one run behind it. */
async function inFolder(use: (setting: Setting) => Promise<void>): Promise<void> {
  const now = () => new Date()
  const world = await readWorldFile('test/documents/world.yaml', now())
  await inDirectory((directory) =>
    onStage(
      world,
      async ({ simulator, env }) => {
        const { AUDIT_SCOPE, SLACK_BOT_TOKEN, SLACK_CHANNEL, ...others } = env
        const run = new Date(Date.now() - MINUTE).toISOString().replace(/\.\d+/, '')
        const remember = (archive: string) =>
          runAt(run, { ...others, AUDIT_SCOPE: `${AUDIT_SCOPE}`, AUDIT_ARCHIVE: archive }).then(delivered)
        const { record } = await remember(`${REPLACED['gs://BUCKET/PREFIX']}`)
        const entries = simulator.logEntries()
        await remember(join(directory, 'archive'))
        const path = join(directory, 'checkout')
        await mkdir(path)
        const folder = new Folder(path, (await servedProgram()).port, {
          ...others,
          RUN: join(directory, 'archive', record.audit, 'runs', run.replaceAll(':', '-')),
          EXPORT: join(path, 'export.json'),
        })
        await folder.prepare()
        folder.give('export.json', JSON.stringify(entries))
        folder.give('exported.ndjson', entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
        await use({ folder, run })
      },
      { now },
    ),
  )
}

interface PageRun {
  readonly ran: Ran
  /** Paths within the folder. */
  readonly written: readonly string[]
}
const pageRuns = new Map<string, Promise<PageRun>>()

/** Runs the commands of a page, once for all tests that ask. */
function runPage(page: string): Promise<PageRun> {
  const running = pageRuns.get(page) ?? runScript(SCRIPTS.get(page) ?? assert.fail(page))
  pageRuns.set(page, running)
  return running
}

async function runScript(script: string): Promise<PageRun> {
  let outcome: PageRun | undefined
  await inFolder(async ({ folder, run }) => {
    const ran = await folder.run(replaced(script, { ...REPLACED, '2026-11-23T07:00:00Z': run }))
    outcome = { ran, written: folder.written() }
  })
  return outcome ?? assert.fail('the script was not run')
}

async function runPages(): Promise<readonly PageRun[]> {
  const runs: PageRun[] = []
  for (const page of SCRIPTS.keys()) runs.push(await runPage(page))
  return runs
}

/** That each command of a script ended as it should. */
function assertDone({ failed, status, said }: Ran, script: string): void {
  const lineOf = (command: string) => Object.keys(FAILING).find((line) => replaced(line) === command)
  const expected = Object.entries(FAILING)
    .filter(([line]) => script.includes(line))
    .map(([, code]) => code)
  const wrong = failed.filter((one) => FAILING[lineOf(one.command) ?? ''] !== one.status)
  assert.deepEqual(wrong, [], said)
  assert.deepEqual(
    failed.map((one) => one.status),
    expected,
    said,
  )
  assert.equal(status, 0, said)
}

describe('the commands of the documents', () => {
  for (const [page, script] of SCRIPTS) {
    it(`${page}: each does what it is for, as it stands there`, async () => {
      assertDone((await runPage(page)).ran, script)
    }).timeout(SCRIPT_LIMIT)
  }

  withGcloud('are taken by gcloud’s own parser, where they are gcloud’s', async () => {
    const calls = (await runPages()).flatMap(({ ran }) => ran.gcloud.map(lineOf))
    assert.ok(new Set(calls).size > 40)
    assert.deepEqual([...(await refused(calls)).values()], [])
  }).timeout(SCRIPTS.size * SCRIPT_LIMIT)

  for (const name of LOOKERS) {
    const define = isPresent(name) ? it : it.skip
    define(
      `write only where ${isPresent(name) ? name : `${name} (not installed)`} does not look`,
      async () => {
        const written = (await runPages()).flatMap((run) => run.written)
        assert.ok(written.includes('out/report.html') && written.includes('out/keys.csv'), written.join())
        const paths = [...new Set(written), 'out/data.json', 'data.json']
        assert.deepEqual(await seenBy(name, paths), ['data.json'])
      },
    ).timeout(SCRIPTS.size * SCRIPT_LIMIT)
  }

  it('are in fences whose language says so', () => {
    const languages = [...documents().values()].flatMap((text) =>
      fencesIn(text).map(({ language }) => language),
    )
    assert.ok(languages.length > 40)
    assert.deepEqual(
      languages.filter((language) => language !== 'sh' && !DATA.includes(language)),
      [],
    )
  })

  it('need every exception, replacement and failure that is named', () => {
    const all = [...SCRIPTS.values()].join('')
    for (const [line, why] of Object.entries(EXCEPTIONS)) assert.ok(all.includes(line) && why !== '', line)
    for (const line of Object.keys(FAILING)) assert.ok(all.includes(line), line)
    for (const word of Object.keys(REPLACED)) assert.notEqual(replaced(all, { [word]: '' }), all, word)
  })
})

/** What the program prints, run here. */
async function printed(...args: string[]): Promise<string> {
  let out = ''
  const into = new Writable({
    write(chunk, _encoding, done) {
      out += chunk
      done()
    },
  })
  assert.equal(await main(args, { out: into, err: into, env: {}, now: () => new Date() }), 0)
  return out
}

/** Examples of values, such as `--expect-every <TIME>  longest time, such as 26h`, by command. */
function examplesIn(command: string, help: string): readonly string[] {
  const options = help
    .replaceAll(/\n {12,}/g, ' ')
    .matchAll(/^ {2}(?:-\w, )?(--[\w-]+) .*such as ([^\s;,)]+)/gm)
  return [...options].map(([, flag, value]) => `npx gemini-key-audit ${command} ${flag} ${value}`)
}

describe('the examples of help', () => {
  it('are taken as they stand there', async () => {
    const commands = [...(await printed('--help')).matchAll(/^ {2}([a-z]+) \[/gm)].map(
      ([, name = '']) => name,
    )
    const helps = await Promise.all(
      commands.map(async (name) => [name, await printed(name, '--help')] as const),
    )
    const whole = helps.flatMap(([, help]) => help.match(/(?<=^ +)npx gemini-key-audit .*$/gm) ?? [])
    const values = helps.flatMap(([name, help]) => examplesIn(name, help))
    assert.ok(whole.length >= 3 && values.length >= 3, [...whole, ...values].join('\n'))
    const script = [...whole, ...values].map((line) => `${line}\n`).join('')
    await inFolder(async ({ folder, run }) => {
      const archive = `export AUDIT_ARCHIVE=${REPLACED['gs://BUCKET/PREFIX']}\n`
      assertDone(await folder.run(archive + replaced(script, { '2026-11-23T07:00:00Z': run })), script)
    })
  }).timeout(SCRIPT_LIMIT)

  it('and what the demo recommends can be copied', async () => {
    await inFolder(async ({ folder }) => {
      const { said } = await folder.run('npx gemini-key-audit demo --out "my demo"')
      const command = /^.* (npx gemini-key-audit history .*)$/m.exec(said)?.[1] ?? assert.fail(said)
      const listed = await folder.run(command)
      assertDone(listed, '')
      assert.match(listed.said, /incomplete/)
    })
  }).timeout(SCRIPT_LIMIT)
})
