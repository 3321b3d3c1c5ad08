import assert from 'node:assert/strict'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Gate } from '../../simulator/wire/call.js'
import { createEventHandler, main } from '../program.js'
import { Text } from '../text.js'
import { ENABLE, KEYS, mapsWorld, onFeed } from './event-stage.js'
import { inDirectory } from './remembered.js'
import { callFunction, NOW, onStage, recordsIn } from './stage.js'

/** Answers calls of an operation in place of the simulator, so many times. */
function failing(
  operation: string,
  answer: Awaited<ReturnType<Gate>>,
  times = Number.POSITIVE_INFINITY,
): Gate {
  let calls = 0
  return (call, next) => {
    if (call.operation !== operation || calls >= times) return next()
    calls += 1
    return Promise.resolve(answer)
  }
}

const unavailable = (operation: string, times?: number) =>
  failing(
    operation,
    { status: 503, body: { error: { code: 503, status: 'UNAVAILABLE', message: 'no' } } },
    times,
  )

describe('a change, when something fails', () => {
  for (const operation of [
    'apikeys.keys.list',
    'serviceusage.services.get',
    'cloudresourcemanager.projects.get',
  ]) {
    it(`comes again when ${operation} fails for the moment, and is then posted once`, async () => {
      await onFeed(
        mapsWorld(),
        async ({ simulator, change, settled, answers }) => {
          await change('POST', ENABLE)
          await settled()
          assert.deepEqual(answers(), [500, 204])
          assert.equal(simulator.slackMessages().length, 1)
          assert.equal(recordsIn(simulator, 'event').length, 1)
        },
        { gates: [unavailable(operation, 1)] },
      )
    })
  }

  it('comes again when Slack is down, and is recorded once with an archive', async () => {
    const down = failing(
      'slack.chat.postMessage',
      { status: 200, body: { ok: false, error: 'service_unavailable' } },
      1,
    )
    await inDirectory(async (archive) => {
      await onFeed(
        mapsWorld(),
        async ({ simulator, change, settled, answers }) => {
          await change('POST', ENABLE)
          await settled()
          assert.deepEqual(answers(), [204])
          assert.equal(simulator.slackMessages().length, 1)
        },
        { env: { AUDIT_ARCHIVE: archive }, gates: [down] },
      )
    })
    const limited = failing(
      'slack.chat.postMessage',
      { status: 200, body: { ok: false, error: 'ratelimited' } },
      1,
    )
    await inDirectory(async (archive) => {
      await onFeed(
        mapsWorld(),
        async ({ simulator, change, settled, answers }) => {
          await change('POST', ENABLE)
          await settled()
          assert.deepEqual(answers(), [500, 204])
          assert.equal(simulator.slackMessages().length, 1)
          assert.equal(recordsIn(simulator, 'event').length, 1)
          assert.deepEqual(
            recordsIn(simulator, 'delivery').map(({ result }) => result),
            ['failed', 'delivered'],
          )
        },
        { env: { AUDIT_ARCHIVE: archive }, gates: [limited] },
      )
    })
  })

  it('comes again when the archive is down', async () => {
    await onFeed(
      mapsWorld(),
      async ({ simulator, change, settled, answers }) => {
        await change('POST', ENABLE)
        await settled()
        assert.deepEqual(answers(), [500, 204])
        assert.equal(simulator.slackMessages().length, 1)
      },
      { env: { AUDIT_ARCHIVE: 'gs://audits/daily' }, gates: [unavailable('storage.objects.insert', 1)] },
    )
  })

  it('is done with when Slack refuses for good: recorded, reported, not repeated', async () => {
    await onFeed(
      mapsWorld(),
      async ({ simulator, change, settled, answers, reported }) => {
        await change('POST', ENABLE)
        await settled()
        assert.deepEqual(answers(), [204])
        assert.match(
          String(reported),
          /Posting the message on a change to slack:C0NOWHERE failed: .*channel_not_found/,
        )
        assert.equal(recordsIn(simulator, 'event')[0].outcome, 'news')
        assert.equal(recordsIn(simulator, 'delivery')[0].result, 'failed')
      },
      { env: { SLACK_CHANNEL: 'C0NOWHERE' } },
    )
  })

  it('is done with when the project may not be read: recorded with what grants it', async () => {
    const world = mapsWorld(undefined, undefined, 'denied: [{read: keys, project: maps-1}]')
    await onFeed(world, async ({ simulator, change, settled, answers }) => {
      await change('POST', ENABLE)
      await settled()
      assert.deepEqual(answers(), [204])
      const [event] = recordsIn(simulator, 'event')
      assert.equal(event.outcome, 'unread')
      assert.match(event.unread[0].fix, /add-iam-policy-binding|grant/)
      assert.deepEqual(simulator.slackMessages(), [])
    })
  })

  it('comes again while the configuration or the policy is wrong, which is said without a secret', async () => {
    for (const env of [
      { AUDIT_SCOPE: 'acme' },
      { AUDIT_POLICY: 'test/policy/wrong.policy.yaml' },
      { SLACK_BOT_TOKEN: 'marked-secret' },
    ]) {
      await onFeed(
        mapsWorld(),
        async ({ simulator, change, settled, answers, reported }) => {
          await change('POST', ENABLE)
          await settled()
          assert.deepEqual(answers(), [500, 500])
          assert.equal(simulator.requests.get('apikeys.keys.list'), undefined)
          assert.match(String(reported), /^The configuration is wrong: /)
          assert.doesNotMatch(JSON.stringify([reported, simulator.logEntries()]), /marked-secret/)
        },
        { env, attempts: 2 },
      )
    }
  })
})

describe('a change, with an archive', () => {
  it('is posted once, however often it comes, and to whichever process', async () => {
    await inDirectory(async (archive) => {
      const env = { AUDIT_ARCHIVE: archive, AUDIT_NAME: 'small' }
      for (const posted of [1, 0]) {
        await onFeed(
          mapsWorld(),
          async ({ simulator, change, settled, answers }) => {
            await change('POST', `${KEYS}?keyId=quick`, { displayName: 'Quick test' })
            await settled()
            assert.deepEqual(answers(), [204])
            assert.equal(simulator.slackMessages().length, posted)
            assert.equal(recordsIn(simulator, 'event').length, posted)
          },
          { env },
        )
      }
      assert.deepEqual(await readdir(join(archive, 'small')), ['events'])
    })
  })

  it('is told once by two processes that get it at the same time', async () => {
    const asset = {
      name: '//serviceusage.googleapis.com/projects/2/services/generativelanguage.googleapis.com',
      assetType: 'serviceusage.googleapis.com/Service',
      updateTime: '2026-11-23T06:59:00Z',
      resource: { data: { state: 'ENABLED' } },
    }
    const data = Buffer.from(JSON.stringify({ asset })).toString('base64')
    const event = {
      type: 'google.cloud.pubsub.topic.v1.messagePublished',
      data: { message: { data, messageId: '17' } },
    }
    await inDirectory(async (archive) => {
      await onStage(mapsWorld(undefined, 'generativelanguage'), async ({ simulator, env }) => {
        const own = { ...env, AUDIT_ARCHIVE: archive }
        const process = () =>
          createEventHandler({
            env: own,
            now: () => NOW,
            report: (error) => assert.fail(String(error)),
            window: 1,
          })
        await Promise.all([process()(event), process()(event)])
        assert.equal(simulator.slackMessages().length, 1)
        assert.equal(recordsIn(simulator, 'event').length, 1)
      })
    })
  })

  it('is looked for in the channel where an attempt has posted it and could not leave a mark', async () => {
    let failures = 0
    const unmarked: Gate = (call, answer) => {
      const isMark =
        call.operation === 'storage.objects.insert' && `${call.body}${call.query}`.includes('slack-C0456')
      if (!isMark || failures > 0) return answer()
      failures += 1
      return Promise.resolve({ status: 503, body: {} })
    }
    await onFeed(
      mapsWorld(),
      async ({ simulator, change, settled, answers }) => {
        await change('POST', ENABLE)
        await settled()
        assert.deepEqual([failures, answers()], [1, [500, 204]])
        assert.equal(simulator.slackMessages().length, 1)
        assert.equal(recordsIn(simulator, 'event').length, 1)
      },
      { env: { AUDIT_ARCHIVE: 'gs://audits/daily' }, gates: [unmarked] },
    )
  })

  it('leaves runs, their chain and its check as they are', async () => {
    await inDirectory(async (archive) => {
      const env = { AUDIT_ARCHIVE: archive, AUDIT_NAME: 'small' }
      await onFeed(
        mapsWorld(),
        async (stage) => {
          const before = await callFunction(stage.env)
          assert.equal(before.status, 200)
          await stage.change('POST', ENABLE)
          await stage.settled()
          const [out, err] = [new Text(), new Text()]
          const status = await main(['verify', '--archive', archive], { out, err, env: {}, now: () => NOW })
          assert.deepEqual([status, err.text], [0, ''])
          assert.doesNotMatch(out.text, /events/)
          await mkdir(join(archive, 'small', 'events', 'planted'))
          await writeFile(join(archive, 'small', 'events', 'planted', 'event-1'), '{}')
          const again = new Text()
          await main(['verify', '--archive', archive], { out: again, err, env: {}, now: () => NOW })
          assert.match(again.text, /events\/planted\/event-1: it lies in no folder of a run/)
        },
        { env },
      )
    })
  })
})

describe('a message that is no change of the feed', () => {
  const asset = {
    name: '//apikeys.googleapis.com/projects/2/locations/global/keys/old-maps',
    assetType: 'apikeys.googleapis.com/Key',
    updateTime: '2026-11-23T06:59:00Z',
  }
  const messages: readonly [string, string][] = [
    ['no JSON', 'AIzaSyA-marked-secret'],
    ['a list', '[]'],
    ['no asset', '{"window": {}}'],
    ['no time', JSON.stringify({ asset: { ...asset, updateTime: undefined } })],
    ['another type', JSON.stringify({ asset: { ...asset, assetType: 'compute.googleapis.com/Instance' } })],
    [
      'a poisoned name',
      JSON.stringify({ asset: { ...asset, name: '//apikeys.googleapis.com/<!channel>\u0007' } }),
    ],
    [
      'a service without state',
      JSON.stringify({ asset: { ...asset, assetType: 'serviceusage.googleapis.com/Service' } }),
    ],
    ['more than any key', JSON.stringify({ asset, more: 'x'.repeat(900_000) })],
  ]
  it('is taken, recorded each time, and posted once', async () => {
    await onFeed(mapsWorld(), async ({ simulator, settled, answers, reported }) => {
      for (const [, text] of messages) simulator.feed?.publish(text, '2026-11-23T07:00:00Z')
      await settled()
      assert.deepEqual(
        answers(),
        messages.map(() => 204),
      )
      const records = recordsIn(simulator, 'event')
      assert.deepEqual(
        records.map(({ outcome }) => outcome),
        messages.map(() => 'unreadable'),
      )
      assert.equal(new Set(records.map(({ because }) => because)).size, messages.length)
      assert.equal(reported.length, messages.length)
      const [message, ...others] = simulator.slackMessages()
      assert.deepEqual(others, [])
      assert.match(message?.text ?? '', /^A message of the asset feed could not be read: /)
      const seen = JSON.stringify([reported, records, simulator.slackMessages()])
      assert.doesNotMatch(seen, /marked-secret|<!channel>/)
      assert.equal(simulator.requests.get('apikeys.keys.list'), undefined)
    })
  })

  it('is posted once a day with an archive, by whichever process', async () => {
    await inDirectory(async (archive) => {
      for (const posted of [1, 0]) {
        await onFeed(
          mapsWorld(),
          async ({ simulator, settled }) => {
            simulator.feed?.publish('{}', '2026-11-23T07:00:00Z')
            await settled()
            assert.equal(simulator.slackMessages().length, posted)
          },
          { env: { AUDIT_ARCHIVE: archive } },
        )
      }
    })
  })
})
