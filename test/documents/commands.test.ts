import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { readWorldFile } from '../../simulator/world/file.js'
import { refused, withGcloud } from '../deploy/gcloud.js'
import { lineOf } from '../deploy/recorded.js'
import { delivered, inDirectory, runAt } from '../end-to-end/remembered.js'
import { onStage } from '../end-to-end/surroundings.js'
import { main } from '../program.js'
import { commandsOf, documents, fencesIn } from './fences.js'
import { Folder, type Ran } from './folder.js'
import { isPresent, LOOKERS, seenBy } from './left-out.js'
import { EXCEPTIONS, FAILING, REPLACED, replaced } from './named.js'

const MINUTE = 60_000
/** Fences that hold no commands of a shell. */
const DATA = ['text', 'sql', 'logging', 'yaml']

/** What is to be copied from each document that has something. */
const SCRIPTS = new Map(
  [...documents()]
    .map(([page, markdown]) => [page, fencesIn(markdown).map(commandsOf).join('')] as const)
    .filter(([, script]) => script !== ''),
)

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
        const { AUDIT_SCOPE, SLACK_BOT_TOKEN, SLACK_CHANNEL, ...surroundings } = env
        const run = new Date(Date.now() - MINUTE).toISOString().replace(/\.\d+/, '')
        const remember = (archive: string) =>
          runAt(run, { ...surroundings, AUDIT_SCOPE: `${AUDIT_SCOPE}`, AUDIT_ARCHIVE: archive }).then(
            delivered,
          )
        const { record } = await remember(`${REPLACED['gs://BUCKET/PREFIX']}`)
        const entries = simulator.logEntries()
        await remember(join(directory, 'archive'))
        const path = join(directory, 'checkout')
        await mkdir(path)
        const folder = new Folder(path, {
          ...surroundings,
          RUN: join(directory, 'archive', record.audit, 'runs', run.replaceAll(':', '-')),
          EXPORT: join(path, 'export.json'),
        })
        await folder.prepare()
        folder.give('export.json', JSON.stringify(entries))
        folder.give('exported.ndjson', entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
        try {
          await use({ folder, run })
        } finally {
          await folder.end()
        }
      },
      { now },
    ),
  )
}

/** That each command of a script ended as it should. */
function assertDone({ failed, status, said }: Ran, script: string): void {
  const told = (command: string) => Object.keys(FAILING).find((line) => replaced(line) === command)
  const expected = Object.entries(FAILING)
    .filter(([line]) => script.includes(line))
    .map(([, code]) => code)
  const wrong = failed.filter((one) => FAILING[told(one.command) ?? ''] !== one.status)
  assert.deepEqual(wrong, [], said)
  assert.deepEqual(
    failed.map((one) => one.status),
    expected,
    said,
  )
  assert.equal(status, 0, said)
}

describe('the commands of the documents', () => {
  const gcloud = new Set<string>()
  const written = new Set<string>()

  for (const [page, script] of SCRIPTS) {
    it(`${page}: each does what it is for, as it stands there`, async () => {
      await inFolder(async ({ folder, run }) => {
        const ran = await folder.run(replaced(script, { ...REPLACED, '2026-11-23T07:00:00Z': run }))
        assertDone(ran, script)
        for (const call of ran.gcloud) gcloud.add(lineOf(call))
        for (const path of folder.written()) written.add(path)
      })
    }).timeout(240_000)
  }

  withGcloud('are taken by gcloud’s own parser, where they are gcloud’s', async () => {
    assert.ok(gcloud.size > 40)
    assert.deepEqual(await refused([...gcloud]), [])
  })

  for (const name of LOOKERS) {
    const define = isPresent(name) ? it : it.skip
    define(
      `write only where ${isPresent(name) ? name : `${name} (not installed)`} does not look`,
      async () => {
        assert.ok(written.has('out/report.html') && written.has('out/keys.csv'), [...written].join())
        const paths = [...written, 'out/data.json', 'data.json']
        assert.deepEqual(await seenBy(name, paths), ['data.json'])
      },
    ).timeout(60_000)
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
  }).timeout(240_000)

  it('and what the demo recommends can be copied', async () => {
    await inFolder(async ({ folder }) => {
      const { said } = await folder.run('npx gemini-key-audit demo --out "my demo"')
      const command = /^.* (npx gemini-key-audit history .*)$/m.exec(said)?.[1] ?? assert.fail(said)
      const listed = await folder.run(command)
      assertDone(listed, '')
      assert.match(listed.said, /incomplete/)
    })
  }).timeout(240_000)
})
