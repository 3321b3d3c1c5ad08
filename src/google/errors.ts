import { ADVICE, type Auditor, addressed, OTHERWISE } from './advice.js'
import type { Call } from './calls.js'

/** What is known of a failed request, apart from its sentence. */
export interface Failure {
  /** Google's `ErrorInfo.reason` or status, a network error's code, or one of ours (see `ADVICE`). */
  readonly reason: string
  /** HTTP status, where there was an answer. */
  readonly status?: number
  /** Number or ID of the project that the request was charged to. */
  readonly consumer?: string
  /** Milliseconds for which the API asked to be left alone. */
  readonly wait?: number
  /** Google's own words, already cleaned, or the signal that stopped the reading. */
  readonly detail?: string
  /** Who asked, where commands are to name them. */
  readonly auditor?: Auditor
  /** What the request met before its time was up. */
  readonly met?: Failure
}

/**
 * A request to Google that failed for good. The message says what was being done, for what, why it failed
 * and what to do. Carries no request, header or answer: gaxios' errors hold the bearer token.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly service: string
  readonly operation: string
  readonly reason: string
  readonly status: number | undefined
  readonly consumer: string | undefined
  readonly wait: number | undefined
  /** Google's own words, cleaned, or the signal that stopped the reading. */
  readonly detail: string | undefined
  /** What it was about: `organizations/1`, `folders/1`, `projects/1`. */
  readonly subject: string
  /** What was being done, for what, and why it failed: the message without reason and remedy. */
  readonly because: string
  /** What to do about it, with the command where there is one. */
  readonly fix: string
  readonly #call: Call
  readonly #failure: Failure

  /** `before`: why the way failed that was tried first. */
  constructor(call: Call, subject: string, failure: Failure, before?: ApiError) {
    const about = { call, subject, consumer: failure.consumer, detail: failure.detail }
    const advice = ADVICE.get(failure.reason) ?? OTHERWISE
    const why = `${call.doing} ${subject} failed: ${advice.because(about)}`
    const how = addressed(advice.fix(about), failure.auditor ?? {})
    const because = before ? `${before.because} (${before.reason}), and then: ${why}` : why
    const fix = before ? `${before.fix}; or ${how}` : how
    super(`${because} (${failure.reason}); ${fix}`)
    this.service = call.service
    this.operation = call.operation
    this.reason = failure.reason
    this.status = failure.status
    this.consumer = failure.consumer
    this.wait = failure.wait
    this.detail = failure.detail
    this.subject = subject
    this.because = because
    this.fix = fix
    this.#call = call
    this.#failure = failure
  }

  /** The same failure, told together with that of the way which was tried first. */
  precededBy(before: ApiError): ApiError {
    return new ApiError(this.#call, this.subject, this.#failure, before)
  }

  /** The same failure of another subject, or another request, which need not be sent to know it. */
  forSubject(subject: string, call = this.#call): ApiError {
    return new ApiError(call, subject, this.#failure)
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

  /** Whether its command speaks of an account or an organization that is not named. */
  get isAnonymous(): boolean {
    return /SERVICE_ACCOUNT_EMAIL|ORGANIZATION_ID/.test(this.fix)
  }

  /** The same failure, its command naming who asked. */
  withAuditor(auditor: Auditor): ApiError {
    return new ApiError(this.#call, this.subject, { ...this.#failure, auditor })
  }
}
