import assert from 'node:assert/strict'
import { type Ask, posting, SMALL, simulated } from '../simulated.js'

const TOKEN = { authorization: 'Bearer xoxb-simulated' }
const call = async (ask: Ask, method: string, args: object = {}, headers: Record<string, string> = TOKEN) =>
  (await ask(`/api/${method}`, posting(args, headers))).body
const post = (ask: Ask, args: object) =>
  call(ask, 'chat.postMessage', { channel: 'C01', text: 'Hello', ...args })

const WORLD = SMALL.replace(
  'slack: {channels: [',
  'slack: {channels: [{id: C03, name: private, private: true, member: false}, {id: C04, name: old, archived: true}, ',
)

describe('Slack', () => {
  it('drops an argument that a method does not have; refuses it where it is strict', async () => {
    const answers = async (enforce: object) => {
      let heard: unknown
      await simulated(WORLD, async (ask) => (heard = await post(ask, { alt_text: 'x' })), enforce)
      return heard
    }
    assert.equal(Object(await answers({})).ok, true)
    assert.deepEqual(await answers({ enforce: { slackArguments: true } }), {
      ok: false,
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] chat.postMessage has no argument alt_text'] },
    })
  })

  it('posts, and shows it in the history, newest first', async () => {
    await simulated(WORLD, async (ask, simulator) => {
      const first = await post(ask, { text: 'one', blocks: [{ type: 'divider' }] })
      const second = await post(ask, { text: 'two' })
      assert.ok(first.ok && second.ts > first.ts)
      const { messages, has_more } = await call(ask, 'conversations.history', { channel: 'C01' })
      assert.deepEqual(
        messages.map(({ text }: { text: string }) => text),
        ['two', 'one'],
      )
      assert.equal(has_more, false)
      assert.equal(simulator.slackMessages().length, 2)
    })
  })

  it('keeps threads apart, and gives metadata only to those who ask', async () => {
    await simulated(WORLD, async (ask) => {
      const metadata = { event_type: 'run', event_payload: { run: 'x' } }
      const { ts } = await post(ask, { metadata })
      await post(ask, { text: 'reply', thread_ts: ts })
      const history = await call(ask, 'conversations.history', { channel: 'C01', include_all_metadata: true })
      assert.deepEqual(
        history.messages.map((message: object) => 'metadata' in message),
        [true],
      )
      const thread = await call(ask, 'conversations.replies', { channel: 'C01', ts })
      assert.deepEqual(
        thread.messages.map(({ text }: { text: string }) => text),
        ['Hello', 'reply'],
      )
      assert.equal('metadata' in thread.messages[0], false)
    })
  })

  it('loses replies in a channel that the world says so of: answered, without thread, and nowhere to be found', async () => {
    const world = WORLD.replace('{id: C03,', '{id: C05, name: holes, losesReplies: true}, {id: C03,')
    await simulated(world, async (ask) => {
      const { ts } = await post(ask, { channel: 'C05' })
      const reply = await post(ask, { channel: 'C05', text: 'reply', thread_ts: ts })
      assert.equal(reply.ok, true)
      assert.equal('thread_ts' in reply.message, false)
      const thread = await call(ask, 'conversations.replies', { channel: 'C05', ts })
      assert.deepEqual(
        thread.messages.map(({ text }: { text: string }) => text),
        ['Hello'],
      )
    })
  })

  it('pages through a history, and between two times', async () => {
    await simulated(WORLD, async (ask) => {
      for (const text of ['1', '2', '3']) await post(ask, { text })
      const first = await call(ask, 'conversations.history', { channel: 'C01', limit: 2 })
      assert.equal(first.has_more, true)
      const cursor = first.response_metadata.next_cursor
      const second = await call(ask, 'conversations.history', { channel: 'C01', limit: 2, cursor })
      assert.deepEqual(
        second.messages.map(({ text }: { text: string }) => text),
        ['1'],
      )
      const later = await call(ask, 'conversations.history', { channel: 'C01', oldest: first.messages[1].ts })
      assert.deepEqual(
        later.messages.map(({ text }: { text: string }) => text),
        ['3'],
      )
    })
  })

  it('takes arguments as JSON, as a form, or in the query', async () => {
    await simulated(WORLD, async (ask) => {
      const form = new URLSearchParams({
        channel: 'C01',
        text: 'x',
        blocks: JSON.stringify([{ type: 'divider' }]),
      })
      assert.equal(
        (await ask('/api/chat.postMessage', { method: 'POST', body: form, headers: TOKEN })).body.ok,
        true,
      )
      assert.equal((await ask('/api/conversations.info?channel=C01', { headers: TOKEN })).body.ok, true)
    })
  })

  it('cuts a text of more than 4000 characters into several posts', async () => {
    await simulated(WORLD, async (ask, simulator) => {
      await post(ask, { text: 'x'.repeat(4000) })
      assert.equal(simulator.slackMessages().length, 1)
      await post(ask, { text: 'x'.repeat(4001) })
      assert.equal(simulator.slackMessages().length, 3)
    })
  })

  const refused: readonly [string, object, string][] = [
    ['an unknown channel', { channel: 'C99' }, 'channel_not_found'],
    ['no channel', { channel: undefined }, 'channel_not_found'],
    ['a channel that it is not in', { channel: 'C02' }, 'not_in_channel'],
    ['a private channel that it is not in', { channel: 'C03' }, 'channel_not_found'],
    ['an archived channel', { channel: 'C04' }, 'is_archived'],
    ['nothing to say', { text: '' }, 'no_text'],
    ['blanks', { text: ' \n' }, 'no_text'],
    ['40,001 characters', { text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['a thread that is not there', { thread_ts: '1.000001' }, 'thread_not_found'],
    ['metadata of another form', { metadata: { run: 'x' } }, 'invalid_metadata_schema'],
    ['blocks of a type that is none', { blocks: [{ type: 'carousel' }] }, 'invalid_blocks'],
    ['blocks that are no JSON', { blocks: '[{' }, 'invalid_blocks_format'],
    [
      '13,000 characters in blocks',
      { blocks: Array(5).fill({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(2600) } }) },
      'msg_blocks_too_long',
    ],
  ]
  for (const [what, args, error] of refused) {
    it(`refuses ${what} as ${error}`, async () => {
      await simulated(WORLD, async (ask, simulator) => {
        const answer = await post(ask, args)
        assert.deepEqual([answer.ok, answer.error], [false, error])
        assert.equal(simulator.slackMessages().length, 0)
      })
    })
  }

  const tokens: readonly [string, Record<string, string>, string][] = [
    ['no token', {}, 'not_authed'],
    ['another token', { authorization: 'Bearer xoxb-other' }, 'invalid_auth'],
    ['a revoked token', { authorization: 'Bearer xoxb-revoked' }, 'token_revoked'],
    ['the token of an account that is gone', { authorization: 'Bearer xoxb-left' }, 'account_inactive'],
  ]
  const GUARDED = WORLD.replace(
    'slack: {',
    `slack: {tokens: [{token: xoxb-reader, scopes: [channels:read]}, {token: xoxb-revoked, scopes: [], state: token_revoked},
      {token: xoxb-left, scopes: [], state: account_inactive}], `,
  )
  for (const [what, headers, error] of tokens) {
    it(`refuses ${what} as ${error}`, async () => {
      await simulated(GUARDED, async (ask) => {
        assert.equal((await call(ask, 'auth.test', {}, { authorization: '', ...headers })).error, error)
      })
    })
  }

  it('says which scope is needed and which are there', async () => {
    await simulated(GUARDED, async (ask) => {
      const reader = { authorization: 'Bearer xoxb-reader' }
      const answer = await call(ask, 'chat.postMessage', { channel: 'C01', text: 'x' }, reader)
      assert.deepEqual(
        [answer.error, answer.needed, answer.provided],
        ['missing_scope', 'chat:write', 'channels:read'],
      )
      assert.equal((await call(ask, 'conversations.info', { channel: 'C01' }, reader)).ok, true)
    })
  })

  it('takes any bot token in a world that names none', async () => {
    await simulated(WORLD, async (ask) => {
      assert.equal((await call(ask, 'auth.test')).user, 'gemini-key-audit')
      assert.equal(
        (await call(ask, 'auth.test', {}, { authorization: 'Bearer ya29.google' })).error,
        'invalid_auth',
      )
    })
  })

  it('refuses more than one message a second and channel when that is enforced', async () => {
    const refuses = async (enforce: object) => {
      let statuses: number[] = []
      await simulated(
        WORLD,
        async (ask) => {
          const answers = [1, 2].map(() =>
            ask('/api/chat.postMessage', posting({ channel: 'C01', text: 'x' }, TOKEN)),
          )
          const [first, second] = await Promise.all(answers)
          statuses = [first?.status ?? 0, second?.status ?? 0].sort()
          if (statuses[1] === 429) {
            const limited = first?.status === 429 ? first : second
            assert.deepEqual([limited?.headers.get('retry-after'), limited?.body.error], ['1', 'ratelimited'])
          }
        },
        enforce,
      )
      return statuses
    }
    assert.deepEqual(await refuses({}), [200, 200])
    assert.deepEqual(await refuses({ enforce: { slackPace: true } }), [200, 429])
  })

  it('knows its channels and lets the bot join', async () => {
    await simulated(WORLD, async (ask) => {
      assert.equal((await call(ask, 'conversations.info', { channel: 'C02' })).channel.is_member, false)
      assert.equal((await call(ask, 'conversations.history', { channel: 'C02' })).error, 'not_in_channel')
      assert.equal((await call(ask, 'conversations.join', { channel: 'C02' })).channel.is_member, true)
      assert.equal((await post(ask, { channel: 'C02' })).ok, true)
      assert.equal((await call(ask, 'conversations.info', { channel: 'C03' })).error, 'channel_not_found')
    })
  })

  it('says that it does not know a method', async () => {
    await simulated(WORLD, async (ask) =>
      assert.equal((await call(ask, 'chat.shout')).error, 'unknown_method'),
    )
  })

  describe('files', () => {
    it('go up in three steps and are in the thread', async () => {
      await simulated(WORLD, async (ask, simulator) => {
        const { ts } = await post(ask, {})
        const begun = await call(ask, 'files.getUploadURLExternal', { filename: 'keys.csv', length: 4 })
        const path = begun.upload_url.replace(simulator.origin, '')
        assert.equal((await ask(path, { method: 'POST', body: 'a,b' })).status, 400) // three bytes, four were announced
        assert.equal((await ask(path, { method: 'POST', body: 'a,b\n' })).status, 200)
        const files = [{ id: begun.file_id, title: 'Keys' }]
        const done = await call(ask, 'files.completeUploadExternal', {
          files,
          channel_id: 'C01',
          thread_ts: ts,
        })
        assert.deepEqual(done.files, files)
        const [, shared] = simulator.slackMessages()
        assert.deepEqual([shared?.threadTs, shared?.files[0]?.content.toString()], [ts, 'a,b\n'])
      })
    })

    const wrong: readonly [string, string, object, string][] = [
      ['no length', 'files.getUploadURLExternal', { filename: 'a' }, 'invalid_arguments'],
      ['no file', 'files.completeUploadExternal', { channel_id: 'C01' }, 'invalid_arguments'],
      [
        'an unknown file',
        'files.completeUploadExternal',
        { files: [{ id: 'F1' }], channel_id: 'C01' },
        'file_not_found',
      ],
      [
        'an unknown channel',
        'files.completeUploadExternal',
        { files: [{ id: 'F1' }], channel_id: 'C99' },
        'channel_not_found',
      ],
    ]
    for (const [what, method, args, error] of wrong) {
      it(`are refused with ${what}`, async () => {
        await simulated(WORLD, async (ask) => assert.equal((await call(ask, method, args)).error, error))
      })
    }

    it('are refused before their content has come', async () => {
      await simulated(WORLD, async (ask) => {
        const { file_id } = await call(ask, 'files.getUploadURLExternal', { filename: 'a', length: 1 })
        const done = await call(ask, 'files.completeUploadExternal', {
          files: [{ id: file_id }],
          channel_id: 'C01',
        })
        assert.equal(done.error, 'file_upload_not_complete')
      })
    })
  })

  it('says in a header which scopes the token has', async () => {
    const tokens = 'tokens: [{token: xoxb-writer, scopes: ["chat:write", "files:write"]}], channels: ['
    await simulated(WORLD.replace('channels: [', tokens), async (ask) => {
      const headers = { authorization: 'Bearer xoxb-writer' }
      const answer = await ask('/api/auth.test', posting({}, headers))
      assert.equal(answer.headers.get('x-oauth-scopes'), 'chat:write,files:write')
    })
    await simulated(WORLD, async (ask) => {
      const answer = await ask('/api/auth.test', posting({}, TOKEN))
      assert.match(answer.headers.get('x-oauth-scopes') ?? '', /chat:write,.*groups:history/)
    })
  })
})
