import assert from 'node:assert/strict'
import { listKeys } from '../../src/google/apikeys.js'
import { CALLS } from '../../src/google/calls.js'
import { ApiError } from '../../src/google/errors.js'
import { blockedFor, CircuitBreaker, quotaPause, type RetryPolicy, retrying } from '../../src/google/retry.js'
import { isEnabled } from '../../src/google/serviceusage.js'
import { Stopped } from '../../src/google/time-limit.js'
import { type Answer, clientOf, collect, refusal, type StandIn, startStandIn } from './stand-in.js'

const RETRY_POLICY: RetryPolicy = { retries: 2, first: 10, longest: 40, total: 1_000 }
const good = { body: { keys: [] } }

function limited(wait?: number): ApiError {
  const failure = { reason: 'RATE_LIMIT_EXCEEDED', status: 429, ...(wait !== undefined && { wait }) }
  return new ApiError(CALLS.listKeys, 'projects/1', failure)
}

function limit(left?: number) {
  const { signal } = new AbortController()
  return left === undefined ? { signal } : { signal, left: () => left }
}

async function reasonOf(asking: Promise<unknown>): Promise<string> {
  const error = await asking.then(
    () => assert.fail('succeeded'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ApiError, `${error}`)
  return error.reason
}

describe('a used-up quota', () => {
  const random = () => 0.5

  it('closes its API for longer and longer, and for as long as the API asks', () => {
    const pause = (attempt: number, wait?: number) =>
      quotaPause(limited(wait), attempt, { retryPolicy: RETRY_POLICY, limit: undefined, random })
    assert.deepEqual(
      [1, 2, 3, 4].map((attempt) => pause(attempt)),
      [15, 30, 60, 60],
    )
    assert.equal(pause(1, 500), 500)
    assert.equal(pause(3, 500), 500)
    assert.equal(pause(1, 0), 10)
  })

  const horizons: readonly (readonly [string, Parameters<typeof blockedFor>[2], number])[] = [
    ['the policy, where nothing else ends it', undefined, 1_000],
    ['the policy, where it is not known how much time is left', limit(), 1_000],
    ['the time that is left', limit(5_000), 5_000],
  ]
  for (const [name, until, end] of horizons) {
    it(`is waited for within ${name}, and not as long as that`, () => {
      for (const [wait, isHopeless] of [
        [end - 1, false],
        [end, true],
      ] as const) {
        const asked = { retryPolicy: RETRY_POLICY, limit: until, random }
        assert.equal(quotaPause(limited(wait), 1, asked), isHopeless ? undefined : wait)
        assert.equal(blockedFor(limited(wait), RETRY_POLICY, until), isHopeless ? wait : undefined)
      }
    })
  }

  it('is tried against as long as there is time, or by the retry policy where no time is set', () => {
    assert.equal(retrying(RETRY_POLICY, limit()).maxRetryTime, Number.POSITIVE_INFINITY)
    assert.equal(retrying(RETRY_POLICY).maxRetryTime, 1_000)
  })
})

describe('what cannot succeed', () => {
  let standIn: StandIn | undefined

  afterEach(() => standIn?.stop())

  async function serving(answer: (path: string, count: number) => Answer): Promise<StandIn> {
    standIn = await startStandIn(({ path }, count) => answer(path, count))
    return standIn
  }

  const daily: Readonly<Record<string, object>> = {
    'by the name of the limit': { quota_limit: 'ReadsPerDayPerProject' },
    'by another spelling': { quota_limit: 'defaultPerDayPerProject' },
    'by its unit': { quota_limit: 'ListRequests', quota_unit: '1/d/{project}' },
  }
  for (const [name, metadata] of Object.entries(daily)) {
    it(`is a quota of the day (${name}): it is asked once, and reported for every other project`, async () => {
      const spent = refusal(429, 'RESOURCE_EXHAUSTED', 'RATE_LIMIT_EXCEEDED', metadata)
      const server = await serving((path) =>
        path.includes('/services/') ? { body: { state: 'ENABLED' } } : spent,
      )
      const client = clientOf(server)
      for (const number of [1, 2, 3]) {
        const asking = collect(listKeys(client, `projects/${number}`))
        const error = await asking.then(
          () => assert.fail('succeeded'),
          (thrown: unknown) => thrown,
        )
        assert.ok(error instanceof ApiError)
        assert.equal(error.reason, 'DAILY_QUOTA_EXCEEDED')
        assert.equal(error.subject, `projects/${number}`)
        assert.match(error.message, new RegExp(`of projects/${number} failed: .* is used up for the day`))
      }
      assert.equal(server.asked.length, 1)
      assert.equal(await isEnabled(client, 'projects/1', 'x'), true)
    })
  }

  it('is no quota of a minute, whatever its name', async () => {
    const metadata = { quota_limit: 'ReadsPerMinutePerProject', quota_unit: '1/min/{project}' }
    const spent = refusal(429, 'RESOURCE_EXHAUSTED', 'RATE_LIMIT_EXCEEDED', metadata)
    const server = await serving((_, count) => (count === 1 ? spent : good))
    assert.deepEqual(await collect(listKeys(clientOf(server), 'projects/1')), [])
  })

  it('is no quota that is refused by 403', async () => {
    const spent = refusal(403, 'PERMISSION_DENIED', 'RATE_LIMIT_EXCEEDED')
    const server = await serving((_, count) => (count <= 5 ? spent : good))
    assert.deepEqual(await collect(listKeys(clientOf(server), 'projects/1')), [])
    assert.equal(server.asked.length, 6)
  })

  it('is a quota that asks for more time than is left: reported as that, once for all', async () => {
    const server = await serving(() => ({ status: 429, headers: { 'retry-after': '60' } }))
    const client = clientOf(server).until(new AbortController().signal, () => 59_000)
    for (const number of [1, 2]) {
      const reason = await reasonOf(collect(listKeys(client, `projects/${number}`)))
      assert.equal(reason, 'RESOURCE_EXHAUSTED')
    }
    assert.equal(server.asked.length, 1)
  })

  it('comes back when the time that was asked for is over', () => {
    const breaker = new CircuitBreaker()
    breaker.refused('readApiKeys', limited(), 100)
    assert.ok(breaker.at(99, 'readApiKeys'))
    assert.equal(breaker.at(100, 'readApiKeys'), undefined)
    assert.equal(breaker.at(99, 'readServices'), undefined)
  })

  it('is an API that is silent 32 times, with no word between', () => {
    const silence = new ApiError(CALLS.listKeys, 'projects/1', { reason: 'TIMEOUT' })
    const breaker = new CircuitBreaker()
    const silent = (times: number) => {
      for (let at = 0; at < times; at++) breaker.silent('readApiKeys', silence)
    }
    silent(31)
    breaker.answered('readApiKeys')
    silent(31)
    assert.equal(breaker.at(0, 'readApiKeys'), undefined)
    silent(1)
    assert.equal(breaker.at(0, 'readApiKeys'), silence)
    assert.equal(breaker.at(0, 'readServices'), undefined)
  })

  it('is an API that hangs: it costs two rounds of the time limit, whatever the number of projects', async () => {
    const server = await serving(() => () => undefined)
    const client = clientOf(server, { timeLimit: 40, concurrency: 16 })
    const asking = Array.from({ length: 200 }, (_, at) =>
      reasonOf(collect(listKeys(client, `projects/${at}`))),
    )
    assert.deepEqual(new Set(await Promise.all(asking)), new Set(['TIMEOUT']))
    assert.ok(server.asked.length <= 48, `${server.asked.length}`)
  })

  it('is not an API of which one project hangs', async () => {
    const server = await serving((path) => (path.includes('/odd-') ? () => undefined : good))
    const client = clientOf(server, { timeLimit: 250, concurrency: 4 })
    await collect(listKeys(clientOf(server), 'projects/even')) // loads Google's client, outside of the time limit
    const projects = Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? `odd-${at}` : `even-${at}`))
    const answers = await Promise.allSettled(
      projects.map((id) => collect(listKeys(client, `projects/${id}`))),
    )
    assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 30)
  })
})

describe('a reading that is stopped', () => {
  it('says by whom, with a reason of its own', async () => {
    const standIn = await startStandIn(() => () => undefined)
    try {
      const stop = new AbortController()
      const client = clientOf(standIn).until(AbortSignal.any([stop.signal, new AbortController().signal]))
      void standIn.begun.then(() => stop.abort(new Stopped('SIGTERM')))
      const error = await collect(listKeys(client, 'projects/1')).catch((thrown: unknown) => thrown)
      assert.ok(error instanceof ApiError)
      assert.equal(error.reason, 'STOPPED')
      assert.match(error.because, /failed: the audit was stopped by SIGTERM$/)
    } finally {
      await standIn.stop()
    }
  })
})

describe('many requests that wait under one signal', () => {
  it('give no warning of a leak', async () => {
    const warnings: Error[] = []
    const hear = (warning: Error) => warnings.push(warning)
    process.on('warning', hear)
    const standIn = await startStandIn((_, count) => (count <= 40 ? { status: 503 } : good))
    try {
      const client = clientOf(standIn, {
        concurrency: 40,
        retryPolicy: { retries: 5, first: 50, longest: 100, total: 10_000 },
      }).until(AbortSignal.any([new AbortController().signal]))
      await Promise.all(Array.from({ length: 40 }, (_, at) => collect(listKeys(client, `projects/${at}`))))
      await new Promise(setImmediate)
    } finally {
      process.off('warning', hear)
      await standIn.stop()
    }
    assert.deepEqual(warnings, [])
  })
})
