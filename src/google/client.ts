import type { gaxios } from 'google-auth-library'
import pRetry from 'p-retry'
import type { z } from 'zod'
import { discard, readAnswer } from './answer.js'
import type { Call } from './calls.js'
import { authorize, type Credentials, credentialsFor } from './credentials.js'
import { ApiError } from './errors.js'
import { failureOf } from './failure.js'
import { Lanes, type LanesOptions } from './lanes.js'
import { PATIENCE, type Patience, quotaPause, retrying } from './retry.js'
import { type RequestCount, RequestTally } from './tally.js'

export interface GoogleOptions extends LanesOptions {
  /** One loopback origin that serves every API (the simulator); Google's own hosts without it. */
  readonly origin?: string
  /** Milliseconds for one request with its answer. */
  readonly timeLimit?: number
  /** Bytes of one answer, unpacked. */
  readonly sizeLimit?: number
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

/** What all requests of a run share: credentials, limits, queues and counts. */
interface Shared {
  readonly origin: string | undefined
  readonly credentials: Credentials
  readonly timeLimit: number
  readonly sizeLimit: number
  readonly patience: Patience
  readonly now: () => number
  readonly random: () => number
  readonly lanes: Lanes
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
    const { credentials, origin } = this.#shared
    return { auth: credentials, ...(origin !== undefined && { rootUrl: origin }) }
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
    const rules = retrying(this.#shared.patience, this.#signal)
    try {
      return await pRetry((attempt) => this.#queued(question, attempt), rules)
    } catch (error) {
      throw this.#explained(error, question)
    }
  }

  /** One attempt, when its turn has come. */
  async #queued<Answer>(question: Question<Answer>, attempt: number): Promise<Answer> {
    const { lanes, timeLimit, patience, random } = this.#shared
    const lane = lanes.of(question.call.quota)
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
    const { credentials, origin, sizeLimit, tally } = this.#shared
    await authorize(credentials)
    try {
      const { data } = await send({
        retry: false, // gaxios knows neither quotas nor Retry-After
        maxContentLength: sizeLimit,
        ...(stop && { signal: stop }),
        ...(origin !== undefined && { noProxy: [origin] }),
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
    const failure = failureOf(error, this.#shared.now())
    if (this.#signal?.aborted && (failure !== undefined || isAbort(error, this.#signal)))
      return new ApiError(call, subject, { reason: 'OUT_OF_TIME' })
    return failure ? new ApiError(call, subject, failure) : error
  }
}

/** Whether a wait or a request ended because its signal aborted: Node's timers throw an error of their own. */
function isAbort(error: unknown, { reason }: AbortSignal): boolean {
  return error === reason || (error instanceof Error && error.name === 'AbortError')
}

/** The client of a run. Nothing is sent or looked up before the first question. */
export function createGoogle(options: GoogleOptions): GoogleClient {
  const { origin, timeLimit = 60_000, sizeLimit = 64 * 2 ** 20 } = options
  const { patience = PATIENCE, now = Date.now, random = Math.random } = options
  return new GoogleClient({
    origin,
    credentials: credentialsFor(origin),
    timeLimit,
    sizeLimit,
    patience,
    now,
    random,
    lanes: new Lanes(options),
    tally: new RequestTally(),
  })
}
