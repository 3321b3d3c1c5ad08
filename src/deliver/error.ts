import type { Explanation } from '../errors.js'

/**
 * A delivery that failed. The message is one sentence: what was being delivered, why it failed, what to do. It
 * carries no cause: the clients' errors hold requests, and with them tokens.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'

  constructor(
    /** `logging:projects/acme/logs/gemini-key-audit`, `slack:C0456`. */
    readonly to: string,
    /** Whether the same delivery may succeed when it is tried again, with nothing changed by anybody. */
    readonly retry: boolean,
    message: string,
    /** Whether nobody can say if it was delivered after all. */
    readonly isUnclear = false,
    /** Why, and what to do, as data. */
    readonly explanation?: Explanation,
  ) {
    super(message)
  }
}
