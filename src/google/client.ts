import { setMaxListeners } from 'node:events'
import type { gaxios } from 'google-auth-library'
import PQueue from 'p-queue'
import pRetry from 'p-retry'
import type { z } from 'zod'
import { discard, readAnswer } from './answer.js'
import type { Call } from './calls.js'
import { CALLS, type RequestCount, RequestTally } from './calls.js'
import { authorize, type Connection, type Credentials, credentialsFor } from './credentials.js'
import { ApiError, type Failure, isOutOfTime } from './errors.js'
import { failureOf } from './failure.js'
import { memberOf } from './identity.js'
import { LARGEST_ANSWER, USUAL_ANSWER } from './page-sizes.js'
import { type PacingOptions, QuotaQueues } from './quota-queue.js'
import { blockedFor, CircuitBreaker, quotaPause, RETRY_POLICY, type RetryPolicy, retrying } from './retry.js'
import type { TimeLimit } from './time-limit.js'
import { Stopped } from './time-limit.js'

export interface GoogleOptions extends PacingOptions {
  /** One loopback origin that serves every API (the simulator); Google's own hosts without it. */
  readonly origin?: string
  /** Milliseconds for one request with its answer. */
  readonly timeLimit?: number
  /** Bytes of one answer, unpacked. */
  readonly sizeLimit?: number
  readonly retryPolicy?: RetryPolicy
  /** Milliseconds since 1970: what `Retry-After` dates are compared with. */
  readonly now?: () => number
  /**
   * The number of the organization that commands speak of, empty where it is not known. Without it commands name
   * neither it nor the account.
   */
  readonly organization?: string
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

/** What one attempt may take. */
interface Limits {
  /** Bytes of the answer. */
  readonly most: number
  /** Aborts when its time is up. */
  readonly stop: AbortSignal | undefined
}

/** What is asked of many projects or folders at once, each of which may hold whatever its owner likes. */
const OF_MANY: ReadonlySet<Call> = new Set([
  CALLS.listKeys,
  CALLS.getService,
  CALLS.listTimeSeries,
  CALLS.getEffectivePolicy,
  CALLS.getConsumerPolicy,
  CALLS.getProject,
  CALLS.listProjects,
  CALLS.listFolders,
])

/** What all requests of a run share: credentials, limits, queues and counts. */
interface Shared {
  readonly origin: string | undefined
  readonly credentials: Credentials
  readonly timeLimit: number
  readonly sizeLimit: number
  readonly retryPolicy: RetryPolicy
  readonly now: () => number
  readonly random: () => number
  readonly queues: QuotaQueues
  readonly breaker: CircuitBreaker
  readonly tally: RequestTally
  /** Answers that are larger than usual, one after the other. */
  readonly large: PQueue
  readonly organization: string | undefined
  /** Whose credentials these are, once it was asked. */
  member: Promise<string | undefined> | undefined
}

/** The way to every Google API: paced by quota, asked again where that helps, read at the border. */
export class GoogleClient {
  readonly #shared: Shared
  readonly #limit: TimeLimit | undefined

  constructor(shared: Shared, limit?: TimeLimit) {
    this.#shared = shared
    this.#limit = limit
  }

  get connection(): Connection {
    const { credentials, origin } = this.#shared
    return { auth: credentials, ...(origin !== undefined && { rootUrl: origin }) }
  }

  /**
   * The same client with an end: when the signal aborts, requests fail with the reason `OUT_OF_TIME`, or with
   * `STOPPED` where the signal's own reason is `Stopped`. `left`: milliseconds until then.
   */
  until(signal: AbortSignal, left = this.#limit?.left): GoogleClient {
    setMaxListeners(0, signal) // each request that waits listens, and there are many
    return new GoogleClient(this.#shared, { signal, ...(left && { left }) })
  }

  /** How often each operation was asked so far, every attempt counted. */
  requests(): readonly RequestCount[] {
    return this.#shared.tally.snapshot()
  }

  /** Asks until there is an answer that the schema accepts. Throws `ApiError` when there is none. */
  async ask<Answer>(question: Question<Answer>): Promise<Answer> {
    const { sizeLimit, large } = this.#shared
    if (sizeLimit <= USUAL_ANSWER || !OF_MANY.has(question.call)) return this.#asked(question, sizeLimit)
    try {
      return await this.#asked(question, USUAL_ANSWER)
    } catch (error) {
      if (!(error instanceof ApiError && error.reason === 'ANSWER_TOO_LARGE')) throw error
      return await large.add(() => this.#asked(question, sizeLimit))
    }
  }

  async #asked<Answer>(question: Question<Answer>, most: number): Promise<Answer> {
    const rules = retrying(this.#shared.retryPolicy, this.#limit)
    let met: ApiError | undefined
    const attempted = async (attempt: number) => {
      try {
        return await this.#queued(question, attempt, most)
      } catch (error) {
        if (error instanceof ApiError && !isOutOfTime(error)) met = error
        throw error
      }
    }
    this.#failIfBlocked(question)
    try {
      return await pRetry(attempted, rules)
    } catch (error) {
      const explained = this.#explained(error, question)
      const isLate = explained instanceof ApiError && isOutOfTime(explained)
      throw await this.#addressed(isLate ? explained.afterMeeting(met) : explained)
    }
  }

  /** A command is of most use with the account and the organization in it; who asked is found out once. */
  async #addressed(error: unknown): Promise<unknown> {
    const { organization } = this.#shared
    if (organization === undefined || !(error instanceof ApiError) || !error.isAnonymous) return error
    this.#shared.member ??= memberOf(this)
    return error.withAuditor({ organization: organization || undefined, member: await this.#shared.member })
  }

  /** One attempt, when its turn has come. */
  async #queued<Answer>(question: Question<Answer>, attempt: number, most: number): Promise<Answer> {
    const { queues, timeLimit } = this.#shared
    const { quota } = question.call
    try {
      return await queues.of(quota).run((stop) => this.#attempted(question, { attempt, most, stop }), {
        timeout: timeLimit,
        priority: attempt > 1 ? 1 : 0,
        ...(this.#limit && { signal: this.#limit.signal }),
      })
    } catch (error) {
      const explained = this.#explained(error, question)
      if (isTimeout(explained)) this.#shared.breaker.silent(quota, explained)
      throw explained
    }
  }

  async #attempted<Answer>(
    question: Question<Answer>,
    { attempt, ...limits }: Limits & { readonly attempt: number },
  ): Promise<Answer> {
    this.#failIfBlocked(question)
    try {
      return await this.#sent(question, limits)
    } catch (error) {
      const explained = this.#explained(error, question)
      if (explained instanceof ApiError) this.#slowDown(question.call, explained, attempt)
      throw explained
    }
  }

  /** Throws what is known already where asking is of no use. */
  #failIfBlocked({ call, subject }: Question<unknown>): void {
    const { breaker, now } = this.#shared
    const blocked = breaker.at(now(), call.quota)
    if (blocked) throw blocked.forSubject(subject, call)
  }

  /** Leaves an API alone whose quota is used up: for as long as it asks, or for good. */
  #slowDown({ quota }: Call, error: ApiError, attempt: number): void {
    const { queues, breaker, retryPolicy, random, now } = this.#shared
    if (error.status !== undefined) breaker.answered(quota)
    const blocked = blockedFor(error, retryPolicy, this.#limit)
    if (blocked !== undefined) breaker.refused(quota, error, now() + blocked)
    const pause = quotaPause(error, attempt, { retryPolicy, limit: this.#limit, random })
    if (pause !== undefined) queues.of(quota).close(pause)
  }

  async #sent<Answer>({ call, send, schema }: Question<Answer>, { most, stop }: Limits): Promise<Answer> {
    const { credentials, origin, tally, breaker } = this.#shared
    await authorize(credentials)
    stop?.throwIfAborted() // node-fetch would take the process down: it destroys the body of a request that never began
    try {
      const { data } = await send({
        retry: false, // gaxios knows neither quotas nor Retry-After
        maxContentLength: most,
        errorRedactor: false, // it calls what an answer holds; nothing of a request or an answer is printed
        ...(stop && { signal: stop }),
        ...(origin !== undefined && { noProxy: [origin] }),
      })
      const answer = readAnswer(data, schema)
      tally.add(call, 'answered')
      breaker.answered(call.quota)
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
    const signal = this.#limit?.signal
    const failure = failureOf(error, this.#shared.now())
    if (signal?.aborted && (failure !== undefined || isAbort(error, signal)))
      return new ApiError(call, subject, endOf(signal))
    return failure ? new ApiError(call, subject, failure) : error
  }
}

function isTimeout(error: unknown): error is ApiError {
  return error instanceof ApiError && error.reason === 'TIMEOUT'
}

/** What ended a reading: its time, or a signal. */
function endOf({ reason }: AbortSignal): Failure {
  return reason instanceof Stopped ? { reason: 'STOPPED', detail: reason.by } : { reason: 'OUT_OF_TIME' }
}

/** Whether a wait or a request ended because its signal aborted: Node's timers throw an error of their own. */
function isAbort(error: unknown, { reason }: AbortSignal): boolean {
  return error === reason || (error instanceof Error && error.name === 'AbortError')
}

/** The client of a run. Nothing is sent or looked up before the first question. */
export function createGoogle(options: GoogleOptions): GoogleClient {
  const { origin, timeLimit = 60_000, sizeLimit = LARGEST_ANSWER } = options
  const { retryPolicy = RETRY_POLICY, now = Date.now, random = Math.random } = options
  return new GoogleClient({
    origin,
    credentials: credentialsFor(origin),
    timeLimit,
    sizeLimit,
    retryPolicy,
    now,
    random,
    queues: new QuotaQueues(options),
    breaker: new CircuitBreaker(),
    tally: new RequestTally(),
    large: new PQueue({ concurrency: 1 }),
    organization: options.organization,
    member: undefined,
  })
}
