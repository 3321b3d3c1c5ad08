/**
 * The archive could not be used. The message is one sentence: what was being done, for what, why it failed,
 * what to do.
 */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError'

  constructor(
    message: string,
    /** Whether the same may succeed later, with nothing changed by anybody. */
    readonly retry = false,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
