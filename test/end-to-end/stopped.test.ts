import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Simulator } from '../../simulator/simulator.js'
import type { Gate } from '../../simulator/wire/call.js'
import { archiveIn, delivered, inDirectory, runAt, worldOf } from './remembered.js'
import { onStage, recordsIn, UNCOVERED } from './stage.js'

const PROJECTS = 64
const ANSWERED = 32

/** As many projects as are looked at at once. */
const AT_ONCE = 16

const AUDIT = 'stopped'

const WORLD = worldOf('[]', {
  projects: Array.from(
    { length: PROJECTS },
    (_, at) =>
      `  - {id: project-${at}, number: ${100 + at}, services: [generativelanguage], keys: [{name: key ${at}, created: 400d ago}]}`,
  ).join('\n'),
})

/** The process that is told to end, and by what. */
interface Victim {
  child?: ChildProcess
  signal: NodeJS.Signals
}

/** In the midst of the confirmation the process is told to end; nothing more is answered. */
function stopping(victim: Victim): Gate {
  return async (call, real) => {
    if (call.operation !== 'apikeys.keys.list' || call.earlier < ANSWERED) return real()
    if (call.earlier === ANSWERED + AT_ONCE - 1) victim.child?.kill(victim.signal) // all hands wait in vain
    return { hangup: 'silence' }
  }
}

/** The process is told to end when the first records are written. */
function stoppingWhileTelling(victim: Victim, isAnswered: boolean): Gate {
  return (call, real) => {
    if (call.operation !== 'logging.entries.write' || call.earlier > 0) return real()
    victim.child?.kill(victim.signal)
    return isAnswered ? real() : Promise.resolve({ hangup: 'silence' })
  }
}

interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly err: string
}

async function end(child: ChildProcess): Promise<Ended> {
  let out = ''
  let err = ''
  child.stdout?.on('data', (text) => {
    out += text
  })
  child.stderr?.on('data', (text) => {
    err += text
  })
  const [code, signal] = await once(child, 'close')
  return { code, signal, out, err }
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [...args], {
    env: { ...process.env, ...env, ...UNCOVERED, AUDIT_NAME: AUDIT, METADATA_SERVER_DETECTION: 'none' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : assert.fail()
}

/** Serves the built function as it is deployed, and asks it as Cloud Scheduler would, or as anybody. */
async function callServed(
  victim: Victim,
  env: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const child = start(['scripts/start.mjs'], { ...env, PORT: `${port}` })
  const ended = end(child)
  while (!(await fetch(url).catch(() => undefined))) await sleep(50)
  victim.child = child
  const answer = await fetch(url, { method: 'POST', headers }).catch(() => undefined)
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
  const body: any = await answer?.json()
  return { status: answer?.status, body, ended: await ended }
}

const digests = (simulator: Simulator) =>
  simulator.slackMessages().filter(({ threadTs }) => threadTs === undefined)

describe('a process that is asked to end', function () {
  this.timeout(60_000)
  const now = () => new Date()
  const second = () => `${new Date().toISOString().slice(0, 19)}Z`

  it('serving a run that Cloud Scheduler repeats and the archive remembers, leaves it to the retry', () =>
    inDirectory(async (directory) => {
      const victim: Victim = { signal: 'SIGTERM' }
      const stage = { now, gates: [stopping(victim)] }
      const time = second()
      await onStage(
        WORLD,
        async ({ simulator, env }) => {
          const settings = { ...env, AUDIT_ARCHIVE: directory }
          const { status, body, ended } = await callServed(victim, settings, {
            'X-CloudScheduler-ScheduleTime': time,
          })
          assert.deepEqual([status, body.retry, body.run], [500, true, time])
          assert.equal(
            body.error,
            `The audit was stopped by SIGTERM after ${ANSWERED} of ${PROJECTS} projects. Nothing of this attempt is kept: the next attempt at this run reads anew.`,
          )
          assert.deepEqual([ended.code, ended.signal], [0, null], ended.err)
          const [record] = recordsIn(simulator, 'run')
          assert.equal(record.outcome, 'failed')
          assert.equal(record.error, body.error)
          assert.equal(digests(simulator).length, 1)
          assert.deepEqual(await archiveIn(directory).manifest(AUDIT, record.run), undefined)
        },
        stage,
      )
      await onStage(
        WORLD,
        async ({ env }) => {
          const run = delivered(await runAt(time, { ...env, AUDIT_ARCHIVE: directory, AUDIT_NAME: AUDIT }))
          assert.equal(run.record.outcome, 'complete')
          assert.equal(run.record.counts.keys, PROJECTS)
        },
        { now },
      )
    }))

  const others: readonly (readonly [string, boolean])[] = [
    ['that nobody repeats', false],
    ['that Cloud Scheduler repeats, without an archive', true],
  ]
  for (const [name, isScheduled] of others) {
    it(`serving a run ${name}, delivers what was read, the rest as gaps, and asks for another attempt`, async () => {
      const victim: Victim = { signal: 'SIGTERM' }
      await onStage(
        WORLD,
        async ({ simulator, env }) => {
          const headers: Record<string, string> = isScheduled
            ? { 'X-CloudScheduler-ScheduleTime': second() }
            : {}
          const { status, body, ended } = await callServed(victim, env, headers)
          assert.deepEqual([status, body.retry], [500, true])
          assert.match(body.error, /^The audit was stopped by SIGTERM after 32 of 64 projects: what was read/)
          assert.deepEqual([ended.code, ended.signal], [0, null], ended.err)
          const [record] = recordsIn(simulator, 'run')
          assert.deepEqual([record.outcome, record.counts.keys], ['incomplete', PROJECTS])
          const gaps = recordsIn(simulator, 'gap').filter(({ missing }) => missing === 'keys')
          assert.deepEqual(
            gaps.map(({ reason, subjectCount }) => [reason, subjectCount]),
            [['STOPPED', PROJECTS - ANSWERED]],
          )
          assert.equal(digests(simulator).length, 1)
        },
        { now, gates: [stopping(victim)] },
      )
    })
  }

  it('serving a run that is being delivered, delivers it to the end', async () => {
    const victim: Victim = { signal: 'SIGTERM' }
    await onStage(
      WORLD,
      async ({ simulator, env }) => {
        const { status, body, ended } = await callServed(victim, env)
        assert.deepEqual([status, body.outcome], [200, 'complete'])
        assert.deepEqual([ended.code, ended.signal], [0, null], ended.err)
        assert.equal(recordsIn(simulator, 'run').length, 1)
        assert.equal(digests(simulator).length, 1)
      },
      { now, gates: [stoppingWhileTelling(victim, true)] },
    )
  })

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`by ${signal}, as a command, shows and delivers what was read, remembers it, and exits with 1`, () =>
      inDirectory(async (directory) => {
        const victim: Victim = { signal }
        await onStage(
          WORLD,
          async ({ simulator, env }) => {
            const command = [
              'dist/cli.js',
              'audit',
              '--deliver',
              '--archive',
              directory,
              '--format',
              'ndjson',
            ]
            victim.child = start(command, env)
            const ended = await end(victim.child)
            assert.deepEqual([ended.code, ended.signal], [1, null], ended.err)
            assert.equal(
              ended.out.split('\n').filter((line) => line.includes('"record":"key"')).length,
              PROJECTS,
            )
            const lines = ended.err.split(/(?<=\n)/)
            assert.deepEqual(
              lines.slice(0, -1).map((line) => /^Delivered: the (\w+) to /.exec(line)?.[1]),
              ['run', 'records', 'digest', 'report'],
            )
            assert.equal(
              lines.at(-1),
              `gemini-key-audit: The audit was stopped by ${signal} after ${ANSWERED} of ${PROJECTS} projects: what was read is reported, the rest as gaps.\n`,
            )
            const [record] = recordsIn(simulator, 'run')
            assert.equal(record.outcome, 'incomplete')
            const manifest = await archiveIn(directory).manifest(AUDIT, record.run)
            assert.equal(manifest?.record.outcome, 'incomplete')
          },
          { now, gates: [stopping(victim)] },
        )
      }))
  }

  it('twice, as a command, ends at once', async () => {
    const victim: Victim = { signal: 'SIGINT' }
    const gates = [stopping(victim), stoppingWhileTelling(victim, false)]
    await onStage(
      WORLD,
      async ({ simulator, env }) => {
        victim.child = start(['dist/cli.js', 'audit', '--deliver'], env)
        const ended = await end(victim.child)
        assert.deepEqual([ended.code, ended.signal], [null, 'SIGINT'])
        assert.deepEqual(recordsIn(simulator, 'run'), [])
      },
      { now, gates },
    )
  })
})
