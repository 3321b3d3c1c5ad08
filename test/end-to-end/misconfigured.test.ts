import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attempt } from '../../src/run/attempt.js'
import { inDirectory } from './remembered.js'
import { NOW, onStage, recordsIn, smallWorld } from './stage.js'

const WORLD = smallWorld('[{id: one, name: One}]')
const WRONG = 'deadlines: {standard-key: {date: 2027-02-31}}\nexemption: []\n'

async function errorOf(env: Record<string, string>): Promise<string> {
  const { run } = await attempt({ flags: {}, env }, { now: () => NOW, deliver: false })
  assert.ok(run.kind === 'failed')
  assert.equal(run.fault, 'configuration')
  return run.record.error
}

describe('a wrong configuration', () => {
  it('is reported with all that is wrong with the policy, in one message', () =>
    inDirectory(async (directory) => {
      const file = join(directory, 'policy.yaml')
      await writeFile(file, WRONG)
      const error = await errorOf({ AUDIT_POLICY: file, AUDIT_SCOPE: 'everything', AUDIT_PACE: '0' })
      assert.match(error, /AUDIT_SCOPE/)
      assert.match(error, /AUDIT_PACE/)
      assert.match(error, /exemption/)
      assert.match(error, /2027-02-31/)
    }))

  it('is reported with why the policy cannot be read', async () => {
    const error = await errorOf({ AUDIT_POLICY: '/nonexistent.yaml', AUDIT_SCOPE: 'everything' })
    assert.match(error, /AUDIT_SCOPE/)
    assert.match(error, /reading \/nonexistent\.yaml failed \(ENOENT\)/)
  })

  it('is reported with what is wrong with a policy in a bucket', async () => {
    await onStage(WORLD, async ({ env }) => {
      const error = await errorOf({
        ...env,
        AUDIT_POLICY: 'gs://none/policy.yaml',
        AUDIT_SCOPE: 'everything',
      })
      assert.match(error, /AUDIT_SCOPE/)
      assert.match(error, /Reading the policy gs:\/\/none\/policy\.yaml failed/)
    })
  })

  it('does not ask Google for a policy where the simulator was meant', async () => {
    const error = await errorOf({
      AUDIT_SCOPE: 'projects/acme-web',
      AUDIT_POLICY: 'gs://policies/policy.yaml',
      GOOGLE_API_URL: 'http://simulator:8085',
    })
    assert.match(error, /GOOGLE_API_URL must be an origin on this machine/)
    assert.doesNotMatch(error, /policies/)
  })

  const ones: readonly (readonly [string, Record<string, string>, string])[] = [
    [
      'pace off with a wrong address of the simulator',
      { AUDIT_PACE: 'off', GOOGLE_API_URL: 'http://simulator:8085' },
      'GOOGLE_API_URL',
    ],
    [
      'a token with a wrong channel',
      { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: '#security' },
      'SLACK_CHANNEL (--slack-channel)',
    ],
    [
      'an export to a wrong place',
      { AUDIT_INVENTORY: 'export', AUDIT_EXPORT: '/tmp' },
      'AUDIT_EXPORT (--export)',
    ],
  ]
  for (const [name, env, title] of ones) {
    it(`is one problem where it is one: ${name}`, async () => {
      const error = await errorOf({ AUDIT_SCOPE: 'projects/acme-web', ...env })
      assert.ok(error.startsWith(`The configuration is wrong: ${title} must`), error)
      assert.doesNotMatch(error, /problems:|only together|is needed with/)
    })
  }
})

describe('parts that cannot be built', () => {
  it('are a failed run, delivered wherever it can be', async () => {
    await onStage(WORLD, async ({ simulator, env }) => {
      const bug = new RangeError('a bug')
      const limits = {
        get google(): never {
          throw bug
        },
      }
      const { run, undelivered } = await attempt(
        { flags: {}, env },
        { now: () => NOW, deliver: true, limits },
      )
      assert.ok(run.kind === 'failed')
      assert.deepEqual([run.fault, run.cause, run.retry, undelivered], ['program', bug, true, []])
      assert.equal(recordsIn(simulator, 'run')[0]?.outcome, 'failed')
      assert.equal(simulator.slackMessages().length, 1)
    })
  })

  it('are no reason to hide why, where telling fails too', async () => {
    await onStage(WORLD, async ({ env }) => {
      const bug = new RangeError('a bug')
      const fail = (): never => {
        throw bug
      }
      const limits = {
        get google() {
          return fail()
        },
        get slack() {
          return fail()
        },
      }
      const { run, undelivered } = await attempt(
        { flags: {}, env },
        { now: () => NOW, deliver: true, limits },
      )
      assert.ok(run.kind === 'failed')
      assert.equal(run.cause, bug)
      assert.deepEqual(
        undelivered.map(({ message, retry }) => [message, retry]),
        [
          [
            'Reporting the failed run failed through a fault of its own (RangeError); report it, with the version of the program.',
            true,
          ],
        ],
      )
    })
  })
})

describe('credentials without a quota project', () => {
  const uncharged = {
    code: 403,
    status: 'PERMISSION_DENIED',
    message: 'The API requires a quota project, which is not set by default.',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'SERVICE_DISABLED',
        metadata: { consumer: 'projects/764086051850' },
      },
    ],
  }
  const gates = [async () => ({ status: 403, body: { error: uncharged } })]

  for (const inventory of ['auto', 'assets', 'projects']) {
    it(`end a run by ${inventory} with one message, which names what to set and what to enable`, async () => {
      await onStage(
        WORLD,
        async ({ env }) => {
          const settings = { flags: {}, env: { ...env, AUDIT_INVENTORY: inventory } }
          const { run } = await attempt(settings, { now: () => NOW, deliver: false })
          assert.ok(run.kind === 'failed')
          assert.equal(run.retry, false)
          const { error } = run.record
          assert.equal(error.split('set-quota-project PROJECT').length, 2, error)
          assert.match(error, /GOOGLE_CLOUD_QUOTA_PROJECT/)
          assert.match(error, /gcloud services enable cloudasset\.googleapis\.com .*--project=PROJECT\.$/)
          assert.doesNotMatch(error, /764086051850/)
        },
        { gates },
      )
    })
  }
})
