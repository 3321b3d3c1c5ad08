import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { OAuth2Client } from 'google-auth-library'
import { DeliveryError } from '../../src/deliver/delivery.js'
import { RecordLog } from '../../src/deliver/logging.js'
import { SlackChannel } from '../../src/deliver/slack/channel.js'
import { listKeys } from '../../src/google/apikeys.js'
import { createGoogle } from '../../src/google/client.js'
import { readPolicyObject } from '../../src/google/storage.js'
import { entryOf } from '../../src/records/entries.js'
import { slackMessage } from '../../src/report/slack/message.js'
import { RUN, record } from '../report/samples.js'
import { type RawAnswer, type RawServer, startRawServer } from './server.js'

const MEBI = 2 ** 20

/** What a hostile server would send if somebody read it. */
const WHOLE = 512 * MEBI

/** Above every limit, with what is under way between two processes. */
const READ_AT_MOST = 96 * MEBI

interface Flood {
  readonly answer: RawAnswer
  /** Bytes that were taken off the server. */
  readonly sent: () => number
}

/** Blanks without end, as JSON allows them before a value, with or without a length that says so. */
function flood(headers: Readonly<Record<string, string>>): Flood {
  const chunk = Buffer.alloc(MEBI, ' ')
  let sent = 0
  const answer = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers })
    const more = () => {
      while (sent < WHOLE) {
        if (response.destroyed) return
        sent += chunk.length
        if (!response.write(chunk)) {
          response.once('drain', more)
          return
        }
      }
      response.end()
    }
    more()
  }
  return { answer, sent: () => sent }
}

/** Half a megabyte that becomes more than any limit when it is unpacked, as often as it is asked for. */
const BOMB = gzipSync(Buffer.alloc(READ_AT_MOST, ' '), { level: 1 })

function bomb(): Flood {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  return { answer: { status: 200, headers, body: BOMB }, sent: () => BOMB.length }
}

const FLOODS: Readonly<Record<string, () => Flood>> = {
  'of half a gigabyte': () => flood({ 'content-length': String(WHOLE) }),
  'of half a gigabyte that say no length': () => flood({}),
  'that unpack to a hundred megabytes': bomb,
}

/** Each who reads answers, with what it says of one that is too large. */
const READERS: Readonly<Record<string, { read: (origin: string) => Promise<unknown>; says: RegExp }>> = {
  'Google: a page': {
    read: async (origin) => {
      for await (const _ of listKeys(client(origin), 'projects/1'));
    },
    says: /ANSWER_TOO_LARGE/,
  },
  'Google: a policy': {
    read: (origin) => readPolicyObject(client(origin), 'bucket', 'policy.yaml'),
    says: /ANSWER_TOO_LARGE/,
  },
  Slack: { read: postTo, says: /unclear whether Slack took it \(AnswerTooLarge\)/ },
  'Cloud Logging': { read: writeTo, says: /Writing records to .* failed/ },
}

function client(origin: string) {
  return createGoogle({ origin, pace: 'off', retryPolicy: { retries: 0, first: 1, longest: 1, total: 10 } })
}

function postTo(origin: string): Promise<unknown> {
  const message = slackMessage('A sentence.', [{ kind: 'headline', text: 'A sentence.' }])
  const options = { token: 'xoxb-x', channel: 'C0456', url: `${origin}/api/`, pause: 0 }
  return new SlackChannel(options).post({
    audit: 'a',
    run: RUN.time,
    tells: 'digest',
    sha256: 'ab'.repeat(32),
    message,
    thread: [],
  })
}

function writeTo(origin: string): Promise<unknown> {
  const authClient = new OAuth2Client()
  authClient.setCredentials({ access_token: 'simulated' })
  const limits = { timeout: 500, waitBudget: 10 }
  return new RecordLog({ project: 'p', logName: 'x', authClient, origin, limits }).write([entryOf(record())])
}

describe('Answers too large to be read', function () {
  this.timeout(60_000)

  let server: RawServer

  before(async () => {
    server = await startRawServer()
  })

  after(() => server.stop())

  for (const [reader, { read, says }] of Object.entries(READERS)) {
    for (const [size, floodOf] of Object.entries(FLOODS)) {
      it(`${size}: ${reader} refuses them before they fill the memory`, async () => {
        const floods: Flood[] = []
        server.answer = () => {
          const next = floodOf()
          floods.push(next)
          return next.answer
        }
        await assert.rejects(read(server.origin), (error: Error) => {
          assert.match(error.message, says)
          return error.name === 'ApiError' || error instanceof DeliveryError
        })
        for (const { sent } of floods) assert.ok(sent() <= READ_AT_MOST, `${sent() / MEBI} MiB were read`)
      })
    }
  }

  it('are no reason to refuse what is just large', async () => {
    const keys = Array.from({ length: 300 }, (_, index) => ({
      uid: `${index}`,
      displayName: 'x'.repeat(10_000),
    }))
    server.answer = () => ({
      status: 200,
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify({ keys })),
    })
    for await (const page of listKeys(client(server.origin), 'projects/1')) assert.equal(page.length, 300)
  })
})
