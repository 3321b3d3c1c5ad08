import { ApiError } from '../google/errors.js'
import type { Project } from '../model.js'

/** Reasons that are about the auditor's own credentials: every request fails alike. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
  'CREDENTIALS',
  'CREDENTIALS_FILE',
  'CREDENTIALS_UNAVAILABLE',
])

/** Reasons that are about the project to which requests are charged. */
const CHARGED: ReadonlySet<string> = new Set([
  'BILLING_DISABLED',
  'CONSUMER_SUSPENDED',
  'SERVICE_DISABLED',
  'USER_PROJECT_DENIED',
])

/** The error as Google's answer; anything else is a bug and is thrown on. */
export function apiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  throw error
}

/** Whether it was not Google that failed: the time was up, or somebody stopped the reading. */
export function isOutOfTime({ reason }: ApiError): boolean {
  return reason === 'OUT_OF_TIME' || reason === 'STOPPED'
}

/** Whether Google refuses a way of reading, so that another one may work; an outage is not a refusal. */
export function isRefused({ status, reason }: ApiError): boolean {
  return status === 403 && !CREDENTIALS.has(reason)
}

/**
 * Whether a request about one project failed for a reason that lies with the auditor and will meet every
 * other project too. Google names the project that was charged; it may be the very one that was asked about,
 * and then only that one is concerned.
 */
export function isOurOwn({ status, reason, consumer }: ApiError, { number, id }: Project): boolean {
  if (status === 401 || CREDENTIALS.has(reason)) return true
  return CHARGED.has(reason) && consumer !== number && consumer !== id
}
