import { type Advice, becauseText, type Fingerprint, fixText, type Problem, problemText } from '../errors.js'
import { type Auditor, addressed, isAnonymous } from './auditor.js'
import type { Call } from './calls.js'
import { ERROR_KINDS, OTHERWISE } from './error-kinds.js'

/** What is known of a failed request, apart from its sentence. */
export interface Failure {
  /** Google's `ErrorInfo.reason` or status, a network error's code, or one of ours (see `ERROR_KINDS`). */
  readonly reason: string
  /** HTTP status, where there was an answer. */
  readonly status?: number
  /** Number or ID of the project that the request was charged to. */
  readonly consumer?: string
  /** Milliseconds for which the API asked to be left alone. */
  readonly wait?: number
  /** Google's own words, already cleaned, or the signal that stopped the reading. */
  readonly detail?: string
  /** By which a perimeter's administrator finds the refusal. */
  readonly perimeterId?: string
  /** The ID of the project that it is about, where that lies in no organization. */
  readonly standalone?: string
  /** Who asked, where commands are to name them. */
  readonly auditor?: Auditor
  /** What the request met before its time was up. */
  readonly met?: Failure
}

/**
 * A request to Google that failed for good. The message says what was being done, for what, why it failed
 * and what to do; `problem` says the same as data. Carries no request, header or answer: gaxios' errors hold the
 * bearer token.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly service: string
  /** As Google's reference names it: `keys.list`. */
  readonly operation: string
  /** The code of the kind of failure. */
  readonly reason: string
  readonly status: number | undefined
  readonly consumer: string | undefined
  readonly wait: number | undefined
  /** Google's own words, cleaned, or the signal that stopped the reading. */
  readonly detail: string | undefined
  /** What it was about: `organizations/1`, `folders/1`, `projects/1`. */
  readonly subject: string
  /** What was being done, for what, why it failed and what to do, as data. */
  readonly problem: Problem
  /** What it has in common with the same failure of other subjects. */
  readonly fingerprint: Fingerprint
  readonly #call: Call
  readonly #failure: Failure

  /** `before`: why the way failed that was tried first. */
  constructor(call: Call, subject: string, failure: Failure, before?: ApiError) {
    const problem = problemOf(call, subject, failure, before)
    super(problemText(problem))
    this.service = call.service
    this.operation = call.operation
    this.reason = failure.reason
    this.status = failure.status
    this.consumer = failure.consumer
    this.wait = failure.wait
    this.detail = failure.detail
    this.subject = subject
    this.problem = problem
    this.fingerprint = fingerprintOf(call, failure, before)
    this.#call = call
    this.#failure = failure
  }

  /** What to do, without that of the way which was tried first. */
  get advice(): Advice {
    return this.problem.advice
  }

  /** What was being done, for what, and why it failed: the message without reason and remedy. */
  get because(): string {
    return becauseText(this.problem)
  }

  /** What to do about it, with the command where there is one, in words. */
  get fix(): string {
    return fixText(this.problem)
  }

  /** The same failure, together with that of the way which was tried first. */
  precededBy(before: ApiError): ApiError {
    return new ApiError(this.#call, this.subject, this.#failure, before)
  }

  /** The same failure of another subject, or another request, which need not be sent to know it. */
  forSubject(subject: string, call = this.#call): ApiError {
    const { standalone, ...failure } = this.#failure
    const isSame = standalone !== undefined && subject === this.subject
    return new ApiError(call, subject, { ...failure, ...(isSame && { standalone }) })
  }

  /** The same request with what kept it from being answered before its time was up; itself where nothing did. */
  get underlying(): ApiError {
    const { met, auditor } = this.#failure
    return met === undefined
      ? this
      : new ApiError(this.#call, this.subject, { ...met, ...(auditor && { auditor }) })
  }

  /** The same failure, which came because this other one lasted until time was up. */
  afterMeeting(other: ApiError | undefined): ApiError {
    if (other === undefined) return this
    return new ApiError(this.#call, this.subject, { ...this.#failure, met: other.#failure })
  }

  /** Whether its command speaks of an account, an organization or a project that is not named. */
  get isAnonymous(): boolean {
    return isAnonymous(this.advice)
  }

  /** The same failure of a project that lies in no organization, by its ID. */
  outsideOrganizations(project: string): ApiError {
    return new ApiError(this.#call, this.subject, { ...this.#failure, standalone: project })
  }

  /** The same failure, its command naming who asked. */
  withAuditor(auditor: Auditor): ApiError {
    return new ApiError(this.#call, this.subject, { ...this.#failure, auditor })
  }
}

function problemOf(call: Call, subject: string, failure: Failure, before?: ApiError): Problem {
  const { reason, consumer, detail, perimeterId, standalone, auditor = {} } = failure
  const about = { call, subject, consumer, detail, perimeterId, standalone }
  const kind = ERROR_KINDS.get(reason) ?? OTHERWISE
  const organization = /^organizations\/(\d+)(?:\/|$)/.exec(subject)?.[1] ?? auditor.organization
  return {
    code: reason,
    doing: call.doing,
    subject,
    cause: kind.cause(about),
    advice: addressed(kind.advice(about), { ...auditor, organization }),
    ...(before && { before: before.problem }),
  }
}

function fingerprintOf(call: Call, failure: Failure, before?: ApiError): Fingerprint {
  const { reason, consumer, detail, perimeterId = '', standalone } = failure
  const { parts = [], words = '' } = before?.fingerprint ?? {}
  const chargedTo = consumer ?? before?.consumer
  return {
    parts: [
      ...parts,
      call.service,
      call.operation,
      reason,
      perimeterId,
      standalone === undefined ? '' : 'alone',
    ],
    ...(chargedTo !== undefined && { chargedTo }),
    words: `${words} ${detail ?? ''}`,
  }
}

/** Whether it was not Google that failed: the time was up, or the reading was stopped. */
export function isOutOfTime({ reason }: Pick<Failure, 'reason'>): boolean {
  return reason === 'OUT_OF_TIME' || reason === 'STOPPED'
}

/** Whether a failure is about the credentials themselves, so that every request fails alike. */
export function isOfCredentials({ status, reason }: ApiError): boolean {
  return status === 401 || ERROR_KINDS.get(reason)?.liesWith === 'credentials'
}

/**
 * Whether a failure lies with the project that requests are charged to, and not with one of those in question, by
 * their numbers or IDs: Google names the project that was charged, which may be the very one that was asked about.
 */
export function isOfChargedProject({ reason, consumer }: ApiError, ...asked: readonly string[]): boolean {
  return (
    ERROR_KINDS.get(reason)?.liesWith === 'charged' && (consumer === undefined || !asked.includes(consumer))
  )
}

/** Whether what failed with this code may be answered later, with nothing changed. */
export function isPassing(code: string): boolean {
  return ERROR_KINDS.get(code)?.isPassing === true || isSystemCode(code)
}

/** Connections fail with codes of the machine's, such as `ECONNRESET`. */
function isSystemCode(code: string): boolean {
  return /^E[A-Z]+(_[A-Z]+)?$/.test(code)
}
