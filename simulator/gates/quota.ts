import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Gate } from '../wire/call.js'
import { errorInfo, GoogleError } from '../wire/google-error.js'
import { randomOf } from '../world/random.js'
import { isMeant, QUOTAS, type Quota } from './quotas.js'

export interface QuotaOptions {
  /** Seconds after which a request counts no more; 60, unless the quota's minute is to pass faster. */
  readonly minute?: number
  /** Whether a refusal says in `Retry-After` when the next request may come; Google's mostly do not. */
  readonly retryAfter?: boolean
}

/** Whose requests are counted: a project number or ID, as refusals name it. */
type Consumer = () => string

/**
 * Refuses what goes beyond the documented quotas. The minute slides: any minute counts, wherever it begins.
 * Refused requests use up nothing. `milliseconds` is any clock that only rises.
 */
export function quotaGate(
  { minute = 60, retryAfter = false }: QuotaOptions,
  consumer: Consumer,
  milliseconds: () => number,
): Gate {
  const windows = new Map(QUOTAS.map((quota) => [quota, new SlidingWindow(quota.perMinute, minute * 1000)]))
  const known = new Map<string, Quota | undefined>()
  return async ({ operation }, answer) => {
    if (!known.has(operation)) known.set(operation, quotaOf(operation))
    const quota = known.get(operation)
    const wait = quota === undefined ? 0 : (windows.get(quota)?.enter(milliseconds()) ?? 0)
    if (quota === undefined || wait === 0) return answer()
    return exceeded(quota, consumer(), retryAfter ? Math.ceil(wait / 1000) : undefined)
  }
}

function quotaOf(operation: string): Quota | undefined {
  return QUOTAS.find(({ operations }) => operations.some((pattern) => isMeant(pattern, operation)))
}

/** The moments of the last requests, as many as are allowed; older ones do not matter. */
class SlidingWindow {
  readonly #moments: number[] = []
  #oldest = 0

  constructor(
    private readonly most: number,
    private readonly length: number,
  ) {}

  /** 0 for a request that is let in and counted, else the milliseconds after which one would be. */
  enter(now: number): number {
    const isFull = this.#moments.length === this.most
    const wait = isFull ? (this.#moments[this.#oldest] ?? 0) + this.length - now : 0
    if (wait > 0) return wait
    this.#moments[this.#oldest] = now
    this.#oldest = (this.#oldest + 1) % this.most
    return 0
  }
}

/**
 * Google's refusal of a request beyond a quota.
 * @see https://cloud.google.com/docs/quotas/troubleshoot
 */
export function exceeded(
  quota: Pick<Quota, 'service' | 'title' | 'perMinute'>,
  consumer: string,
  seconds?: number,
): Answer {
  const { service, title, perMinute } = quota
  const limit = `${title} per minute`
  const error = new GoogleError(
    'RESOURCE_EXHAUSTED',
    `Quota exceeded for quota metric '${title}' and limit '${limit}' of service '${service}' for consumer 'project_number:${consumer}'.`,
    [
      errorInfo('RATE_LIMIT_EXCEEDED', 'googleapis.com', {
        service,
        consumer: `projects/${consumer}`,
        quota_metric: `${service}/${title.toLowerCase().replaceAll(' ', '_')}`,
        quota_limit: `${title.replaceAll(' ', '')}PerMinutePerProject`,
        quota_limit_value: `${perMinute}`,
        quota_unit: '1/min/{project}',
        quota_location: 'global',
      }),
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [
          {
            description: 'Request a higher quota limit.',
            url: 'https://cloud.google.com/docs/quotas/help/request_increase',
          },
        ],
      },
    ],
  )
  const answer = error.answer()
  return seconds === undefined ? answer : { ...answer, headers: { 'retry-after': `${seconds}` } }
}

export interface Latency {
  readonly milliseconds: number
  /** Up to so many milliseconds more, by chance. */
  readonly jitter?: number
  /** What the chance depends on. */
  readonly seed?: number
}

/** Holds every answer back for a while; when a request arrived counts for quotas, not when it is answered. */
export function latencyGate({ milliseconds, jitter = 0, seed = 0 }: Latency): Gate {
  const random = randomOf(seed)
  return async (_call, answer) => {
    const outcome = await answer()
    await sleep(milliseconds + jitter * random())
    return outcome
  }
}
