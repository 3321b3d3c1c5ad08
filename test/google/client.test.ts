import assert from 'node:assert/strict'
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, it } from 'mocha'
import { z } from 'zod'
import { listKeys } from '../../src/google/apikeys.js'
import { CALLS } from '../../src/google/calls.js'
import { createGoogle } from '../../src/google/client.js'
import { ApiError } from '../../src/google/errors.js'
import { isEnabled } from '../../src/google/serviceusage.js'
import {
  type Answer,
  type Asked,
  clientOf,
  collect,
  refusal,
  type StandIn,
  startStandIn,
} from './stand-in.js'

describe('the client', () => {
  let standIn: StandIn | undefined

  afterEach(() => standIn?.stop())

  /** A stand-in that gives these answers one after the other, the last one again and again. */
  async function answering(...answers: readonly Answer[]): Promise<StandIn> {
    standIn = await startStandIn((_, count) => answers[count - 1] ?? answers.at(-1) ?? {})
    return standIn
  }

  const good = { body: { keys: [{ uid: 'a' }] } }

  async function failure(keys: Promise<unknown>): Promise<ApiError> {
    const error = await keys.then(
      () => assert.fail('succeeded'),
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof ApiError, `${error}`)
    return error
  }

  describe('asks again', () => {
    const html = (response: import('node:http').ServerResponse) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>')
    const passing: Readonly<Record<string, Answer>> = {
      'a 429': refusal(429, 'RESOURCE_EXHAUSTED', 'RATE_LIMIT_EXCEEDED'),
      'a 408': refusal(408, 'DEADLINE_EXCEEDED'),
      'a 500': refusal(500, 'INTERNAL'),
      'a 503': refusal(503, 'UNAVAILABLE'),
      'a 502 without a body': (response) => response.writeHead(502).end(),
      'a reset': (response) => response.socket?.destroy(),
      'a reset in the middle of an answer': (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        response.write('{"keys": [', () => response.socket?.destroy())
      },
      'truncated JSON': (response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys": [{"uid": "a"'),
      'an empty body': (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(),
      HTML: html,
      'another content type': (response) =>
        response.writeHead(200, { 'content-type': 'application/x-thing' }).end('{"keys": []}'),
      'a list in place of an object': { body: [] },
      'a list that is none': { body: { keys: 'none' } },
      'a token that is none': { body: { keys: [], nextPageToken: 7 } },
      'an error under status 200': { body: { error: { code: 500 } } },
      'a broken gzip stream': (response) => {
        const whole = gzipSync(JSON.stringify(good.body))
        const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
        response.writeHead(200, headers).end(whole.subarray(0, whole.length - 12))
      },
    }
    for (const [name, answer] of Object.entries(passing)) {
      it(`after ${name}`, async () => {
        const { asked } = await answering(answer, answer, good)
        assert.deepEqual(await collect(listKeys(clientOf(standIn as StandIn), 'projects/1')), [{ uid: 'a' }])
        assert.equal(asked.length, 3)
      })
    }
  })

  describe('gives up at once', () => {
    const final: readonly (readonly [string, Answer, string])[] = [
      ['a denial', refusal(403, 'PERMISSION_DENIED', 'IAM_PERMISSION_DENIED'), 'IAM_PERMISSION_DENIED'],
      ['a denial without details', refusal(403, 'PERMISSION_DENIED'), 'PERMISSION_DENIED'],
      ['a 403 without a body', (response) => response.writeHead(403).end(), 'PERMISSION_DENIED'],
      ['a wrong argument', refusal(400, 'INVALID_ARGUMENT'), 'INVALID_ARGUMENT'],
      ['a thing that is not there', refusal(404, 'NOT_FOUND'), 'NOT_FOUND'],
      ['a refused token', refusal(401, 'UNAUTHENTICATED', 'ACCESS_TOKEN_EXPIRED'), 'ACCESS_TOKEN_EXPIRED'],
      [
        'a daily quota',
        refusal(429, 'RESOURCE_EXHAUSTED', 'RATE_LIMIT_EXCEEDED', { quota_limit: 'ReadsPerDayPerProject' }),
        'DAILY_QUOTA_EXCEEDED',
      ],
      [
        'a quota that asks for more time than there is',
        { ...(refusal(429, 'RESOURCE_EXHAUSTED') as object), headers: { 'retry-after': '86400' } },
        'RESOURCE_EXHAUSTED',
      ],
    ]
    for (const [name, answer, reason] of final) {
      it(`on ${name}`, async () => {
        const { asked } = await answering(answer, good)
        const error = await failure(collect(listKeys(clientOf(standIn as StandIn), 'projects/1')))
        assert.equal(error.reason, reason)
        assert.equal(asked.length, 1)
      })
    }

    for (const [name, headers] of [
      ['announced', { 'content-length': '5000000' }],
      ['unannounced', {}],
    ] as const) {
      it(`on an answer over the size limit, ${name}, without reading it to the end`, async () => {
        let closed: Promise<unknown> | undefined
        const sent: { bytes: number }[] = []
        const { asked } = await answering((response) => {
          const own = { bytes: 0 }
          sent.push(own)
          closed = once(response, 'close')
          response.writeHead(200, { 'content-type': 'application/json', ...headers })
          response.on('error', () => undefined)
          const chunk = Buffer.alloc(50_000, ' ')
          const pour = () => {
            while (own.bytes < 5_000_000 && response.write(chunk)) own.bytes += chunk.length
          }
          response.on('drain', pour)
          pour()
        })
        const client = clientOf(standIn as StandIn, { sizeLimit: 100_000 })
        const error = await failure(collect(listKeys(client, 'projects/1')))
        assert.equal(error.reason, 'ANSWER_TOO_LARGE')
        assert.equal(asked.length, 9, 'for fewer and fewer elements')
        assert.ok(sent.every(({ bytes }) => bytes < 5_000_000))
        await closed // or the connection would stay open, and the test not end
      })
    }
  })

  it('gives up a page after the retries that it has, and says so', async () => {
    const { asked } = await answering(refusal(503, 'UNAVAILABLE'))
    const error = await failure(collect(listKeys(clientOf(standIn as StandIn), 'projects/1')))
    assert.equal(asked.length, 4)
    assert.equal(
      error.message,
      'Listing the API keys of projects/1 failed: apikeys.googleapis.com failed, and kept failing when it was asked again (UNAVAILABLE); try again later; if it stays, look at the status of Google Cloud: https://status.cloud.google.com',
    )
  })

  it('never gives up on a quota while there is time', async () => {
    const limited = refusal(429, 'RESOURCE_EXHAUSTED')
    const { asked } = await answering(...Array.from({ length: 20 }, () => limited), good)
    await collect(listKeys(clientOf(standIn as StandIn), 'projects/1'))
    assert.equal(asked.length, 21)
  })

  it('waits as long as Retry-After asks, on a 503 too', async () => {
    for (const status of [429, 503]) {
      const { asked } = await answering({ status, headers: { 'retry-after': '1' } }, good)
      await collect(listKeys(clientOf(standIn as StandIn), 'projects/1'))
      assert.ok(gap(asked, 0) >= 990, `${gap(asked, 0)}`)
      await standIn?.stop()
    }
  })

  it('stops the whole API for the time that a 429 asks, and no other API', async () => {
    const waits = { status: 429, headers: { 'retry-after': '1' } }
    standIn = await startStandIn(({ path }, count) => {
      if (path.includes('/services/')) return { body: { state: 'ENABLED' } }
      return count === 1 ? waits : good
    })
    const client = clientOf(standIn, { concurrency: 1 })
    const first = collect(listKeys(client, 'projects/1'))
    const second = collect(listKeys(client, 'projects/2'))
    await isEnabled(client, 'projects/3', 'x')
    const paths = standIn.asked.map(({ path }) => path)
    assert.deepEqual(paths, ['/v2/projects/1/locations/global/keys', '/v1/projects/3/services/x'])
    await Promise.all([first, second])
    const [limited, , retried, other] = standIn.asked
    assert.equal(retried?.path, limited?.path, 'the page that was refused goes first')
    assert.ok(Number(other?.at) - Number(limited?.at) >= 990)
  })

  it('tries a request that ran into the time limit once more, and no third time', async () => {
    const { asked } = await answering(() => undefined)
    const client = clientOf(standIn as StandIn, { timeLimit: 50 })
    const error = await failure(collect(listKeys(client, 'projects/1')))
    assert.equal(error.reason, 'TIMEOUT')
    assert.equal(asked.length, 2)
  })

  it('counts the time of the body to the limit', async () => {
    await answering((response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{"keys": [')
    })
    const client = clientOf(standIn as StandIn, { timeLimit: 50 })
    assert.equal((await failure(collect(listKeys(client, 'projects/1')))).reason, 'TIMEOUT')
  })

  it('names a server that is not there', async () => {
    const gone = await startStandIn(() => good)
    await gone.stop()
    const error = await failure(collect(listKeys(clientOf(gone), 'projects/1')))
    assert.equal(error.reason, 'ECONNREFUSED')
    assert.match(error.message, /apikeys.googleapis.com could not be reached .ECONNREFUSED.; check/)
  })

  describe('out of time', () => {
    it('breaks off what is under way and what waits, with a reason of its own', async () => {
      const { begun } = await answering(() => undefined)
      const time = new AbortController()
      const client = clientOf(standIn as StandIn, { concurrency: 1 }).until(time.signal)
      const asking = ['projects/1', 'projects/2'].map((name) => failure(collect(listKeys(client, name))))
      await begun
      time.abort()
      for (const error of await Promise.all(asking)) assert.equal(error.reason, 'OUT_OF_TIME')
      assert.equal(standIn?.asked.length, 1)
      const late = await failure(collect(listKeys(client, 'projects/3')))
      assert.equal(late.reason, 'OUT_OF_TIME')
    })

    /** Asks for a wait, in which the time will be up: it runs from the answer on. */
    const waiting =
      (status: number, seconds: string, time: AbortController): Answer =>
      (response) => {
        response.once('finish', () => setTimeout(() => time.abort(), 100))
        response.writeHead(status, { 'content-type': 'application/json', 'retry-after': seconds }).end('{}')
      }

    it('breaks off the wait for a quota', async () => {
      const time = new AbortController()
      const { asked } = await answering(waiting(429, '60', time), good)
      const retryPolicy = { retries: 1, first: 1, longest: 1, total: 90_000 }
      const client = clientOf(standIn as StandIn, { retryPolicy }).until(time.signal)
      const error = await failure(collect(listKeys(client, 'projects/1')))
      assert.equal(error.reason, 'OUT_OF_TIME')
      assert.equal(asked.length, 1)
    })

    it('breaks off the wait that a failing server asked for', async () => {
      const time = new AbortController()
      const { asked } = await answering(waiting(503, '30', time), good)
      const retryPolicy = { retries: 1, first: 1, longest: 1, total: 90_000 }
      const client = clientOf(standIn as StandIn, { retryPolicy }).until(time.signal)
      const error = await failure(collect(listKeys(client, 'projects/1')))
      assert.equal(error.reason, 'OUT_OF_TIME')
      assert.equal(asked.length, 1)
    })

    it('is a limit of the reading, not of the client', async () => {
      await answering(good)
      const client = clientOf(standIn as StandIn)
      const late = await failure(collect(listKeys(client.until(AbortSignal.abort()), 'projects/1')))
      assert.equal(late.reason, 'OUT_OF_TIME')
      assert.deepEqual(await collect(listKeys(client, 'projects/1')), [{ uid: 'a' }])
    })
  })

  describe('paces', () => {
    it('each quota by itself, at the given percentage, over any minute', async () => {
      standIn = await startStandIn(({ path }) =>
        path.includes('/services/') ? { body: { state: 'ENABLED' } } : { body: {} },
      )
      await isEnabled(clientOf(standIn), 'projects/1', 'x') // loads Google's client for the other API
      const before = standIn.asked.length
      // 2 percent of 240 are 4 requests in a minute, which lasts 300 ms here
      const client = clientOf(standIn, { pace: 2, minute: 300 })
      const names = Array.from({ length: 10 }, (_, index) => `projects/${index}`)
      const begun = performance.now()
      await Promise.all([
        ...names.map((name) => collect(listKeys(client, name))),
        isEnabled(client, 'projects/1', 'x'),
      ])
      const asked = standIn.asked.slice(before)
      const reads = asked.filter(({ path }) => path.endsWith('/keys'))
      assert.equal(reads.length, 10)
      for (const [index, { at }] of reads.entries()) {
        // a busy machine makes them later; a timer may be early by a millisecond
        assert.ok(at - begun >= Math.floor(index / 4) * 298, `${index} after ${at - begun} ms`)
      }
      const other = asked.findIndex(({ path }) => path.includes('/services/'))
      assert.ok(other < reads.length, 'the other API does not wait until all keys are read')
    })
  })

  it('counts every attempt by operation', async () => {
    await answering(
      refusal(500, 'INTERNAL'),
      refusal(500, 'INTERNAL'),
      good,
      refusal(403, 'PERMISSION_DENIED'),
    )
    const client = clientOf(standIn as StandIn)
    await collect(listKeys(client, 'projects/1'))
    await failure(isEnabled(client.until(new AbortController().signal), 'projects/1', 'x'))
    assert.deepEqual(client.requests(), [
      { service: 'apikeys.googleapis.com', operation: 'keys.list', answered: 1, failed: 2 },
      { service: 'serviceusage.googleapis.com', operation: 'services.get', answered: 0, failed: 1 },
    ])
  })

  it('sends a token that is good for nothing to an origin of one’s own, over one connection', async () => {
    const { asked } = await answering(good)
    const client = clientOf(standIn as StandIn)
    for (const name of ['projects/1', 'projects/example.com:old']) await collect(listKeys(client, name))
    assert.deepEqual(new Set(asked.map(({ authorization }) => authorization)), new Set(['Bearer simulated']))
    assert.equal(asked[1]?.path, '/v2/projects/example.com:old/locations/global/keys')
  })

  it('goes past a proxy to an origin of one’s own', async () => {
    await answering(good)
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:9'
    try {
      await collect(listKeys(clientOf(standIn as StandIn), 'projects/1'))
    } finally {
      delete process.env['HTTP_PROXY']
    }
  })

  it('says without credentials that there are none, before anything is sent', async () => {
    const home = process.env['HOME']
    process.env['HOME'] = '/nonexistent'
    try {
      const error = await failure(collect(listKeys(createGoogle({ pace: 90 }), 'projects/1')))
      assert.equal(error.reason, 'CREDENTIALS')
      assert.match(error.message, /there are no usable credentials.*gcloud auth application-default login/)
    } finally {
      process.env['HOME'] = home
    }
  })

  it('lets a bug through as what it is', async () => {
    await answering(good)
    const bug = new RangeError('a bug')
    const client = clientOf(standIn as StandIn)
    const question = { call: CALLS.listKeys, subject: 'projects/1', schema: z.unknown() }
    await assert.rejects(
      client.ask({ ...question, send: () => Promise.reject(bug) }),
      (error) => error === bug,
    )
  })
})

function gap(asked: readonly Asked[], index: number): number {
  return Number(asked[index + 1]?.at) - Number(asked[index]?.at)
}
