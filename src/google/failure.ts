import { gaxios } from 'google-auth-library'
import { TimeoutError } from 'p-queue'
import { z } from 'zod'
import { redactedWords, systemCode } from '../errors.js'
import { DamagedAnswer } from './answer.js'
import { NoCredentials } from './credentials.js'
import type { Failure } from './errors.js'

/** A status or reason as Google names them: it becomes a code in records, and nothing else may. */
const name = z.string().regex(/^[A-Z][A-Z0-9_]{0,62}$/)
/** A project as Google names who is charged: it is put into commands. */
const consumer = z.string().regex(/^(?:projects\/)?(?:[a-z0-9.-]+:)?[a-z0-9][a-z0-9-]{0,62}$/)
/** By which a perimeter's administrator finds a refusal in the logs. */
const perimeterId = z.string().regex(/^[\w-]{1,128}$/)
const text = z.string().optional().catch(undefined)
const errorBody = z.object({
  error: z.object({
    status: name.optional().catch(undefined),
    message: text,
    details: z.array(z.unknown()).optional().catch(undefined),
  }),
})
const errorInfo = z.object({
  '@type': z.literal('type.googleapis.com/google.rpc.ErrorInfo'),
  reason: name,
  metadata: z
    .object({
      consumer: consumer.optional().catch(undefined),
      quota_limit: text,
      quota_unit: text,
      uid: perimeterId.optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})

/** What a status means where the body does not say: proxies and load balancers answer without one. */
const STATUS_NAMES: ReadonlyMap<number, string> = new Map([
  [400, 'INVALID_ARGUMENT'],
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [408, 'DEADLINE_EXCEEDED'],
  [429, 'RESOURCE_EXHAUSTED'],
  [500, 'INTERNAL'],
  [502, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
])

/** The codes under which Node reports an answer that broke off in the middle. */
const DAMAGE: ReadonlySet<string> = new Set(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'ERR_STREAM_PREMATURE_CLOSE'])

/**
 * What made an attempt fail, taken from gaxios' error without anything of the request; undefined for an
 * error that is none of the network's, which is a bug and has to go on as it is.
 */
export function failureOf(error: unknown, now: number): Failure | undefined {
  if (error instanceof DamagedAnswer) return { reason: 'DAMAGED_ANSWER', detail: error.message }
  if (error instanceof NoCredentials) {
    if (error.fileProblem !== undefined) return { reason: 'CREDENTIALS_FILE', detail: error.fileProblem }
    return { reason: error.passing ? 'CREDENTIALS_UNAVAILABLE' : 'CREDENTIALS' }
  }
  if (error instanceof TimeoutError) return { reason: 'TIMEOUT' }
  if (!(error instanceof gaxios.GaxiosError)) return undefined
  return error.response ? answered(error.response, now) : unanswered(error)
}

function answered(response: gaxios.GaxiosResponse<unknown>, now: number): Failure {
  const { status } = response
  if (status >= 200 && status < 300) return { reason: 'ANSWER_TOO_LARGE', status }
  const body = errorBody.safeParse(response.bodyUsed ? response.data : undefined).data?.error
  const details = body?.details ?? []
  const info = details.map((detail) => errorInfo.safeParse(detail).data).find((found) => found !== undefined)
  const wait = askedToWait(response.headers, details, now)
  const consumer = info?.metadata?.consumer?.replace(/^projects\//, '')
  const detail = body?.message === undefined ? undefined : cleaned(body.message)
  const perimeter = perimeterIn(body?.message) ?? info?.metadata?.uid
  const named = info?.reason ?? body?.status
  return {
    reason: ownReason(body?.message, consumer, info?.metadata) ?? reasonOf(status, named),
    status,
    ...(consumer && { consumer }),
    ...(wait !== undefined && { wait }),
    ...(detail && { detail }),
    ...(perimeter !== undefined && { perimeterId: perimeter }),
  }
}

/** Where Google's own name for a refusal leads nowhere, ours. */
function ownReason(
  message: string | undefined,
  consumer: string | undefined,
  metadata: z.infer<typeof errorInfo>['metadata'],
): string | undefined {
  if (GOOGLES_PROJECTS.has(consumer ?? '') || /requires a quota project/i.test(message ?? ''))
    return 'NO_QUOTA_PROJECT'
  if (perimeterIn(message) !== undefined) return 'SECURITY_POLICY_VIOLATED'
  return isDaily(metadata) ? 'DAILY_QUOTA_EXCEEDED' : undefined
}

/**
 * The projects of `gcloud` itself, to which a person's credentials without a quota project charge their requests.
 * @see https://cloud.google.com/docs/authentication/adc-troubleshooting/user-creds
 */
const GOOGLES_PROJECTS: ReadonlySet<string> = new Set(['764086051850', '32555940559'])

/** @see https://cloud.google.com/vpc-service-controls/docs/troubleshooting */
const PERIMETER_ID = /vpcServiceControlsUniqueIdentifier:\s*"?([\w-]{1,128})/

/** The identifier that VPC Service Controls put into their words, with or without details. */
function perimeterIn(message: string | undefined): string | undefined {
  return PERIMETER_ID.exec(message ?? '')?.[1]
}

function reasonOf(status: number, named: string | undefined): string {
  return named || STATUS_NAMES.get(status) || `HTTP_${status}`
}

/**
 * Whether the quota that was used up comes back on another day only: `ReadsPerDayPerProject`, `1/d/{project}`.
 * @see https://cloud.google.com/docs/quotas/troubleshoot
 */
function isDaily(quota: z.infer<typeof errorInfo>['metadata']): boolean {
  return /per_?day/i.test(quota?.quota_limit ?? '') || /^1\/d(\/|$)/.test(quota?.quota_unit ?? '')
}

function unanswered(error: gaxios.GaxiosError): Failure {
  if (error.error && 'type' in error.error && error.error.type === 'max-size')
    return { reason: 'ANSWER_TOO_LARGE' }
  const code = systemCode(error) ?? 'NO_ANSWER'
  if (DAMAGE.has(code)) return { reason: 'DAMAGED_ANSWER', detail: 'it broke off in the middle' }
  return { reason: code, detail: 'the connection failed' }
}

/** Google's words in one short line, without anything that looks like a token or a key string. */
export function cleaned(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim()
  const safe = redactedWords(line).replace(/\p{Cc}/gu, '')
  return safe.length > 300 ? `${safe.slice(0, 299)}…` : safe
}

const retryInfo = z.object({
  '@type': z.literal('type.googleapis.com/google.rpc.RetryInfo'),
  retryDelay: z.string().regex(/^\d+(\.\d+)?s$/),
})

/**
 * Milliseconds that an API asked to be left alone, from `Retry-After` (seconds, or a date) or from the
 * body's `RetryInfo`; undefined where it asked for nothing. A date is compared with the answer's own
 * `Date`, so that a clock that goes wrong here does not matter.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function askedToWait(
  headers: { get(name: string): string | null },
  details: readonly unknown[],
  now: number,
): number | undefined {
  const asked = headers.get('retry-after')?.trim()
  if (asked !== undefined && /^\d+$/.test(asked)) return Number(asked) * 1000
  if (asked) {
    const until = Date.parse(asked)
    const sent = Date.parse(headers.get('date') ?? '')
    if (!Number.isNaN(until)) return Math.max(0, until - (Number.isNaN(sent) ? now : sent))
  }
  const delays = details.flatMap((detail) => retryInfo.safeParse(detail).data?.retryDelay ?? [])
  return delays[0] === undefined ? undefined : Number.parseFloat(delays[0]) * 1000
}
