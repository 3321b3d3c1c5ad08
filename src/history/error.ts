import type { Explanation } from '../errors.js'

/**
 * The archive could not be used. The message is one sentence: what was being done, for what, why it failed,
 * what to do.
 */
export class ArchiveError extends Error {
  /** Why, and what to do, as data. */
  readonly explanation: Explanation | undefined
  override readonly name = 'ArchiveError'

  constructor(
    message: string,
    /** Whether the same may succeed later, with nothing changed by anybody. */
    readonly retry = false,
    options?: ErrorOptions & { readonly explanation?: Explanation },
  ) {
    super(message, options)
    this.explanation = options?.explanation
  }
}
