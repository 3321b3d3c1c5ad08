import { setTimeout as sleep } from 'node:timers/promises'
import type { Options } from 'p-retry'
import { ERROR_KINDS } from './error-kinds.js'
import { ApiError, isOutOfTime } from './errors.js'
import type { QuotaName } from './quotas.js'
import type { TimeLimit } from './time-limit.js'

/** How long a page is asked for again before it is given up. */
export interface RetryPolicy {
  /** Further attempts after a passing failure; waiting for a quota is not counted. */
  readonly retries: number
  /** Milliseconds before the first of them; each further one waits twice as long, and up to twice that by chance. */
  readonly first: number
  /** Milliseconds beyond which the waiting does not grow by itself. */
  readonly longest: number
  /** Milliseconds after which nothing is tried again, however often the quota was used up, where no signal ends it. */
  readonly total: number
}

/** Four minutes in all: what has no time budget is done beside the reading, and outlasts a quota's minute. */
export const RETRY_POLICY: RetryPolicy = { retries: 5, first: 500, longest: 30_000, total: 240_000 }

/** `limited`: the quota is used up; `slow`: no answer in time; `passing`: may be gone the next time. */
type RetryClass = 'limited' | 'slow' | 'passing' | 'none'

function retryClassOf({ reason, status }: ApiError): RetryClass {
  if (ERROR_KINDS.get(reason)?.isFinal) return 'none'
  if (reason === 'TIMEOUT') return 'slow'
  if (reason === 'DAMAGED_ANSWER' || status === undefined) return 'passing'
  if (status === 429 || reason === 'RATE_LIMIT_EXCEEDED') return 'limited'
  return status === 408 || status >= 500 || reason === 'ABORTED' ? 'passing' : 'none'
}

/** Whether the same request may succeed later, with nothing changed. */
export function mayPass(error: ApiError): boolean {
  return retryClassOf(error) !== 'none' || isOutOfTime(error)
}

/**
 * Milliseconds for which asking again under the same quota is of no use: it is used up for
 * the day, or for longer than there is time. Undefined while asking again may help.
 */
export function blockedFor(error: ApiError, retryPolicy: RetryPolicy, limit?: TimeLimit): number | undefined {
  if (error.reason === 'DAILY_QUOTA_EXCEEDED') return Number.POSITIVE_INFINITY
  return retryClassOf(error) === 'limited' && !fitsTimeLeft(error, retryPolicy, limit)
    ? error.wait
    : undefined
}

/**
 * Milliseconds for which nothing more may be asked under the quota that a request found used up: as long as
 * the API asked, and a little in any case, or else longer with each attempt. Undefined when the quota is not
 * the matter.
 */
export function quotaPause(
  error: unknown,
  attempt: number,
  {
    retryPolicy,
    limit,
    random,
  }: { retryPolicy: RetryPolicy; limit: TimeLimit | undefined; random: () => number },
): number | undefined {
  if (
    !(error instanceof ApiError) ||
    retryClassOf(error) !== 'limited' ||
    !fitsTimeLeft(error, retryPolicy, limit)
  )
    return undefined
  const growing = Math.min(retryPolicy.longest, retryPolicy.first * 2 ** (attempt - 1)) * (1 + random())
  return error.wait === undefined ? growing : Math.max(error.wait, retryPolicy.first)
}

/**
 * The rules of asking again, for p-retry. A used-up quota costs no retry: the next attempt waits until the
 * queue is open again. Anything else waits by itself. A request that ran into its time limit is tried once
 * more only: a server that hangs is not asked for long.
 */
export function retrying(retryPolicy: RetryPolicy, limit?: TimeLimit): Options {
  const signal = limit && { signal: limit.signal }
  return {
    retries: retryPolicy.retries,
    minTimeout: retryPolicy.first,
    maxTimeout: retryPolicy.longest,
    maxRetryTime: limit ? Number.POSITIVE_INFINITY : retryPolicy.total,
    randomize: true,
    ...signal,
    shouldConsumeRetry: ({ error }) => !(error instanceof ApiError && retryClassOf(error) === 'limited'),
    onFailedAttempt: async ({ error }) => {
      if (!(error instanceof ApiError) || !fitsTimeLeft(error, retryPolicy, limit)) return
      if (retryClassOf(error) === 'passing' && error.wait) await sleep(error.wait, undefined, signal)
    },
    shouldRetry: ({ error, retriesConsumed }) => {
      if (!(error instanceof ApiError) || !fitsTimeLeft(error, retryPolicy, limit)) return false
      const retryClass = retryClassOf(error)
      return retryClass === 'slow' ? retriesConsumed === 0 : retryClass !== 'none'
    },
  }
}

/** An API that asks for more time than there is at all is not waited for. */
function fitsTimeLeft({ wait }: ApiError, { total }: RetryPolicy, limit: TimeLimit | undefined): boolean {
  return wait === undefined || wait < (limit?.left?.() ?? total)
}

/** Time limits in a row, without an answer between them, after which an API is taken for silent. */
const SILENT_AFTER = 32

interface Refusal {
  readonly error: ApiError
  readonly until: number
}

/**
 * What is not worth asking for: a quota that is used up for the day or for longer than there is time, and an
 * API that answers nothing at all. Thousands of projects would each wait for it.
 */
export class CircuitBreaker {
  readonly #refusals = new Map<QuotaName, Refusal>()
  readonly #silences = new Map<QuotaName, number>()

  /** Why nothing is asked under a quota at a moment, in milliseconds; undefined while asking again may help. */
  at(now: number, quota: QuotaName): ApiError | undefined {
    const refusal = this.#refusals.get(quota)
    return refusal && now < refusal.until ? refusal.error : undefined
  }

  /** From now on nothing is asked until a moment, in milliseconds. */
  refused(quota: QuotaName, error: ApiError, until: number): void {
    this.#refusals.set(quota, { error, until })
  }

  /** A request ran into its time limit. */
  silent(quota: QuotaName, error: ApiError): void {
    const times = (this.#silences.get(quota) ?? 0) + 1
    this.#silences.set(quota, times)
    if (times >= SILENT_AFTER) this.refused(quota, error, Number.POSITIVE_INFINITY)
  }

  /** An API has said something, whatever it was. */
  answered(quota: QuotaName): void {
    this.#silences.delete(quota)
  }
}
