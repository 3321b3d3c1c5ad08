import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import type { RunRecord } from '../../src/records/run-record.js'
import { recordsIn } from '../end-to-end/stage.js'
import { freePort, onInstallation, scheduled, untilServed } from './installation.js'

const run = promisify(execFile)

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

  it('posts within the minute which old keys the Gemini API was switched on over, served as keyChanged', async () => {
    const place = { url: '' }
    const events = {
      get url() {
        return place.url
      },
    }
    await onInstallation(
      async ({ simulator, channel, archive, env }) => {
        await onStart(
          { ...env, FUNCTION_TARGET: 'keyChanged', AUDIT_EVENT_WINDOW: '1s' },
          async (url, said) => {
            place.url = `${url}projects/acme-security/topics/gemini-key-audit-feed`
            const service = 'projects/acme-maps/services/generativelanguage.googleapis.com'
            const switched = await fetch(`${simulator.origin}/v1/${service}:enable`, {
              method: 'POST',
              headers: { authorization: 'Bearer administrator' },
            })
            assert.equal(switched.status, 200)
            await simulator.feed?.settled()
            assert.deepEqual(
              simulator.feed?.pushes.map(({ status }) => status),
              [204],
              said(),
            )
            const [message, ...replies] = simulator.slackMessages()
            assert.equal(message?.channel, channel)
            assert.match(
              message?.text ?? '',
              /^Gemini API switched on in acme-maps over 2 keys\. Most urgent: /,
            )
            assert.match(message?.text ?? '', /Everything key in acme-maps \(logistics\)/)
            assert.equal(replies.length, 2)
            assert.ok(replies.every(({ threadTs }) => threadTs === message?.ts))
            const [event] = recordsIn(simulator, 'event')
            assert.deepEqual([event.outcome, event.keyCount], ['news', 2])
            const names = (simulator.buckets.get(archive)?.list() ?? []).map(({ name }) => name)
            assert.ok(names.length > 0 && names.every((name) => name.includes('/events/')), `${names}`)
          },
        )
      },
      { events },
    )
  }).timeout(60_000)

  it('is an installation in which the doctor finds nothing to mend', async () => {
    await onInstallation(async ({ env }) => {
      const { stdout } = await run(process.execPath, ['dist/cli.js', 'doctor', '--json'], { env })
      const { counts } = JSON.parse(stdout)
      assert.deepEqual([counts.fails, counts.gaps, counts.warning], [0, 0, 0], stdout)
    })
  }).timeout(60_000)
})
