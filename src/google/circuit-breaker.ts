import type { ApiError } from './errors.js'
import type { QuotaName } from './quotas.js'

/** Time limits in a row, without an answer between them, after which an API is taken for silent. */
const SILENT_AFTER = 32

interface Refusal {
  readonly error: ApiError
  readonly until: number
}

/**
 * What it is in vain to ask for: a quota that is used up for the day or for longer than there is time, and an
 * API that answers nothing at all. Thousands of projects would each wait for it.
 */
export class CircuitBreaker {
  readonly #refusals = new Map<QuotaName, Refusal>()
  readonly #silences = new Map<QuotaName, number>()

  /** Why nothing is asked under a quota at a moment, in milliseconds; undefined while there is hope. */
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
