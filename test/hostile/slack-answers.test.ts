import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { DeliveryError } from '../../src/deliver/delivery.js'
import { SlackChannel, type SlackPost } from '../../src/deliver/slack/channel.js'
import { slackMessage } from '../../src/report/slack/message.js'
import { RUN } from '../report/samples.js'
import { rawAnswers } from './answers.js'
import { cases } from './cases.js'
import { type RawServer, startRawServer } from './server.js'

const TOKEN = 'xoxb-never-told'

const FIELDS = [
  ...[
    'ok',
    'ts',
    'error',
    'needed',
    'messages',
    'response_metadata',
    'upload_url',
    'file_id',
    'files',
    'warning',
  ],
  ...['__proto__', 'constructor', 'toString', 'then', 'headers', 'file'],
]

const message = {
  ts: '1763881200.000001',
  metadata: {
    event_type: 'gemini_key_audit_run',
    event_payload: { audit: RUN.audit, run: RUN.time, tells: 'digest', sha256: 'ab'.repeat(32) },
  },
}

/** What the answer to a reply names. */
const THREADED = { thread_ts: message.ts }

const GOOD: readonly unknown[] = [
  { ok: true, ts: message.ts, message: THREADED },
  { ok: true, ts: message.ts, message: { thread_ts: 7 } },
  { ok: true },
  { ok: true, ts: '1763881200.000001' },
  { ok: true, ts: '\u001b[2J' },
  { ok: false, error: 'missing_scope', needed: `\u001b]52;${TOKEN}` },
  { ok: false, error: 'constructor' },
  { ok: false, error: '__proto__' },
  { ok: false, error: 'invalid_blocks', response_metadata: { messages: 7, warnings: 'x' } },
  { ok: false, error: 'internal_error' },
  { ok: true, messages: [message], response_metadata: { next_cursor: 'same' } },
  { ok: true, messages: [{ ...message, ts: undefined }, null, 7] },
  {
    ok: true,
    messages: [{ metadata: { event_type: 'gemini_key_audit_part', event_payload: { part: '@json:1e999' } } }],
  },
  { ok: true, upload_url: 'https://evil.example/', file_id: 'F1' },
  { ok: true, upload_url: 7, file_id: [] },
  { ok: true, upload_url: 'file:///etc/passwd', file_id: 'F1' },
]

const POST: SlackPost = {
  audit: RUN.audit,
  run: RUN.time,
  tells: 'digest',
  sha256: 'ab'.repeat(32),
  message: slackMessage('A sentence.', [{ kind: 'headline', text: 'A sentence.' }]),
  thread: [slackMessage('A reply.', [{ kind: 'paragraph', text: 'A reply.' }])],
  file: { name: 'a.csv', title: 'a', content: 'a\n' },
}

/** What is asked of a channel. */
const WAYS: Readonly<Record<string, (channel: SlackChannel) => Promise<unknown>>> = {
  post: (channel) => channel.post(POST),
  failure: (channel) => channel.post({ ...POST, tells: 'failure' }),
  complete: (channel) => channel.complete(POST, message.ts),
  look: (channel) => channel.look(POST),
  find: (channel) => channel.find(POST),
}

function assertTold(error: unknown): void {
  assert.ok(error instanceof DeliveryError, inspect(error))
  assert.doesNotMatch(error.message, /\p{Cc}|undefined|\[object/u)
  assert.doesNotMatch(inspect(error, { depth: 10 }), new RegExp(TOKEN))
}

describe('Hostile answers of Slack', function () {
  this.timeout(60_000)

  let server: RawServer
  const tokensElsewhere: string[] = []

  before(async () => {
    server = await startRawServer()
  })

  after(() => server.stop())

  const channel = () =>
    new SlackChannel({
      token: TOKEN,
      channel: 'C0456',
      url: `${server.origin}/api/`,
      timeout: 3_000,
      pause: 0,
      waitBudget: 3,
      wait: () => Promise.resolve(),
    })

  it('end as a message that has a place in the channel, or as failures that say what to do', async () => {
    const answer = rawAnswers(FIELDS, GOOD, [200, 200, 200, 200, 200, 204, 302, 400, 403, 404, 429, 500, 503])
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(WAYS)),
        fc.array(answer, { minLength: 1, maxLength: 8 }),
        async (way, answers) => {
          let asked = 0
          server.answer = ({ path, headers }) => {
            asked += 1
            if (!path.startsWith('/api/') && headers.authorization) tokensElsewhere.push(path)
            return answers[asked % answers.length] ?? assert.fail()
          }
          const ended: unknown = await WAYS[way]?.(channel()).catch((error: unknown) => ({ error }))
          assert.ok(asked <= 60, `${asked} requests`)
          if (typeof ended !== 'object' || ended === null) return
          if ('error' in ended) return assertTold(ended.error)
          if ('ts' in ended) assert.match(String(ended.ts), /^\d+\.\d+$/)
          if ('problems' in ended && Array.isArray(ended.problems)) ended.problems.forEach(assertTold)
        },
      ),
      cases(250),
    )
    assert.deepEqual(tokensElsewhere, [])
  })

  it('send neither the file nor the token to an address that is not Slack’s', async () => {
    const other = await startRawServer()
    try {
      const seen: string[] = []
      other.answer = ({ path, headers }) => {
        seen.push(`${path} ${headers.authorization ?? ''}`)
        return { status: 200, headers: {}, body: 'OK' }
      }
      const body = {
        ok: true,
        ts: message.ts,
        message: THREADED,
        upload_url: `${other.origin}/upload`,
        file_id: 'F1',
      }
      server.answer = () => ({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      const { problems } = await channel().post(POST)
      assert.equal(problems.length, 1)
      assert.deepEqual(seen, [])
    } finally {
      await other.stop()
    }
  })

  it('do not learn the token at the address for uploads', async () => {
    const seen: string[] = []
    const body = {
      ok: true,
      ts: message.ts,
      message: THREADED,
      upload_url: `${server.origin}/upload/v1/x`,
      file_id: 'F1',
    }
    server.answer = ({ path, headers }) => {
      seen.push(`${path.split('?')[0]} ${headers.authorization === undefined ? 'without' : 'with'}`)
      return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    }
    assert.deepEqual((await channel().post(POST)).problems, [])
    assert.deepEqual(seen, [
      '/api/chat.postMessage with',
      '/api/chat.postMessage with',
      '/api/files.getUploadURLExternal with',
      '/upload/v1/x without',
      '/api/files.completeUploadExternal with',
    ])
  })
})
