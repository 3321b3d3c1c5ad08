import assert from 'node:assert/strict'
import { DeliveryError } from '../../../src/deliver/delivery.js'
import { SlackChannel, type SlackPost } from '../../../src/deliver/slack/channel.js'
import { slackMessage } from '../../../src/report/slack/message.js'
import { RUN } from '../../report/samples.js'
import { type Failure, type FakeSlack, fakeSlack } from './fake-slack.js'

const TOKEN = 'xoxb-never-to-be-seen'

const message = slackMessage('One key is overdue.', [
  { kind: 'headline', text: 'One key is overdue' },
  { kind: 'table', title: 'Most urgent', head: ['Key'], rows: [['<!channel>']], more: 0 },
])
const reply = (text: string) => slackMessage(text, [{ kind: 'paragraph', text }])
const SHA256 = 'ab'.repeat(32)
const POST: SlackPost = {
  audit: RUN.audit,
  run: RUN.time,
  tells: 'digest',
  sha256: SHA256,
  message,
  thread: [],
}

describe('telling Slack', () => {
  let slack: FakeSlack
  let waits: number[]

  beforeEach(async () => {
    slack = await fakeSlack()
    waits = []
  })
  afterEach(() => slack.stop())

  const channel = (timeout = 2_000) =>
    new SlackChannel({
      token: TOKEN,
      channel: 'C0456',
      url: slack.url,
      timeout,
      waitBudget: 100,
      wait: async (milliseconds) => waits.push(milliseconds),
    })
  const fail = (method: string, ...failures: Failure[]) => slack.failures.set(method, failures)
  const callsOf = (method: string) => slack.calls.filter((call) => call.method === method)

  it('posts the message with its run, its blocks and no previews', async () => {
    const { ts, problems } = await channel().post(POST)
    assert.equal(ts, '1763881200.000001')
    assert.deepEqual(problems, [])
    const [call] = slack.calls
    assert.equal(call?.authorization, `Bearer ${TOKEN}`)
    const { blocks, metadata, ...args } = call?.args ?? {}
    assert.deepEqual(args, {
      channel: 'C0456',
      text: 'One key is overdue.',
      unfurl_links: 'false',
      unfurl_media: 'false',
    })
    assert.deepEqual(JSON.parse(blocks ?? ''), message.blocks)
    assert.deepEqual(JSON.parse(metadata ?? ''), {
      event_type: 'gemini_key_audit_run',
      event_payload: { audit: 'acme', run: '2026-11-23T07:00:00Z', tells: 'digest', sha256: SHA256 },
    })
  })

  it('replies in the thread, a second apart, and puts the file there', async () => {
    const file = { name: 'keys.csv', title: 'All 2 keys', content: 'uid,name\n1,a\n' }
    const { ts, problems } = await channel().post({ ...POST, thread: [reply('one'), reply('two')], file })
    assert.deepEqual(problems, [])
    assert.deepEqual(
      callsOf('chat.postMessage').map(({ args }) => [
        args['text'],
        args['thread_ts'],
        JSON.parse(args['metadata'] ?? '').event_payload.part,
      ]),
      [
        ['One key is overdue.', undefined, undefined],
        ['one', ts, 1],
        ['two', ts, 2],
      ],
    )
    assert.deepEqual(waits, [1_000, 1_000])
    assert.match(callsOf('upload')[0]?.args['body'] ?? '', /uid,name\n1,a\n/)
    const complete = callsOf('files.completeUploadExternal')[0]?.args
    assert.equal(complete?.['channel_id'], 'C0456')
    assert.equal(complete?.['thread_ts'], ts)
  })

  describe('falls back', () => {
    it('to older blocks where Slack refuses the richer ones', async () => {
      fail('chat.postMessage', no('invalid_blocks'))
      await channel().post(POST)
      const [first, second] = callsOf('chat.postMessage')
      assert.match(first?.args['blocks'] ?? '', /"table"/)
      assert.deepEqual(JSON.parse(second?.args['blocks'] ?? ''), message.plain)
      assert.equal(slack.messages.length, 1)
    })

    it('to the sentence alone where Slack refuses these too', async () => {
      fail('chat.postMessage', no('invalid_blocks'), no('msg_blocks_too_long'))
      await channel().post(POST)
      assert.equal(callsOf('chat.postMessage')[2]?.args['blocks'], undefined)
      assert.equal(slack.messages[0]?.['text'], 'One key is overdue.')
    })

    it('no further than that', async () => {
      fail('chat.postMessage', no('invalid_blocks'), no('invalid_blocks'), no('invalid_blocks'))
      const error = await failure(channel().post(POST))
      assert.match(error.message, /invalid_blocks/)
      assert.equal(error.retry, false)
    })
  })

  describe('waits', () => {
    it('as long as Slack asks, then sends again', async () => {
      fail('chat.postMessage', limited('7'), limited('3'))
      await channel().post(POST)
      assert.deepEqual(waits, [7_000, 1_000, 3_000, 1_000])
      assert.equal(slack.messages.length, 1)
    })

    it('half a minute where Slack does not say how long', async () => {
      fail('chat.postMessage', { status: 429, body: { ok: false, error: 'ratelimited' } }, no('ratelimited'))
      await channel().post(POST)
      assert.deepEqual(waits, [30_000, 1_000, 30_000, 1_000])
    })

    it('for the file as well', async () => {
      fail('files.getUploadURLExternal', limited('5'))
      const { problems } = await channel().post({
        ...POST,
        file: { name: 'a.csv', title: 'a', content: 'a\n' },
      })
      assert.deepEqual(problems, [])
      assert.deepEqual(waits, [5_000])
    })

    it('no longer than its budget lasts, and says that later may do', async () => {
      fail('chat.postMessage', limited('60'), limited('41'))
      const error = await failure(channel().post(POST))
      assert.deepEqual(waits, [60_000, 1_000])
      assert.equal(error.retry, true)
      assert.match(error.message, /wait 41 seconds \(ratelimited\)/)
    })
  })

  describe('never posts twice', () => {
    const lost: readonly [string, Failure][] = [
      ['a broken connection', { body: 'reset' }],
      ['a server error', { status: 500, body: 'oops' }],
      ['a page that is not Slack’s', { body: '<html>proxy' }],
      ['an error that may have been half done', no('internal_error')],
    ]
    for (const [what, answer] of lost) {
      it(`after ${what}, when the message is in the channel`, async () => {
        fail('chat.postMessage', { ...answer, posted: true })
        assert.equal((await channel().post(POST)).ts, '1763881200.000001')
        assert.equal(slack.messages.length, 1)
      })

      it(`but posts again after ${what}, when the channel shows that it is not there`, async () => {
        fail('chat.postMessage', answer)
        await channel().post(POST)
        assert.equal(slack.messages.length, 1)
        assert.equal(callsOf('chat.postMessage').length, 2)
      })

      it(`says that it is unclear after ${what}, when the channel may not be read`, async () => {
        fail('chat.postMessage', { ...answer, posted: true })
        fail('conversations.history', {
          body: { ok: false, error: 'missing_scope', needed: 'channels:history' },
        })
        const error = await failure(channel().post(POST))
        assert.equal(slack.messages.length, 1)
        assert.equal(error.retry, true)
        assert.match(error.message, /unclear whether Slack took it .*channels:history/)
      })
    }

    it('after an answer that never comes', async () => {
      fail('chat.postMessage', { body: 'hang', posted: true })
      assert.equal((await channel(200).post(POST)).ts, '1763881200.000001')
      assert.equal(slack.messages.length, 1)
    })

    it('and gives up after three attempts that leave nothing in the channel', async () => {
      const broken: Failure = { status: 502, body: '' }
      fail('chat.postMessage', broken, broken, broken)
      const error = await failure(channel().post(POST))
      assert.equal(callsOf('chat.postMessage').length, 3)
      assert.equal(error.retry, true)
      assert.match(error.message, /did not take it \(HTTP 502\)/)
    })

    it('and distinguishes digests from failures, audits and runs', async () => {
      await channel().post(POST)
      const ts = '1763881200.000001'
      assert.equal(await channel().find(POST), ts)
      assert.equal(await channel().find({ ...POST, tells: 'failure' }), undefined)
      assert.equal(await channel().find({ ...POST, audit: 'other' }), undefined)
      assert.equal(await channel().find({ ...POST, run: RUN.reading }), undefined)
      assert.equal(await channel().find({ ...POST, sha256: '00'.repeat(32) }), undefined)
    })

    it('and takes nothing for its own that another app has posted, or that names no run record', async () => {
      await channel().post(POST)
      const [own] = slack.messages.splice(0)
      assert.ok(own)
      slack.messages.push({ ...own, bot_id: 'B2' })
      assert.equal(await channel().find(POST), undefined)
      const { event_type, event_payload } = JSON.parse(own['metadata'] ?? '')
      const { sha256: _sha256, ...payload } = event_payload
      slack.messages.push({ ...own, metadata: JSON.stringify({ event_type, event_payload: payload }) })
      assert.equal(await channel().find(POST), undefined)
      slack.messages.push(own)
      assert.equal(await channel().find(POST), own['ts'])
    })

    it('and looks through all pages since the run', async () => {
      fail('conversations.history', {
        body: { ok: true, messages: [], response_metadata: { next_cursor: 'c1' } },
      })
      await channel().post(POST)
      assert.equal(await channel().find(POST), '1763881200.000001')
      const [first, second] = callsOf('conversations.history')
      assert.equal(first?.args['oldest'], String(Date.UTC(2026, 10, 23, 6, 50) / 1000))
      assert.equal(second?.args['cursor'], 'c1')
    })
  })

  const refusals: readonly [string, Failure, RegExp][] = [
    ['channel_not_found', no('channel_not_found'), /channel_not_found.*SLACK_CHANNEL/],
    ['not_in_channel', no('not_in_channel'), /not_in_channel.*\/invite/],
    ['is_archived', no('is_archived'), /is_archived.*unarchive/],
    ['invalid_auth', no('invalid_auth'), /invalid_auth.*SLACK_BOT_TOKEN/],
    ['account_inactive', no('account_inactive'), /account_inactive.*install the app again/],
    ['token_revoked', no('token_revoked'), /token_revoked.*SLACK_BOT_TOKEN/],
    [
      'missing_scope',
      { body: { ok: false, error: 'missing_scope', needed: 'chat:write', provided: 'files:write' } },
      /chat:write \(missing_scope\).*install it again/,
    ],
    ['an unknown error', no('quite_new'), /quite_new.*docs\.slack\.dev/],
    ['a refusal by status', { status: 403, body: 'no' }, /HTTP 403/],
  ]
  for (const [code, answer, expected] of refusals) {
    it(`says what to do about ${code}, that trying again is no use, and posts nothing more`, async () => {
      fail('chat.postMessage', answer)
      const error = await failure(channel().post({ ...POST, thread: [reply('one')] }))
      assert.equal(error.to, 'slack:C0456')
      assert.equal(error.retry, false)
      assert.match(error.message, expected)
      assert.equal(slack.calls.length, 1)
    })
  }

  describe('says that a run failed', () => {
    const failed: SlackPost = { ...POST, tells: 'failure' }

    it('once a run, and the digest of a later attempt all the same', async () => {
      await channel().post(failed)
      const again = await channel().post(failed)
      assert.equal(again.ts, '1763881200.000001')
      assert.equal(slack.messages.length, 1)
      await channel().post(POST)
      assert.equal(slack.messages.length, 2)
    })

    it('whatever another app has posted in its name', async () => {
      await channel().post(failed)
      const [own] = slack.messages.splice(0)
      assert.ok(own)
      slack.messages.push({ ...own, bot_id: 'B2', text: 'lunch?' })
      await channel().post(failed)
      assert.deepEqual(
        slack.messages.map(({ text }) => text),
        ['lunch?', failed.message.text],
      )
    })

    it('even where the channel may not be read', async () => {
      fail('conversations.history', no('missing_scope'))
      await channel().post(failed)
      assert.equal(slack.messages.length, 1)
    })
  })

  it('says that trying again may help where Slack cannot be reached', async () => {
    await slack.stop()
    const error = await failure(channel().post(POST))
    assert.equal(error.retry, true)
    assert.match(error.message, /ECONNREFUSED/)
    slack = await fakeSlack()
  })

  for (const body of [{ ok: true }, { ok: true, ts: '' }, { ok: true, ts: 7 }, { ok: true, ts: 'x' }]) {
    it(`takes ${JSON.stringify(body)} for an unclear answer, and looks before it posts again`, async () => {
      fail('chat.postMessage', { body, posted: true })
      const { ts } = await channel().post(POST)
      assert.equal(ts, '1763881200.000001')
      assert.equal(slack.messages.length, 1)
      assert.equal(callsOf('chat.postMessage').length, 1)
    })
  }

  it('keeps the digest when a reply fails, and reports it', async () => {
    fail('chat.postMessage', { body: { ok: true, ts: '1763881200.000001' } }, no('msg_too_long'))
    const { ts, problems } = await channel().post({ ...POST, thread: [reply('one'), reply('two')] })
    assert.equal(ts, '1763881200.000001')
    assert.deepEqual(
      problems.map(({ message }) => message),
      [
        'Posting reply 1 of 2 under the digest to slack:C0456 failed: the message was too long (msg_too_long); this is a fault of the program, please report it.',
      ],
    )
    assert.equal(callsOf('chat.postMessage').length, 2)
  })

  for (const [what, lost] of [
    ['names no thread', {}],
    ['names another thread', { message: { thread_ts: '1763881200.000009' } }],
  ] as const) {
    it(`says that a reply was lost whose answer ${what}, and does not repeat it`, async () => {
      const ts = '1763881200.000001'
      fail(
        'chat.postMessage',
        { body: { ok: true, ts } },
        { body: { ok: true, ts: '1763881200.000002', ...lost } },
      )
      const posted = await channel().post({ ...POST, thread: [reply('one'), reply('two')] })
      assert.equal(posted.ts, ts)
      assert.deepEqual(
        posted.problems.map(({ message, retry, isUnclear }) => [message, retry, isUnclear]),
        [
          [
            'Posting reply 1 of 2 under the digest to slack:C0456 failed: Slack’s answer does not name the thread, so the reply was lost; it is not sent again; see whether the digest was deleted in the channel, and take the rest from the CSV of the run.',
            false,
            false,
          ],
        ],
      )
      assert.equal(callsOf('chat.postMessage').length, 2)
    })
  }

  it('keeps the digest when the file fails, and names the missing scope', async () => {
    fail('files.getUploadURLExternal', { body: { ok: false, error: 'missing_scope', needed: 'files:write' } })
    const { problems } = await channel().post({
      ...POST,
      file: { name: 'a.csv', title: 'a', content: 'a\n' },
    })
    assert.equal(slack.messages.length, 1)
    assert.match(problems[0]?.message ?? '', /Uploading a\.csv .*files:write/)
    assert.equal(problems[0]?.retry, false)
  })

  it('reports an upload that breaks off', async () => {
    fail('upload', { status: 500, body: 'oops' })
    const { problems } = await channel().post({
      ...POST,
      file: { name: 'a.csv', title: 'a', content: 'a\n' },
    })
    assert.equal(problems.length, 1)
    assert.equal(problems[0]?.retry, true)
  })

  it('shows a token in no error', async () => {
    const broken = new SlackChannel({
      token: `${TOKEN}\nx`,
      channel: 'C0456',
      url: slack.url,
      wait: async () => undefined,
    })
    const error = await failure(broken.post(POST))
    assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes(TOKEN))
  })
})

function no(error: string): Failure {
  return { body: { ok: false, error } }
}

function limited(seconds: string): Failure {
  return { status: 429, headers: { 'retry-after': seconds }, body: { ok: false, error: 'ratelimited' } }
}

async function failure(promise: Promise<unknown>): Promise<DeliveryError> {
  const error: unknown = await promise.then(
    () => assert.fail('should have failed'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DeliveryError)) throw error
  return error
}
