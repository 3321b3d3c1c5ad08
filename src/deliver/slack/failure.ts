import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api'
import { systemCode } from '../../errors.js'
import { HistoryTooLong, LostReply, NotSlacks } from './posted.js'

/** What an error of Slack's client means for the call that it came from. */
export type Failure =
  /** Slack answered no: nothing was done. */
  | { readonly kind: 'refused'; readonly code: string; readonly needed?: string }
  /** Slack asks to wait: nothing was done. */
  | { readonly kind: 'limited'; readonly seconds: number }
  /** The request never left, or what it should have done was looked for and is not there. */
  | { readonly kind: 'unsent'; readonly code: string }
  /** Slack took a reply, and its answer does not name the thread. */
  | { readonly kind: 'lost' }
  /** Slack may have done it or not. */
  | { readonly kind: 'unclear'; readonly code: string; readonly isTooLong?: true }

/** Slack says of these itself that parts may have been done. */
const HALF_DONE: readonly string[] = [
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
]
const NEVER_LEFT: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]

/** Seconds to wait where Slack does not say. */
const DEFAULT_WAIT = 30

/** The failure behind an error of Slack's client; throws what is none of its errors. */
export function failureOf(error: unknown): Failure {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'limited', seconds: error.retryAfter }
  if (error instanceof WebAPIPlatformError) return refusal(error)
  if (error instanceof WebAPIHTTPError) return answered(error.statusCode)
  if (error instanceof WebAPIRequestError) return unanswered(error.original)
  if (error instanceof Error && error.message.startsWith('Retry header')) {
    return { kind: 'limited', seconds: DEFAULT_WAIT }
  }
  if (error instanceof Error && error.message.startsWith('Failed to upload')) {
    return { kind: 'unclear', code: 'upload failed' }
  }
  if (error instanceof HistoryTooLong) return { kind: 'unclear', code: error.message, isTooLong: true }
  if (error instanceof LostReply) return { kind: 'lost' }
  if (error instanceof NotSlacks) return { kind: 'unclear', code: error.message }
  if (error instanceof Error && isBroken(error))
    return { kind: 'unclear', code: systemCode(error.cause) ?? error.name }
  throw error
}

/** An answer that broke off or took too long after its head had come: the client passes these on as they are. */
function isBroken(error: Error): boolean {
  return error.name === 'TimeoutError' || error.name === 'AbortError' || systemCode(error.cause) !== undefined
}

/** What is no code of Slack's is some other server's page: it tells nothing about the call. */
function refusal({ data }: WebAPIPlatformError): Failure {
  const { error: code } = data
  const needed = 'needed' in data ? data.needed : undefined
  if (typeof code !== 'string' || !/^[a-z0-9_]{1,80}$/.test(code)) {
    return { kind: 'unclear', code: 'an answer that is not Slack’s' }
  }
  if (code === 'ratelimited' || code === 'rate_limited') return { kind: 'limited', seconds: DEFAULT_WAIT }
  if (HALF_DONE.includes(code)) return { kind: 'unclear', code }
  return { kind: 'refused', code, ...(isScopes(needed) ? { needed } : {}) }
}

/** Scopes as Slack names them, which go into a sentence: `channels:history,groups:history`. */
function isScopes(needed: unknown): needed is string {
  return typeof needed === 'string' && /^[a-z][a-z0-9:._, -]{0,200}$/.test(needed)
}

function answered(status: number): Failure {
  return status >= 500
    ? { kind: 'unclear', code: `HTTP ${status}` }
    : { kind: 'refused', code: `HTTP ${status}` }
}

/** Only the code: the error's own text may hold the request. */
function unanswered(error: Error): Failure {
  const code = systemCode(error) ?? systemCode(error.cause) ?? error.name
  return { kind: NEVER_LEFT.includes(code) ? 'unsent' : 'unclear', code }
}

/** What came of a call. */
export type Attempt<Value> = { readonly kind: 'done'; readonly value: Value } | Failure

/** Seconds to wait at the least when Slack asks to. */
const SHORTEST = 1

/** Waits when Slack asks to, until its seconds are used up. */
export class WaitBudget {
  readonly #wait: (milliseconds: number) => Promise<unknown>
  #seconds: number

  constructor(seconds: number, wait: (milliseconds: number) => Promise<unknown>) {
    this.#seconds = seconds
    this.#wait = wait
  }

  /** Makes the call, and makes it again after the time that Slack asks for, as long as its seconds last. */
  async attempt<Value>(call: () => Promise<Value>): Promise<Attempt<Value>> {
    for (;;) {
      const attempt = await attempted(call)
      if (attempt.kind !== 'limited') return attempt
      const seconds = Math.max(SHORTEST, attempt.seconds)
      if (seconds > this.#seconds) return attempt
      this.#seconds -= seconds
      await this.#wait(seconds * 1_000)
    }
  }
}

async function attempted<Value>(call: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { kind: 'done', value: await call() }
  } catch (error) {
    return failureOf(error)
  }
}
