import assert from 'node:assert/strict'
import { OAuth2Client } from 'google-auth-library'
import { DeliveryError } from '../../src/deliver/delivery.js'
import { RecordLog, type RecordLogLimits } from '../../src/deliver/logging.js'
import { entryOf, type LogEntry } from '../../src/records/entries.js'
import { record } from '../report/samples.js'
import { type Answer, type StandIn, standIn } from './stand-in.js'

const TOKEN = 'ya29.never-to-be-seen'
const QUICK = { wait: 1, waitLimit: 2_000, timeout: 2_000 }

describe('writing records to Cloud Logging', () => {
  let server: StandIn
  let answers: Answer[]

  beforeEach(async () => {
    answers = []
    server = await standIn(() => answers.shift() ?? { body: {} })
  })
  afterEach(() => server.stop())

  const log = (limits: Partial<RecordLogLimits> = {}) =>
    new RecordLog({
      project: 'audit-project',
      logName: 'gemini-key-audit',
      authClient: authorized(),
      origin: server.origin,
      limits: { ...QUICK, ...limits },
    })

  const written = () =>
    server.requests.map(({ body }): { entries: Record<string, unknown>[] } => JSON.parse(body))

  it('sends exactly the entries, with resource, severity, labels, the run’s time and the digest as id', async () => {
    const entry = entryOf(record())
    assert.equal(await log().write([entry]), 1)
    const [request] = server.requests
    assert.equal(request?.path.split('?')[0], '/v2/entries:write')
    assert.equal(request?.headers.authorization, `Bearer ${TOKEN}`)
    assert.deepEqual(JSON.parse(request?.body ?? ''), {
      logName: 'projects/audit-project/logs/gemini-key-audit',
      resource: { type: 'global', labels: { project_id: 'audit-project' } },
      labels: {},
      partialSuccess: true,
      entries: [
        {
          insertId: entry.insertId,
          severity: 500,
          timestamp: '2026-11-23T07:00:00.000Z',
          labels: {
            record: 'key',
            audit: 'acme',
            run: '2026-11-23T07:00:00Z',
            verdict: 'overdue',
            type: 'standard',
            project: 'acme-web',
          },
          jsonPayload: JSON.parse(JSON.stringify(entry.payload)),
        },
      ],
    })
  })

  it('keeps each write within the limits on entries and bytes, in the order of the entries', async () => {
    const entries = entriesOf(25)
    await log({ entries: 10, writes: 1 }).write(entries)
    assert.deepEqual(
      written().map(({ entries }) => entries.length),
      [10, 10, 5],
    )
    assert.deepEqual(
      written().flatMap(({ entries }) => entries.map(({ insertId }) => insertId)),
      entries.map(({ insertId }) => insertId),
    )
    server.requests.length = 0
    await log({ bytes: 10_000, writes: 1 }).write(entries)
    assert.ok(written().length > 3)
    for (const { body } of server.requests) assert.ok(Buffer.byteLength(body) <= 10_000, 'too many bytes')
  })

  it('takes entries as they come, reading no further ahead than it writes', async () => {
    let given = 0
    async function* slowly() {
      for (const entry of entriesOf(50)) {
        given += 1
        yield entry
        assert.ok(given - server.requests.length * 5 <= 30, 'read far ahead of the writes')
      }
    }
    assert.equal(await log({ entries: 5, writes: 2 }).write(slowly()), 50)
  })

  it('waits and tries again where a quota is used up, with the same bytes', async () => {
    answers = [refused(429, 'RESOURCE_EXHAUSTED'), refused(429, 'RESOURCE_EXHAUSTED')]
    assert.equal(await log().write(entriesOf(1)), 1)
    assert.equal(server.requests.length, 3)
    assert.equal(server.requests[0]?.body, server.requests[2]?.body)
  })

  it('gives up on a quota that stays used up, and says that trying later can help', async () => {
    server.requests.length = 0
    answers = Array.from({ length: 500 }, () => refused(429, 'RESOURCE_EXHAUSTED'))
    const error = await failure(log({ waitLimit: 50 }).write(entriesOf(1)))
    assert.equal(error.retry, true)
    assert.match(error.message, /RESOURCE_EXHAUSTED .* later/)
  })

  it('gives up on a quota that each write has to wait for, once all have waited long enough together', async () => {
    const limited = [refused(429, 'RESOURCE_EXHAUSTED'), { body: {} }]
    answers = Array.from({ length: 40 }, () => limited).flat()
    const limits = { entries: 1, writes: 1, wait: 20 }
    assert.equal(await log({ ...limits, waitLimit: 2_000 }).write(entriesOf(3)), 3)
    const error = await failure(log({ ...limits, waitLimit: 150 }).write(entriesOf(30)))
    assert.equal(error.retry, true)
    assert.ok(answers.length > 40, 'some 7 of 30 were tried')
  })

  it('survives a server that is down for a moment', async () => {
    answers = [refused(503, 'UNAVAILABLE')]
    assert.equal(await log().write(entriesOf(1)), 1)
    assert.equal(server.requests.length, 2)
  })

  const refusals: readonly [string, Answer, boolean, RegExp][] = [
    [
      'a missing right',
      refused(403, 'PERMISSION_DENIED'),
      false,
      /Grant logging\.logEntries\.create .*projects add-iam-policy-binding audit-project .*logging\.logWriter/,
    ],
    [
      'an API that is off',
      refused(403, 'PERMISSION_DENIED', 'SERVICE_DISABLED', { consumer: 'projects/77' }),
      false,
      /PERMISSION_DENIED SERVICE_DISABLED .*gcloud services enable logging\.googleapis\.com --project=77/,
    ],
    ['bad credentials', refused(401, 'UNAUTHENTICATED'), false, /UNAUTHENTICATED .*credentials/],
    ['a project that does not exist', refused(404, 'NOT_FOUND'), false, /NOT_FOUND .*LOG_PROJECT/],
    ['an entry that Google refuses', refused(400, 'INVALID_ARGUMENT'), false, /INVALID_ARGUMENT .*report it/],
    ['a page that is no answer of Google’s', { status: 404, body: '<html>nothing here' }, false, /NOT_FOUND/],
  ]
  for (const [what, answer, retry, message] of refusals) {
    it(`says what to do about ${what}`, async () => {
      answers = [answer]
      const error = await failure(log().write(entriesOf(1)))
      assert.equal(error.to, 'logging:projects/audit-project/logs/gemini-key-audit')
      assert.equal(error.retry, retry)
      assert.match(error.message, message)
    })
  }

  it('ends in time when the server never answers', async () => {
    answers = Array.from({ length: 50 }, () => ({ body: 'hang' }))
    const error = await failure(log({ timeout: 200 }).write(entriesOf(1)))
    assert.equal(error.retry, true)
  })

  it('stops after a failed write, and never shows a token', async () => {
    answers = Array.from({ length: 50 }, () => refused(403, 'PERMISSION_DENIED'))
    const error = await failure(log({ entries: 1, writes: 1 }).write(entriesOf(20)))
    assert.ok(server.requests.length < 20)
    assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes(TOKEN))
    assert.equal(error.cause, undefined)
  })

  it('passes on what the entries’ own source throws', async () => {
    async function* broken(): AsyncGenerator<LogEntry> {
      yield* entriesOf(1)
      throw new Error('the spool is gone')
    }
    await assert.rejects(log().write(broken()), /the spool is gone/)
  })
})

function authorized(): OAuth2Client {
  const client = new OAuth2Client()
  client.setCredentials({ access_token: TOKEN, expiry_date: Date.now() + 3_600_000 })
  return client
}

function entriesOf(count: number): LogEntry[] {
  return Array.from({ length: count }, (_none, index) => entryOf(record({ uid: `uid-${index}` })))
}

function refused(
  code: number,
  status: string,
  reason?: string,
  metadata: Readonly<Record<string, string>> = {},
): Answer {
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata,
  }
  const details = reason === undefined ? [] : [info]
  return { status: code, body: { error: { code, status, message: 'Google says no.', details } } }
}

async function failure(promise: Promise<unknown>): Promise<DeliveryError> {
  const error: unknown = await promise.then(
    () => assert.fail('should have failed'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof DeliveryError, String(error))
  return error
}
