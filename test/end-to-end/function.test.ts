import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Gate } from '../../simulator/wire/call.js'
import { truthOf } from '../../simulator/world/truth.js'
import { ACME_POLICY, acme, callFunction, onStage, recordsIn, smallWorld } from './stage.js'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const denied = (reason: string): ReturnType<Gate> =>
  Promise.resolve({
    status: 403,
    body: { error: { code: 403, status: 'PERMISSION_DENIED', message: reason } },
  })

const denying =
  (...operations: string[]): Gate =>
  (call, answer) =>
    operations.includes(call.operation) ? denied('no') : answer()

const STANDARD = '[{id: one, name: One, created: 400d ago}]'

describe('the function', () => {
  it('answers a POST with the run record, and has delivered to log and Slack', async () => {
    await onStage(await acme(), async ({ simulator, env }) => {
      const { status, body } = await callFunction({ ...env, AUDIT_POLICY: ACME_POLICY })
      assert.equal(status, 200)
      assert.equal(body.record, 'run')
      assert.equal(body.outcome, 'incomplete')
      assert.deepEqual(recordsIn(simulator, 'run'), [body])
      const digests = simulator.slackMessages().filter((message) => message.threadTs === undefined)
      assert.deepEqual(
        digests.map(({ channel }) => channel),
        [env['SLACK_CHANNEL'], 'C0457PAYMENTS'],
      )
      for (const { text } of digests) assert.match(text, /^Incomplete/)
      assert.equal(simulator.slackFiles().length, 2)
      assert.deepEqual(simulator.violations, [])
    })
  })

  it('writes one record for each key that there is, and for no other', async () => {
    const world = await acme()
    await onStage(world, async ({ simulator, env }) => {
      const { body } = await callFunction(env)
      const names = recordsIn(simulator, 'key').map((record) => record.key.name)
      const expected = [...truthOf(world)].filter(
        ({ state, inventoried, keysReadable, projectIsActive, geminiEnabled }) =>
          projectIsActive &&
          (state === 'gone' ? !(keysReadable && geminiEnabled) : inventoried || geminiEnabled),
      )
      assert.deepEqual(names.sort(), expected.map(({ name }) => name).sort())
      assert.equal(body.counts.keys + body.counts.verdict.deleted, names.length)
    })
  })

  it('accuses no key but standard ones that reach the Gemini API, and misses none', async () => {
    const world = await acme()
    await onStage(world, async ({ simulator, env }) => {
      await callFunction(env)
      const overdue = recordsIn(simulator, 'key').filter((record) => record.verdict === 'overdue')
      const expected = [...truthOf(world)].filter(
        ({ state, boundTo, reach, geminiEnabled, keysReadable, projectIsActive }) =>
          state === 'live' &&
          !boundTo &&
          reach !== 'others' &&
          geminiEnabled &&
          keysReadable &&
          projectIsActive,
      )
      assert.deepEqual(overdue.map(({ key }) => key.name).sort(), expected.map(({ name }) => name).sort())
    })
  })

  it('digests each record into its insertId, and all of them into the run record', async () => {
    await onStage(await acme(), async ({ simulator, env }) => {
      const { body } = await callFunction({ ...env, AUDIT_POLICY: ACME_POLICY })
      const lines = simulator
        .logEntries()
        .filter(({ labels }) => ['key', 'gap', 'policy'].includes(labels['record'] ?? ''))
        .map(({ insertId, jsonPayload }) => ({ insertId, text: canonicalize(jsonPayload) ?? '' }))
      for (const { insertId, text } of lines) assert.equal(sha256(text), insertId)
      const sorted = lines.sort((a, b) => (a.insertId < b.insertId ? -1 : 1))
      assert.deepEqual(body.records, {
        count: lines.length,
        sha256: sha256(sorted.map(({ text }) => `${text}\n`).join('')),
      })
    })
  })

  it('labels every entry, stamps it with the time of the run, and writes down the delivery', async () => {
    await onStage(smallWorld(STANDARD), async ({ simulator, env }) => {
      const headers = { 'X-CloudScheduler-ScheduleTime': '2026-11-23T06:30:00Z' }
      const { body } = await callFunction(env, { method: 'POST', headers })
      assert.equal(body.run, '2026-11-23T06:30:00Z')
      assert.equal(body.reading, '2026-11-23T07:00:00.000Z')
      for (const entry of simulator.logEntries()) {
        assert.equal(Date.parse(entry.timestamp), Date.parse('2026-11-23T06:30:00Z'))
        assert.equal(entry.logName, `projects/auditor-1/logs/gemini-key-audit`)
        assert.equal(entry.labels['audit'], 'organizations-99')
        assert.equal(entry.labels['run'], '2026-11-23T06:30:00Z')
        assert.equal(entry.resource['type'], 'global')
      }
      const [key] = simulator.logEntries().filter(({ labels }) => labels['record'] === 'key')
      assert.deepEqual(
        [key?.severity, key?.labels['verdict'], key?.labels['type'], key?.labels['project']],
        ['ERROR', 'overdue', 'standard', 'gemini-1'],
      )
      const [delivery] = recordsIn(simulator, 'delivery')
      assert.deepEqual([delivery.to, delivery.result], ['slack:C0456', 'delivered'])
      assert.equal(delivery.message, simulator.slackMessages()[0]?.ts)
    })
  })

  for (const body of [undefined, '{}', '{"message":"scheduled"}', Buffer.from([0, 255])]) {
    it(`takes the body ${body === undefined ? 'none' : JSON.stringify(body)}`, async () => {
      await onStage(smallWorld(STANDARD), async ({ env }) => {
        const type = typeof body === 'string' ? 'application/json' : 'application/octet-stream'
        const request = {
          method: 'POST',
          headers: { 'Content-Type': type },
          ...(body === undefined ? {} : { body }),
        }
        assert.equal((await callFunction(env, request)).status, 200)
      })
    })
  }

  for (const method of ['GET', 'PUT', 'DELETE']) {
    it(`answers ${method} with 405 and reads nothing`, async () => {
      await onStage(smallWorld(STANDARD), async ({ simulator, env }) => {
        const answer = await callFunction(env, { method })
        assert.equal(answer.status, 405)
        assert.equal(answer.headers.get('allow'), 'POST')
        assert.equal(simulator.requests.size, 0)
      })
    })
  }

  it('names every problem of the configuration, reads nothing, and records and delivers the failure', async () => {
    await onStage(smallWorld(STANDARD), async ({ simulator, env }) => {
      const { status, body } = await callFunction({ ...env, AUDIT_SCOPE: 'acme', AUDIT_RECORDS: 'some' })
      assert.equal(status, 500)
      assert.equal(body.retry, false)
      assert.match(body.error, /AUDIT_SCOPE \(--scope\).*\n.*AUDIT_RECORDS \(--records\)/)
      assert.equal(simulator.requests.get('cloudasset.assets.list'), undefined)
      const [run] = recordsIn(simulator, 'run')
      assert.equal(run.outcome, 'failed')
      assert.match(run.error, /AUDIT_RECORDS/)
      assert.match(simulator.slackMessages()[0]?.text ?? '', /failed.*AUDIT_RECORDS/s)
    })
  })

  it('judges nothing by a policy that is wrong', async () => {
    await onStage(smallWorld(STANDARD), async ({ simulator, env }) => {
      const { status, body } = await callFunction({ ...env, AUDIT_POLICY: 'test/policy/wrong.policy.yaml' })
      assert.equal(status, 500)
      assert.equal(body.retry, false)
      assert.match(body.error, /wrong\.policy\.yaml:\d+:/)
      assert.deepEqual(recordsIn(simulator, 'key'), [])
      assert.equal(recordsIn(simulator, 'run')[0].outcome, 'failed')
    })
  })

  it('fails when the scope cannot be read in any way, and says what to grant', async () => {
    const everything = denying(
      'cloudasset.assets.list',
      'cloudasset.searchAllResources',
      'cloudresourcemanager.projects.list',
      'cloudresourcemanager.folders.list',
    )
    await onStage(
      smallWorld(STANDARD),
      async ({ simulator, env }) => {
        const { status, body } = await callFunction(env)
        assert.equal(status, 500)
        assert.equal(body.retry, true)
        assert.match(body.error, /organizations\/99/)
        assert.match(body.error, /gcloud .*add-iam-policy-binding/)
        assert.equal(recordsIn(simulator, 'run')[0].outcome, 'failed')
        const text = simulator.slackMessages()[0]?.text ?? ''
        assert.match(text, /failed/)
        assert.match(text, /^The audit failed: Listing the assets of organizations\/99 failed/)
      },
      { gates: [everything] },
    )
  })

  it('posts the digest when the log is denied, and answers 500', async () => {
    await onStage(
      smallWorld(STANDARD),
      async ({ simulator, env }) => {
        const { status, body } = await callFunction(env)
        assert.equal(status, 500)
        assert.match(body.error, /logging:projects\/auditor-1\/logs\/gemini-key-audit/)
        assert.match(simulator.slackMessages()[0]?.text ?? '', /^1 key overdue and unused/)
      },
      { gates: [denying('logging.entries.write')] },
    )
  })

  it('says on standard error what it answers with 500, since Cloud Scheduler keeps no answers', async () => {
    await onStage(
      smallWorld(STANDARD),
      async ({ env }) => {
        const reported: unknown[] = []
        const call = { ...env, SLACK_CHANNEL: 'C0NOWHERE' }
        const { status, body } = await callFunction(call, { method: 'POST' }, reported)
        assert.equal(status, 500)
        assert.deepEqual(reported, [body.error])
        assert.match(body.error, /logging.*channel_not_found|channel_not_found.*logging/s)
      },
      { gates: [denying('logging.entries.write')] },
    )
  })

  it('keeps the records when Slack refuses, says why, and writes the failed delivery down', async () => {
    await onStage(smallWorld(STANDARD), async ({ simulator, env }) => {
      const { status, body } = await callFunction({ ...env, SLACK_CHANNEL: 'C0NOWHERE' })
      assert.equal(status, 500)
      assert.equal(body.retry, false)
      assert.match(body.error, /channel_not_found/)
      assert.equal(recordsIn(simulator, 'run').length, 1)
      assert.equal(recordsIn(simulator, 'key').length, 1)
      const [delivery] = recordsIn(simulator, 'delivery')
      assert.deepEqual([delivery.to, delivery.result], ['slack:C0NOWHERE', 'failed'])
      assert.match(delivery.error, /channel_not_found/)
    })
  })

  it('asks to be called again when Slack fails for the moment', async () => {
    const unavailable: Gate = (call, answer) =>
      call.operation === 'slack.chat.postMessage'
        ? Promise.resolve({ status: 200, body: { ok: false, error: 'service_unavailable' } })
        : answer()
    await onStage(
      smallWorld(STANDARD),
      async ({ env }) => {
        const { status, body } = await callFunction(env)
        assert.equal(status, 500)
        assert.match(body.error, /service_unavailable/)
        assert.equal(body.retry, true)
      },
      { gates: [unavailable] },
    )
  })

  it('says in the run record that no message is sent where there is no Slack token', async () => {
    await onStage(smallWorld(STANDARD), async ({ simulator, env }) => {
      const { SLACK_BOT_TOKEN: _, ...silent } = env
      const { status, body } = await callFunction(silent)
      assert.equal(status, 200)
      assert.match(body.coverage.reading.join(), /No Slack message is sent: SLACK_BOT_TOKEN is not set/)
      assert.deepEqual(simulator.slackMessages(), [])
    })
  })

  it('writes no records where LOG_PROJECT is none, and says so', async () => {
    await onStage(smallWorld(STANDARD), async ({ simulator, env }) => {
      const { status, body } = await callFunction({ ...env, LOG_PROJECT: 'none' })
      assert.equal(status, 200)
      assert.match(body.coverage.reading.join(), /LOG_PROJECT is none/)
      assert.deepEqual(simulator.logEntries(), [])
    })
  })

  it('writes only relevant records where that is set, and counts all keys', async () => {
    const keys = `[{id: one, name: One, created: 400d ago}, {id: two, name: Two, targets: [translate]}]`
    await onStage(smallWorld(keys), async ({ simulator, env }) => {
      const { body } = await callFunction({ ...env, AUDIT_RECORDS: 'relevant' })
      assert.deepEqual(
        recordsIn(simulator, 'key').map(({ key }) => key.displayName),
        ['One'],
      )
      assert.equal(body.counts.keys, 2)
      assert.equal(body.records.count, 1)
    })
  })

  it('marks every record of a run that judges by another day', async () => {
    await onStage(smallWorld(STANDARD), async ({ simulator, env }) => {
      const { body } = await callFunction({ ...env, AUDIT_AS_OF: '2026-05-06' })
      assert.equal(body.asOf, '2026-05-06')
      const [key] = recordsIn(simulator, 'key')
      assert.equal(key.verdict, 'due')
      for (const { jsonPayload } of simulator.logEntries())
        assert.equal(jsonPayload?.['asOfOverridden'], true)
    })
  })

  it('shows no secret in any answer, record or message', async () => {
    const token = 'xoxb-1-marked-secret'
    await onStage(smallWorld(STANDARD), async ({ simulator, env }) => {
      const answers = [
        await callFunction({ ...env, SLACK_BOT_TOKEN: token }),
        await callFunction({ ...env, SLACK_BOT_TOKEN: `${token} `, SLACK_CHANNEL: '' }),
        await callFunction({ ...env, SLACK_BOT_TOKEN: `${token}\nx` }),
        await callFunction({ ...env, SLACK_BOT_TOKEN: token, SLACK_CHANNEL: 'C0NOWHERE' }),
      ]
      const seen = JSON.stringify([answers, simulator.logEntries(), simulator.slackMessages()])
      assert.doesNotMatch(seen, /marked-secret/)
    })
  })
})
