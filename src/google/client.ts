import { Readable } from 'node:stream'
import { GoogleAuth, gaxios } from 'google-auth-library'
import pRetry from 'p-retry'
import type { z } from 'zod'
import { readAnswer } from './answer.js'
import type { Call } from './calls.js'
import { type Credentials, credentialsFor } from './credentials.js'
import { ApiError } from './errors.js'
import { failureOf, NoCredentials } from './failure.js'
import { Lane } from './lane.js'
import { allowance, type QuotaName } from './quotas.js'
import { PATIENCE, type Patience, quotaPause, retrying } from './retry.js'
import { type RequestCount, RequestTally } from './tally.js'

export interface GoogleOptions {
  /** One loopback origin that serves every API (the simulator); Google's own hosts without it. */
  readonly origin?: string
  /** Percent of each documented quota that may be used. */
  readonly pace: number | 'off'
  /** Length of a quota's minute in milliseconds; shorter where a simulator's minute passes faster. */
  readonly minute?: number
  /** Milliseconds for one request with its answer. */
  readonly timeLimit?: number
  /** Bytes of one answer, unpacked. */
  readonly sizeLimit?: number
  /** Requests of one quota under way at once. */
  readonly concurrency?: number
  readonly patience?: Patience
  /** Milliseconds since 1970: what `Retry-After` dates are compared with. */
  readonly now?: () => number
  /** Between 0 and 1, for jitter. */
  readonly random?: () => number
}

/** What is asked: an operation, for what, and how the API's class sends it. */
export interface Question<Answer> {
  readonly call: Call
  /** `organizations/1`, `folders/1`, `projects/1`: what a failure names. */
  readonly subject: string
  readonly send: (options: gaxios.GaxiosOptions) => Promise<{ readonly data: unknown }>
  readonly schema: z.ZodType<Answer>
}

const DEFAULTS = { minute: 60_000, timeLimit: 60_000, sizeLimit: 64 * 2 ** 20, concurrency: 16 }

/** What all requests of a run share: credentials, origin, queues and counts. */
interface Shared {
  readonly options: GoogleOptions & typeof DEFAULTS
  readonly credentials: Credentials
  readonly lanes: Map<QuotaName, Lane>
  readonly tally: RequestTally
}

/** The way to every Google API: paced by quota, asked again where that helps, read at the border. */
export class GoogleClient {
  readonly #shared: Shared
  readonly #signal: AbortSignal | undefined

  constructor(shared: Shared, signal?: AbortSignal) {
    this.#shared = shared
    this.#signal = signal
  }

  /** What the constructors of `googleapis` take. */
  get connection(): { readonly auth: Credentials; readonly rootUrl?: string } {
    const { credentials, options } = this.#shared
    return { auth: credentials, ...(options.origin !== undefined && { rootUrl: options.origin }) }
  }

  /** The same client with an end: when the signal aborts, requests fail with the reason `OUT_OF_TIME`. */
  until(signal: AbortSignal): GoogleClient {
    return new GoogleClient(this.#shared, signal)
  }

  /** How often each operation was asked so far, every attempt counted. */
  requests(): readonly RequestCount[] {
    return this.#shared.tally.snapshot()
  }

  /** Asks until there is an answer that the schema accepts. Throws `ApiError` when there is none. */
  async ask<Answer>(question: Question<Answer>): Promise<Answer> {
    const { patience = PATIENCE } = this.#shared.options
    try {
      return await pRetry((attempt) => this.#queued(question, attempt), retrying(patience, this.#signal))
    } catch (error) {
      throw this.#explained(error, question)
    }
  }

  /** One attempt, when its turn has come. */
  async #queued<Answer>(question: Question<Answer>, attempt: number): Promise<Answer> {
    const { timeLimit, patience = PATIENCE, random = Math.random } = this.#shared.options
    const lane = this.#lane(question.call.quota)
    const priority = attempt > 1 ? 1 : 0
    const task = async (stop: AbortSignal | undefined) => {
      try {
        return await this.#sent(question, stop)
      } catch (error) {
        const explained = this.#explained(error, question)
        const pause = quotaPause(explained, attempt, patience, random)
        if (pause !== undefined) lane.close(pause)
        throw explained
      }
    }
    try {
      return await lane.run(task, {
        timeout: timeLimit,
        priority,
        ...(this.#signal && { signal: this.#signal }),
      })
    } catch (error) {
      throw this.#explained(error, question)
    }
  }

  async #sent<Answer>(
    { call, send, schema }: Question<Answer>,
    stop: AbortSignal | undefined,
  ): Promise<Answer> {
    const { credentials, options, tally } = this.#shared
    await authorized(credentials)
    try {
      const { data } = await send({
        retry: false, // gaxios knows neither quotas nor Retry-After
        maxContentLength: options.sizeLimit,
        ...(stop && { signal: stop }),
        ...(options.origin !== undefined && { noProxy: [options.origin] }),
      })
      const answer = readAnswer(data, schema)
      tally.add(call, 'answered')
      return answer
    } catch (error) {
      tally.add(call, 'failed')
      discard(error)
      throw error
    }
  }

  /** The error as an `ApiError`; as it is, when it is a bug. */
  #explained(error: unknown, { call, subject }: Question<unknown>): unknown {
    if (error instanceof ApiError) return error
    const failure = failureOf(error, (this.#shared.options.now ?? Date.now)())
    const stopped = this.#signal?.aborted === true && (failure !== undefined || error === this.#signal.reason)
    if (stopped) return new ApiError(call, subject, { reason: 'OUT_OF_TIME' })
    return failure ? new ApiError(call, subject, failure) : error
  }

  #lane(quota: QuotaName): Lane {
    const { options, lanes } = this.#shared
    const known = lanes.get(quota)
    if (known) return known
    const { pace, minute, concurrency } = options
    const lane = new Lane({
      allowance: pace === 'off' ? Number.POSITIVE_INFINITY : allowance(quota, pace),
      minute,
      concurrency,
    })
    lanes.set(quota, lane)
    return lane
  }
}

/** The client of a run. Nothing is sent or looked up before the first question. */
export function createGoogle(options: GoogleOptions): GoogleClient {
  return new GoogleClient({
    options: { ...DEFAULTS, ...options },
    credentials: credentialsFor(options.origin),
    lanes: new Map(),
    tally: new RequestTally(),
  })
}

/** Sees to an access token first, so that a failure to get one is not taken for the API's. */
async function authorized(credentials: Credentials): Promise<void> {
  if (!(credentials instanceof GoogleAuth)) return
  try {
    await credentials.getRequestHeaders()
  } catch (error) {
    throw new NoCredentials(error)
  }
}

/** Ends an answer that was refused for its size before it was read: the connection would stay open with it. */
function discard(error: unknown): void {
  if (!(error instanceof gaxios.GaxiosError) || !error.response || error.response.bodyUsed) return
  const body: unknown = error.response.body
  if (body instanceof Readable) body.destroy()
}
