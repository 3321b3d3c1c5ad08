import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { type Simulator, startSimulator } from '../../simulator/simulator.js'
import { readWorldFile } from '../../simulator/world/file.js'
import type { RunRecord } from '../../src/records/run-record.js'
import { clockVariables } from '../clock.js'
import { recordsIn, UNCOVERED } from '../end-to-end/stage.js'
import { deployedEnvironment } from './build.js'

const run = promisify(execFile)

const TOKEN = 'xoxb-1-2-abc'

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Answers as soon as the function does. */
async function untilServed(url: string, child: ChildProcess, said: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`npm start ended: ${said()}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.status === 405) return
    await setTimeout(100)
  }
}

/** The request that Cloud Scheduler sends, as far as `scheduler.yaml` decides it; the headers are its own. */
function scheduled(at: Date): RequestInit {
  const flags: Readonly<Record<string, string>> = parse(readFileSync('scheduler.yaml', 'utf8'))
  assert.ok(!('--headers' in flags) && !('--message-body-from-file' in flags))
  return {
    method: flags['--http-method'] ?? 'POST',
    ...(flags['--message-body'] === undefined ? {} : { body: flags['--message-body'] }),
    headers: {
      'content-type': 'application/octet-stream',
      'user-agent': 'Google-Cloud-Scheduler',
      'x-cloudscheduler': 'true',
      'x-cloudscheduler-jobname': 'gemini-key-audit',
      'x-cloudscheduler-scheduletime': at.toISOString(),
      authorization: 'Bearer checked.by.CloudRun',
    },
  }
}

interface Installation {
  readonly simulator: Simulator
  readonly channel: string
  readonly project: string
  readonly archive: string
  readonly env: NodeJS.ProcessEnv
}

/** The sample organization, the log bucket and archive that setup makes, and the deployed environment. */
async function onInstallation(use: (installation: Installation) => Promise<void>): Promise<void> {
  const sample = await readWorldFile('worlds/acme.yaml', new Date())
  const { project } = sample.caller
  const archive = `${project}-gemini-key-audit`
  const world = { ...sample, buckets: [{ name: archive, retention: 400 * 86_400, isLocked: true }] }
  const simulator = await startSimulator({ world, now: () => new Date() })
  const channel = world.slack.channels[0]?.id ?? assert.fail()
  const env = {
    ...clockVariables(),
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    ...deployedEnvironment({
      PROJECT_ID: project,
      _SCOPE: `organizations/${world.organization.number}`,
      _SLACK_CHANNEL: channel,
      _TIME_ZONE: 'Europe/Zurich',
    }),
    SLACK_BOT_TOKEN: world.slack.tokens[0]?.token ?? TOKEN,
    // where the simulator is, and nothing else that the deploy step does not set
    GOOGLE_API_URL: simulator.origin,
    SLACK_API_URL: simulator.slackUrl,
    ...UNCOVERED,
  }
  try {
    await use({ simulator, channel, project, archive, env })
  } finally {
    await simulator.stop()
  }
}

/** What `npm start` serves, for the time of `use`. */
async function onStart(env: NodeJS.ProcessEnv, use: (url: string, said: () => string) => Promise<void>) {
  const port = await freePort()
  let said = ''
  const child = spawn('npm', ['start'], {
    env: { ...env, PORT: String(port) },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text
    })
  }
  try {
    const url = `http://127.0.0.1:${port}/`
    await untilServed(url, child, () => said)
    await use(url, () => said)
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  }
}

describe('what is deployed', () => {
  before(() => assert.ok(existsSync('dist/index.js'), 'npm run build comes before the tests'))

  it('posts a digest and writes its records when Cloud Scheduler calls npm start', async () => {
    await onInstallation(async ({ simulator, channel, project, archive, env }) => {
      await onStart(env, async (url, said) => {
        const answer = await fetch(url, scheduled(new Date()))
        const record = (await answer.json()) as RunRecord
        assert.equal(answer.status, 200, `${JSON.stringify(record)} ${said()}`)
        assert.equal(record.outcome, 'incomplete') // this organization has projects that refuse to be read
        const [digest] = simulator.slackMessages()
        assert.equal(digest?.channel, channel)
        assert.match(
          digest?.text ?? '',
          /^Incomplete · \d+ keys stopped working, \d+ in use can stop any day/,
        )
        assert.deepEqual(recordsIn(simulator, 'run'), [record])
        assert.equal(recordsIn(simulator, 'key').length, record.counts.keys + record.counts.verdict.deleted)
        const logs = new Set(simulator.logEntries().map(({ logName }) => logName))
        assert.deepEqual([...logs], [`projects/${project}/logs/gemini-key-audit`])
        assert.ok((simulator.buckets.get(archive)?.list() ?? []).length > 0, 'the run is remembered')
        assert.deepEqual(simulator.violations, [])
      })
    })
  }).timeout(60_000)

  it('is an installation in which the doctor finds nothing to mend', async () => {
    await onInstallation(async ({ env }) => {
      const { stdout } = await run(process.execPath, ['dist/cli.js', 'doctor', '--json'], { env })
      const { counts } = JSON.parse(stdout)
      assert.deepEqual([counts.fails, counts.gaps, counts.warning], [0, 0, 0], stdout)
    })
  }).timeout(60_000)
})
