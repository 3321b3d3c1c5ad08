import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { build } from 'esbuild'
import type { Simulator } from '../../simulator/simulator.js'
import type { Gate } from '../../simulator/wire/call.js'
import { readConfig } from '../../src/config/config.js'
import { Claims } from '../../src/history/claims.js'
import { verify } from '../../src/history/verify.js'
import type { Instant } from '../../src/model.js'
import { assemble } from '../../src/run/assemble.js'
import { identifyRun } from '../../src/run/attempt.js'
import { audit, type Outcome } from '../../src/run/audit.js'
import { archiveIn, delivered, inDirectory, recordsOfRun, worldOf } from './remembered.js'
import { onStage, UNCOVERED } from './stage.js'

const TIME = '2026-11-23T07:00:00Z' as Instant
const KEYS = '[{id: one, name: One, created: 400d ago}, {id: two, name: Two, created: 400d ago}]'

/** Where a run is killed: by itself, or by the server it talks to when a request has come in or is answered. */
const STEPS = [
  'before create records-',
  'after create records-',
  'after create manifest',
  'request logging.entries.write 1',
  'answer logging.entries.write 1',
  'after deliver logging',
  'after create logging.*done',
  'after create slack.*-1$',
  'request slack.chat.postMessage 1',
  'answer slack.chat.postMessage 1',
  'answer slack.chat.postMessage 2',
  'after deliver slack',
  'after create slack.*done',
  'after create noted',
] as const

const ARCHIVES: readonly (readonly [string, (directory: string) => string])[] = [
  ['a directory', (directory) => directory],
  ['a locked bucket', () => 'gs://audits/gemini'],
]

/** The attempt in one file, which starts much faster than its sources; as deep in the project as they are. */
const ATTEMPT = `.gemini-key-audit/killed-attempt-${process.pid}.mjs`

function nameOf(step: string): string {
  return `killed-${STEPS.indexOf(step as (typeof STEPS)[number])}`
}

/** Kills the process that a step means when its request comes in, or when it has been carried out. */
function killing(children: ReadonlyMap<string, ChildProcess>): Gate {
  const counts = new Map<string, number>()
  return async (call, answer) => {
    const audit = /killed-\d+/.exec(`${call.body}${call.headers['x-audit'] ?? ''}`)?.[0] ?? ''
    const step = STEPS.find((each) => nameOf(each) === audit) ?? ''
    const [when, operation, nth = '1'] = step.split(' ')
    if (operation !== call.operation) return answer()
    const count = (counts.get(audit) ?? 0) + 1
    counts.set(audit, count)
    const isIt = String(count) === nth
    if (isIt && when === 'request') {
      children.get(audit)?.kill('SIGKILL')
      return { hangup: 'reset' }
    }
    const outcome = await answer()
    if (isIt && when === 'answer') {
      children.get(audit)?.kill('SIGKILL')
      return { hangup: 'reset' }
    }
    return outcome
  }
}

function start(step: string, env: Record<string, string>, name = nameOf(step)): ChildProcess {
  return spawn(process.execPath, [ATTEMPT], {
    env: { ...process.env, ...env, ...UNCOVERED, AUDIT_NAME: name, STEP: step, RUN_TIME: TIME },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** The retry that Cloud Scheduler makes, with claims that run out sooner. */
async function retry(step: string, env: Record<string, string>): Promise<Outcome> {
  const config = readConfig({ flags: {}, env: { ...env, AUDIT_NAME: nameOf(step) } })
  const now = () => TIME
  const parts = await assemble(config, env, { now, deliver: true })
  const { archive } = parts
  assert.ok(archive)
  return audit(identifyRun(config, TIME, TIME), {
    ...parts,
    claimsOf: (run) => new Claims(archive.store, run, { now, lifetime: 300, pause: 20 }),
  })
}

function arrivedIn(simulator: Simulator, step: string) {
  const messages = simulator
    .slackMessages()
    .filter(({ sent }) => JSON.stringify(sent).includes(`${nameOf(step)}\\"`))
  return {
    digests: messages.filter(({ threadTs }) => threadTs === undefined).length,
    replies: messages.flatMap(({ sent }) => /"part\\?":(\d)/.exec(JSON.stringify(sent))?.[1] ?? []),
    entries: simulator.logEntries().filter(({ labels }) => labels['audit'] === nameOf(step)),
  }
}

/** What packages written for CommonJS take for granted. */
const COMMONJS = `
import { createRequire as createRequireHere } from 'node:module'
import { fileURLToPath as pathHere } from 'node:url'
const require = createRequireHere(import.meta.url)
const __filename = pathHere(import.meta.url)
const __dirname = pathHere(new URL('.', import.meta.url))
`

describe('a run that is killed', function () {
  this.timeout(120_000)

  before(async () => {
    await build({
      entryPoints: ['test/end-to-end/killed-attempt.ts'],
      outfile: ATTEMPT,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      external: ['@resvg/resvg-js'],
      banner: { js: COMMONJS },
    })
  })

  after(() => rm(ATTEMPT, { force: true }))

  for (const [kind, archive] of ARCHIVES) {
    it(`is delivered by the retry, with its archive in ${kind}: one digest, no record lost or altered`, async () => {
      await inDirectory(async (directory) => {
        const children = new Map<string, ChildProcess>()
        const use = async ({ simulator, env }: { simulator: Simulator; env: Record<string, string> }) => {
          const settings = { ...env, AUDIT_ARCHIVE: archive(directory) }
          const killed = STEPS.map(async (step) => {
            const child = start(step, settings)
            children.set(nameOf(step), child)
            const [, signal] = await once(child, 'exit')
            assert.equal(signal, 'SIGKILL', `not killed: ${step}`)
          })
          await Promise.all(killed)
          children.clear()
          for (const step of STEPS) {
            const before = arrivedIn(simulator, step)
            const run = delivered(await retry(step, settings))
            const { digests, replies, entries } = arrivedIn(simulator, step)
            assert.equal(digests, 1, `${step}: digests`)
            assert.ok(replies.length > 1, `${step}: no thread`)
            assert.deepEqual(
              replies,
              [...replies.keys()].map((at) => `${at + 1}`),
              `${step}: replies`,
            )
            const ids = entries.map(({ insertId }) => insertId)
            assert.deepEqual(
              before.entries.filter(({ insertId }) => !ids.includes(insertId)),
              [],
              step,
            )
            const kinds = entries.map(({ labels }) => labels['record']).sort()
            assert.deepEqual(kinds, ['delivery', 'key', 'key', 'run'], `${step}: records`)
            const logged = entries.filter(({ labels }) => labels['record'] !== 'delivery')
            assert.deepEqual(
              new Set(logged.map(({ jsonPayload }) => JSON.stringify(sorted(jsonPayload)))),
              new Set((await recordsOfRun(run)).map((record) => JSON.stringify(sorted(record)))),
              step,
            )
          }
          if (kind === 'a directory') {
            for (const step of STEPS) {
              const { breaks, foreign } = await verify(archiveIn(directory), nameOf(step), { now: TIME })
              assert.deepEqual([...breaks, ...foreign], [], step)
            }
          }
        }
        await onStage(worldOf(KEYS), use, { gates: [killing(children)] })
      })
    })

    it(`is delivered once by three processes at once, with its archive in ${kind}`, async () => {
      await inDirectory((directory) =>
        onStage(worldOf(KEYS), async ({ simulator, env }) => {
          const settings = { ...env, AUDIT_ARCHIVE: archive(directory), LIFETIME: '60000' }
          const attempts = [1, 2, 3].map(() => once(start('never', settings, 'twice'), 'exit'))
          assert.deepEqual(await Promise.all(attempts), Array(3).fill([0, null]))
          const digests = simulator.slackMessages().filter(({ threadTs }) => threadTs === undefined)
          assert.equal(digests.length, 1)
          assert.equal(simulator.slackFiles().length, 1)
          const kinds = simulator.logEntries().map(({ labels }) => labels['record'])
          assert.deepEqual(kinds.sort(), ['delivery', 'key', 'key', 'run'])
        }),
      )
    })
  }
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([name, part]) => [name, sorted(part)]),
  )
}
